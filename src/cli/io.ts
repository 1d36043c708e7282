// What a command sees of the world, so that a test can hand it another one.
import { styleText } from "node:util";
import { jsonText } from "../safe-text.js";

/** A place to write to; a terminal has colours. */
export interface Output {
	write(text: string): unknown;
	isTTY?: boolean;
	/** of a terminal */
	columns?: number;
	/** lines of a terminal */
	rows?: number;
}

/** The streams and the environment of a command. */
export interface Io {
	stdout: Output;
	stderr: Output;
	stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean };
	env: Readonly<Record<string, string | undefined>>;
	/** ends a command that runs until it is told to stop; default the signals SIGINT and SIGTERM */
	stop?: AbortSignal;
}

const WIDTH = 80; // columns, where there is no terminal to ask

/** The columns that there are. */
export const widthOf = ({ columns }: Output): number => columns || WIDTH;

/** Exit codes. */
export const EXIT = {
	/** all is well */
	fine: 0,
	/** the thing that was checked failed */
	failed: 1,
	/** wrong usage, or a run that proves nothing */
	usage: 2,
} as const;

type Style = Parameters<typeof styleText>[0];

/** Colours for `output`, where it is a terminal and NO_COLOR is not set. */
export function painter(
	output: Output,
	env: Io["env"],
): (style: Style, text: string) => string {
	const colours = output.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
	return (style, text) =>
		colours ? styleText(style, text, { validateStream: false }) : text;
}

/** Writes `value` as {@link jsonText}. */
export const writeJson = (output: Output, value: unknown): void => {
	output.write(jsonText(value));
};

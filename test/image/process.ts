// Programs, run to their end.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Outcome {
	code: number;
	stdout: string;
	stderr: string;
}

const PATIENCE = 540_000; // milliseconds; building an image takes the longest
const SHOWN = 30; // lines of an error

/** Runs a program; one that is not there has the shell's exit code 127. */
export async function execute(
	file: string,
	argv: string[],
	env: Record<string, string> = {},
): Promise<Outcome> {
	try {
		const printed = await promisify(execFile)(file, argv, {
			env: { ...process.env, ...env },
			maxBuffer: 64 * 1024 * 1024,
			timeout: PATIENCE,
		});
		return { code: 0, ...printed };
	} catch (error) {
		const {
			code,
			stdout = "",
			stderr = "",
		} = error as {
			code?: number | string | null;
			stdout?: string;
			stderr?: string;
		};
		return {
			code: typeof code === "number" ? code : 127,
			stdout,
			stderr: stderr || String(error),
		};
	}
}

/** The same for a program that must succeed: what it printed, without the last line break. */
export async function output(
	file: string,
	argv: string[],
	env: Record<string, string> = {},
): Promise<string> {
	const { code, stdout, stderr } = await execute(file, argv, env);
	if (code === 0) return stdout.trimEnd();
	const end = stderr.split("\n").slice(-SHOWN).join("\n");
	throw new Error(`${file} ${argv.join(" ")} ended with ${code}:\n${end}`);
}

/** Environment variables as the options of `docker run` and `buildah run`. */
export const envOptions = (env: Record<string, string>): string[] =>
	Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);

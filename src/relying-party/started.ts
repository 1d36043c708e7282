// A relying party and its program, where it has one: what is asked now, what takes its place at a restart, what is left at the end.
import { MockError } from "../errors.js";
import { commandText } from "./process-group.js";
import type {
	RelyingParty,
	RestartOptions,
	StartOutcome,
} from "./relying-party.js";
import {
	type FailedStart,
	type RunningRelyingParty,
	tryToStart,
} from "./start.js";
import type { Command, TargetConfig } from "./target/config.js";
import { createTarget, type TargetOptions } from "./target/create.js";
import type { Target } from "./target/target.js";

export interface StartedOptions {
	target: TargetConfig;
	/** what starts it; undefined: it runs already, or the target runs it */
	start: Command | undefined;
	env: Readonly<Record<string, string>>;
	/** seconds until its port must answer */
	startTimeout: number;
	targetOptions: Omit<TargetOptions, "port" | "env">;
	/** gives the attempt to start it up */
	signal: AbortSignal | undefined;
}

/** What can be said of it without knowing how it is asked. */
export type StartedParty = Pick<
	RelyingParty,
	"description" | "present" | "exit" | "output" | "hasPrinted" | "close"
> & { restart: (options?: RestartOptions) => Promise<StartOutcome> };

interface Current {
	target: Target;
	program: RunningRelyingParty | FailedStart | undefined;
}

/**
 * Opens it.
 * @throws MockError `unreachable` where it does not come up
 */
export async function openStarted(
	options: StartedOptions,
): Promise<StartedParty> {
	const { start, signal } = options;
	const closing = new AbortController();
	const ends = signal
		? AbortSignal.any([signal, closing.signal])
		: closing.signal;
	let current = await open(options, options.startTimeout, ends);
	const { program, target } = current;
	if (start !== undefined && program !== undefined && "how" in program) {
		throw new MockError(
			"unreachable",
			`the relying party \`${commandText(start)}\` ${program.detail}`,
		);
	}
	// One restart after the other, and none that outlives the end.
	let turn: Promise<unknown> = Promise.resolve();
	const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
		const done = turn.then(work);
		turn = done.catch(() => undefined);
		return done;
	};
	return {
		description: target.description,
		present: (presentation, more) => current.target.present(presentation, more),
		exit: () => (current.program ?? current.target).exit?.(),
		output: () =>
			[current.program?.output(), current.target.output?.()]
				.filter((text) => text !== undefined && text !== "")
				.join("\n"),
		hasPrinted:
			start === undefined
				? undefined
				: (token) =>
						current.program !== undefined &&
						"hasPrinted" in current.program &&
						current.program.hasPrinted(token),
		restart: ({ startTimeout = options.startTimeout } = {}) =>
			inTurn(async () => {
				if (closing.signal.aborted) return CLOSED;
				const begun = performance.now();
				await closeAll(current);
				current = await open(options, startTimeout, ends);
				if (current.program !== undefined && "how" in current.program) {
					const { how, detail } = current.program;
					return { started: false, how, detail };
				}
				return { started: true, seconds: (performance.now() - begun) / 1000 };
			}),
		close() {
			closing.abort();
			return inTurn(() => closeAll(current));
		},
	};
}

const CLOSED: StartOutcome = {
	started: false,
	how: "ended",
	detail: "it was stopped for good",
};

async function open(
	{ target, start, env, targetOptions }: StartedOptions,
	timeout: number,
	signal: AbortSignal,
): Promise<Current> {
	if (start === undefined) {
		return {
			target: createTarget(target, { ...targetOptions, env }),
			program: undefined,
		};
	}
	const program = await tryToStart(start, { env, timeout, signal });
	if ("how" in program) return { target: deadTarget(program), program };
	try {
		const { port } = program;
		// A command that asks a service has to know where it is.
		const more = { port, env: { ...env, PORT: String(port) } };
		const made = createTarget(target, { ...targetOptions, ...more });
		return { target: made, program };
	} catch (error) {
		await program.close();
		throw error;
	}
}

/** What nobody answers for. */
const deadTarget = ({ detail }: FailedStart): Target => ({
	description: "",
	present: async () => ({
		outcome: "crashed",
		detail: `it ${detail}`.slice(0, 300),
		duration: 0,
	}),
	close: async () => undefined,
});

async function closeAll({ target, program }: Current): Promise<void> {
	await target.close();
	if (program !== undefined && "close" in program) await program.close();
}

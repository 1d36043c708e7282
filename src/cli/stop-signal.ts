// The signals that end a command which has something to tidy up before it ends.
import { constants } from "node:os";
import type { Io } from "./io.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** `npx` passes on the Ctrl-C that the terminal has sent us already, ms. */
const SAME = 500;

/** That the process was told to stop. */
export interface StopSignal {
	/** its reason is the signal's name */
	readonly signal: AbortSignal;
	/** the exit code that says so, such as 130 for Ctrl-C; undefined where it was not */
	code(): number | undefined;
	/** From here on signals end the process as always. */
	release(): void;
}

/**
 * Listens to the signals. The second one ends the process at once.
 * @param tell is called at the first one
 */
export function listenToStop(
	{ stop }: Pick<Io, "stop">,
	tell: (name: string) => void,
): StopSignal {
	if (stop) return { signal: stop, code: () => undefined, release() {} };
	const stopped = new AbortController();
	let code: number | undefined;
	let first = 0;
	const hear = (name: NodeJS.Signals) => {
		const now = performance.now();
		if (code !== undefined) {
			if (now - first > SAME) process.exit(code);
			return;
		}
		first = now;
		code = 128 + constants.signals[name];
		tell(name);
		stopped.abort(name);
	};
	for (const name of SIGNALS) process.on(name, hear);
	return {
		signal: stopped.signal,
		code: () => code,
		release() {
			for (const name of SIGNALS) process.off(name, hear);
		},
	};
}

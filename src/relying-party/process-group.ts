// A program of the user's in a process group of its own, which is ended with all that it started and never outlives us.
import {
	type ChildProcess,
	type SpawnOptions,
	type StdioOptions,
	spawn,
} from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { MockError, messageOf } from "../errors.js";
import { safeText } from "../safe-text.js";
import { enroll, groupsOf, release } from "./end-with-us.js";
import {
	createFamily,
	findFamily,
	isRunning,
	killFamily,
	type ProcessFamily,
} from "./process-family.js";
import {
	hasGroups,
	hasMembers,
	signalGroup,
	signalProcess,
} from "./process-signal.js";
import type { Command } from "./target/config.js";

/** How a program ended. */
export interface ProcessEnd {
	code: number | null;
	signal: NodeJS.Signals | null;
	/** that it could not be started, and why */
	failure: string | undefined;
}

/** A program that was started. */
export interface ProcessGroup {
	readonly child: ChildProcess;
	readonly ended: Promise<ProcessEnd>;
	/** Ends it and what it started at once: on Linux also what has left its process group, elsewhere the group alone. */
	kill(): void;
	/** Asks the same to end, ends them after `grace` seconds, and waits for that. */
	stop(grace: number): Promise<void>;
}

export interface ProcessOptions {
	stdio: StdioOptions;
	/** beside the environment of this process */
	env?: Readonly<Record<string, string>> | undefined;
	cwd?: string | undefined;
	/** that others belong to as well; who has it ends what they leave behind. Default one of the program's own */
	family?: ProcessFamily | undefined;
}

const POLL = 20; // ms
/** What has left the group may hold our pipes open: nobody waits for it longer than this, ms. */
const LAST_WORDS = 500;

/**
 * Starts a program: a text by the shell, a list as it is. One that is not there ends at once, with a failure.
 * @throws MockError `invalid_option` where no system could start it, as with NUL in its name
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the state of one process
export function startProcess(
	command: Command,
	{ stdio, env, cwd, family: shared }: ProcessOptions,
): ProcessGroup {
	const family = shared ?? createFamily();
	const child = spawned(command, {
		shell: typeof command === "string",
		detached: hasGroups,
		env: { ...process.env, ...env, ...family.env },
		stdio,
		...(cwd !== undefined && { cwd }),
	});
	const { pid } = child;
	// By their mark only those can be found that are nobody else's.
	const marks = shared ? [] : [family.mark];
	let isGone = pid === undefined;
	let isStopping = false;
	// What it has started may need its pipes until it has ended in peace, too.
	let letGo = () => {};
	if (!shared && !isGone) enroll(family);
	if (pid !== undefined) groupsOf(family).add(pid);

	const kill = () => {
		if (pid === undefined || isGone) return;
		const runs = child.exitCode === null && child.signalCode === null;
		killFamily(marks, runs ? [pid] : []);
		signalGroup(pid, "SIGKILL");
	};
	const leave = () => {
		isGone = true; // from here on its number may be another's
		if (pid !== undefined) groupsOf(family).delete(pid);
		if (!shared) release(family);
	};

	const ended = new Promise<ProcessEnd>((resolve) => {
		child.on("error", ({ message }) => {
			if (pid === undefined) {
				resolve({ code: null, signal: null, failure: message });
			}
		});
		child.once("exit", (code, name) => {
			// What it left behind goes with it, unless it was asked to end in peace.
			if (!isStopping && pid !== undefined) {
				signalGroup(pid, "SIGKILL");
				if (!shared) killFamily(marks, []);
				leave();
			}
			const end = { code, signal: name, failure: undefined };
			let timer: NodeJS.Timeout | undefined;
			let isClosed = false;
			child.once("close", () => {
				isClosed = true;
				clearTimeout(timer);
				resolve(end);
			});
			letGo = () => {
				if (isClosed) return;
				timer = setTimeout(() => {
					for (const stream of child.stdio) stream?.destroy();
					resolve(end);
				}, LAST_WORDS);
			};
			if (isGone) letGo();
		});
	});
	return {
		child,
		ended,
		kill,
		async stop(grace) {
			if (!isGone && pid !== undefined) {
				isStopping = true;
				const strays = findFamily(marks, [pid]).filter(
					({ group }) => group !== pid,
				);
				signalGroup(pid, "SIGTERM");
				for (const stray of strays) signalProcess(stray.pid, "SIGTERM");
				const deadline = performance.now() + 1000 * grace;
				while (
					(hasMembers(pid) || strays.some(isRunning)) &&
					performance.now() < deadline
				) {
					// Dead ones that nobody has buried still count as members; their pipes are closed.
					const isClosed = await closedWithin(child, POLL);
					if (isClosed && !strays.some(isRunning)) break;
				}
				kill();
				leave();
				letGo();
			}
			await ended;
		},
	};
}

/** Whether a program has ended and let go of its pipes, or does so within so many ms. */
async function closedWithin(
	{ exitCode, signalCode, stdio }: ChildProcess,
	ms: number,
): Promise<boolean> {
	await delay(ms);
	const hasEnded = exitCode !== null || signalCode !== null;
	const pipes = stdio.filter(
		(stream) => stream !== null && stream !== undefined,
	);
	return hasEnded && pipes.length > 0 && pipes.every(({ closed }) => closed);
}

function spawned(command: Command, options: SpawnOptions): ChildProcess {
	const [program = "", ...args] =
		typeof command === "string" ? [command] : command;
	try {
		return spawn(program, args, options);
	} catch (error) {
		throw new MockError(
			"invalid_option",
			`cannot start \`${commandText(command)}\`: ${messageOf(error)}`,
			{ cause: error },
		);
	}
}

/** How a program ended, in words: `exit 1`, `ended by SIGSEGV`. */
export const endText = ({ code, signal, failure }: ProcessEnd): string => {
	if (failure !== undefined) return `cannot be started: ${failure}`;
	return signal === null ? `exit ${code}` : `ended by ${signal}`;
};

/** A command in one line. */
export const commandText = (command: Command): string =>
	safeText(typeof command === "string" ? command : command.join(" "), 200);

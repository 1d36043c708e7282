// A program of the user's in a process group of its own, which is ended as a whole and never outlives us.
import {
	type ChildProcess,
	type SpawnOptions,
	type StdioOptions,
	spawn,
} from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { MockError, messageOf } from "../errors.js";
import { safeText } from "../safe-text.js";
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
	/** Ends the whole group at once. */
	kill(): void;
	/** Asks the whole group to end, ends it after `grace` seconds, and waits for it. */
	stop(grace: number): Promise<void>;
}

export interface ProcessOptions {
	stdio: StdioOptions;
	/** beside the environment of this process */
	env?: Readonly<Record<string, string>> | undefined;
	cwd?: string | undefined;
}

const POLL = 20; // ms
/** What has left the group may hold our pipes open: nobody waits for it longer than this, ms. */
const LAST_WORDS = 500;

/**
 * Starts a program: a text by the shell, a list as it is. One that is not there ends at once, with a failure.
 * @throws MockError `invalid_option` where no system could start it, as with NUL in its name
 */
export function startProcess(
	command: Command,
	{ stdio, env, cwd }: ProcessOptions,
): ProcessGroup {
	const child = spawned(command, {
		shell: typeof command === "string",
		detached: hasGroups,
		env: { ...process.env, ...env },
		stdio,
		...(cwd !== undefined && { cwd }),
	});
	const { pid } = child;
	let isGone = pid === undefined;
	let isStopping = false;
	const signal = (name: NodeJS.Signals) => {
		if (pid !== undefined && !isGone) signalGroup(pid, name);
	};
	const leave = () => {
		isGone = true; // from here on its number may be another's
		if (pid !== undefined) forget(pid);
	};
	if (pid !== undefined) remember(pid);

	const ended = new Promise<ProcessEnd>((resolve) => {
		child.on("error", ({ message }) => {
			if (pid === undefined) {
				resolve({ code: null, signal: null, failure: message });
			}
		});
		child.once("exit", (code, name) => {
			// What it left behind goes with it, unless it was asked to end in peace.
			if (!isStopping) {
				signal("SIGKILL");
				leave();
			}
			const end = { code, signal: name, failure: undefined };
			const timer = setTimeout(() => {
				for (const stream of child.stdio) stream?.destroy();
				resolve(end);
			}, LAST_WORDS);
			child.once("close", () => {
				clearTimeout(timer);
				resolve(end);
			});
		});
	});
	return {
		child,
		ended,
		kill() {
			signal("SIGKILL");
		},
		async stop(grace) {
			if (!isGone && pid !== undefined) {
				isStopping = true;
				signal("SIGTERM");
				const deadline = performance.now() + 1000 * grace;
				while (isAlive(pid) && performance.now() < deadline) {
					// Dead ones that nobody has buried still count as alive; their pipes are closed.
					if (await closedWithin(child, POLL)) break;
				}
				signal("SIGKILL");
				leave();
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

const hasGroups = process.platform !== "win32";
const target = (pid: number) => (hasGroups ? -pid : pid);

function signalGroup(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(target(pid), name);
	} catch {
		// Nobody is left in it.
	}
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(target(pid), 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

// A group of its own does not get the terminal's Ctrl-C, and nobody else ends it.
const running = new Set<number>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function remember(pid: number): void {
	running.add(pid);
	if (running.size > 1) return;
	process.on("exit", killAll);
	for (const name of SIGNALS) process.on(name, passOn);
}

function forget(pid: number): void {
	if (!running.delete(pid) || running.size > 0) return;
	process.off("exit", killAll);
	for (const name of SIGNALS) process.off(name, passOn);
}

function killAll(): void {
	for (const pid of running) signalGroup(pid, "SIGKILL");
}

/** As if nobody listened to the signal; where somebody else does, it is theirs to end us. */
function passOn(name: NodeJS.Signals): void {
	if (process.listenerCount(name) > 1) return;
	killAll();
	process.off(name, passOn);
	process.kill(process.pid, name);
}

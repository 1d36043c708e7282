// What we started ends where we end, whatever ends us but SIGKILL.
import { killFamily, type ProcessFamily } from "./process-family.js";
import { signalGroup } from "./process-signal.js";

/** The families that may have somebody in them, and which of their process groups were started here and run. */
const families = new Map<ProcessFamily, Set<number>>();

// A group of its own does not get the terminal's Ctrl-C, and nobody else ends it.
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

/** The family ends with us from here on. */
export function enroll(family: ProcessFamily): void {
	families.set(family, families.get(family) ?? new Set());
	if (families.size > 1) return;
	process.on("exit", killAll);
	for (const name of SIGNALS) process.on(name, passOn);
}

/** It has ended. */
export function release(family: ProcessFamily): void {
	if (!families.delete(family) || families.size > 0) return;
	process.off("exit", killAll);
	for (const name of SIGNALS) process.off(name, passOn);
}

/** The process groups of a family that was enrolled. */
export const groupsOf = (family: ProcessFamily): Set<number> =>
	families.get(family) ?? new Set();

function killAll(): void {
	const groups = [...families.values()].flatMap((some) => [...some]);
	killFamily(
		[...families.keys()].map(({ mark }) => mark),
		groups,
	);
	for (const group of groups) signalGroup(group, "SIGKILL");
}

/** As if nobody listened to the signal; where somebody else does, it is theirs to end us. */
function passOn(name: NodeJS.Signals): void {
	if (process.listenerCount(name) > 1) return;
	killAll();
	process.off(name, passOn);
	process.kill(process.pid, name);
}

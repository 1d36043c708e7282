// Signals to processes and process groups that may be gone already.

/** Windows has no process groups. */
export const hasGroups = process.platform !== "win32";

const target = (group: number) => (hasGroups ? -group : group);

/** Sends a signal to a process. */
export function signalProcess(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It has ended, or is not ours to end.
	}
}

/** Sends a signal to all of a process group. */
export const signalGroup = (group: number, name: NodeJS.Signals): void =>
	signalProcess(target(group), name);

/** Whether a process group has anybody in it; the dead count until they are buried. */
export function hasMembers(group: number): boolean {
	try {
		return process.kill(target(group), 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

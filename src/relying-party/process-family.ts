// Who descends from a program that we started, though it left the program's process group: on Linux alone.
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { signalProcess } from "./process-signal.js";
import { readPseudoFile } from "./pseudo-file.js";

/** In the environment of each program, and so of all that it starts: our names for them, comma separated. */
const MARK = "GITLAB_OIDC_MOCK_STARTED";

/** A program and all that it starts. Where there is no /proc, only its process group is known. */
export interface ProcessFamily {
	readonly mark: string;
	/** to be set for the program */
	readonly env: Readonly<Record<string, string>>;
}

/** A family that has nobody in it yet. */
export function createFamily(): ProcessFamily {
	const mark = randomUUID();
	const outer = process.env[MARK]; // we may have been started by such a program ourselves
	return { mark, env: { [MARK]: outer ? `${outer},${mark}` : mark } };
}

/** One that lives. */
export interface FamilyMember {
	pid: number;
	/** its process group */
	group: number;
}

interface ListedProcess extends FamilyMember {
	parent: number;
	isDead: boolean;
	/** a thread of the kernel's, which has no environment */
	isKernel: boolean;
}

/** PF_KTHREAD */
const KERNEL = 0x0020_0000;

/**
 * The processes that carry one of `marks`, or descend from one that does or from one of `roots`, those included.
 * Who has cleared its environment and lost its parent is not found.
 */
export function findFamily(
	marks: readonly string[],
	roots: readonly number[],
): FamilyMember[] {
	if (process.platform !== "linux") return [];
	const entries = processes();
	const children = byParent(entries);
	const found = new Map<number, ListedProcess>();
	const add = (entry: ListedProcess) => {
		if (entry.pid === process.pid || found.has(entry.pid)) return;
		found.set(entry.pid, entry);
		for (const child of children.get(entry.pid) ?? []) add(child);
	};
	for (const entry of entries) {
		if (roots.includes(entry.pid) || carries(entry, marks)) add(entry);
	}
	return [...found.values()].filter(({ isDead }) => !isDead);
}

/** Ends them at once, and those that they start meanwhile. */
export function killFamily(
	marks: readonly string[],
	roots: readonly number[],
): void {
	for (let round = 0; round < ROUNDS; round++) {
		const members = findFamily(marks, round === 0 ? roots : []);
		if (members.length === 0) return;
		for (const { pid } of members) signalProcess(pid, "SIGKILL");
	}
}

const ROUNDS = 5;

/** Whether it runs; one that is dead and not yet buried does not. */
export const isRunning = ({ pid }: FamilyMember): boolean =>
	entryOf(String(pid))?.isDead === false;

function byParent(
	entries: readonly ListedProcess[],
): Map<number, ListedProcess[]> {
	const children = new Map<number, ListedProcess[]>();
	for (const entry of entries) {
		const siblings = children.get(entry.parent);
		if (siblings) siblings.push(entry);
		else children.set(entry.parent, [entry]);
	}
	return children;
}

function processes(): ListedProcess[] {
	try {
		return readdirSync("/proc")
			.filter((name) => /^\d+$/.test(name))
			.map(entryOf)
			.filter((entry) => entry !== undefined);
	} catch {
		return [];
	}
}

/** proc_pid_stat(5): `pid (name) state parent group session terminal its-group flags …`; the name may have brackets and blanks. */
function entryOf(pid: string): ListedProcess | undefined {
	try {
		const text = readPseudoFile(`/proc/${pid}/stat`);
		const [state = "", parent, group, , , , flags] = text
			.slice(text.lastIndexOf(")") + 2)
			.split(" ", 7);
		return {
			pid: Number(pid),
			parent: Number(parent),
			group: Number(group),
			isDead: /[ZXx]/.test(state),
			isKernel: (Number(flags) & KERNEL) !== 0,
		};
	} catch {
		return undefined; // it has just ended
	}
}

function carries(
	{ pid, isKernel, isDead }: ListedProcess,
	marks: readonly string[],
): boolean {
	if (marks.length === 0 || isKernel || isDead) return false;
	try {
		const env = readPseudoFile(`/proc/${pid}/environ`);
		return marks.some((mark) => env.includes(mark));
	} catch {
		return false; // another user's, or dead
	}
}

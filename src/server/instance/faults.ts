// Which of an instance's requests go wrong, and how often.
import { createHash } from "node:crypto";
import type { Fault, FaultMap } from "../../scenario/fault.js";
import { covers } from "../../scenario/fault-path.js";
import { prepareKeys } from "../../token/jwks.js";

/** The faults that are on. */
export interface Faults {
	/** Takes the place of all faults. */
	set(faults: FaultMap): void;
	/** Adds faults, or takes the place of those with the same path. */
	add(faults: FaultMap): void;
	/** Removes the fault of one path, or all. */
	remove(path?: string): void;
	/** What is on, with how often each may still happen. */
	current(): FaultMap;
	/** The fault that this request meets; counts it. */
	meet(path: string): Fault | undefined;
	readonly any: boolean;
	/** how many are on */
	readonly count: number;
}

interface Active {
	path: string;
	fault: Fault;
	left: number;
	random: () => number;
}

export function createFaults(initial: FaultMap = {}): Faults {
	const active = new Map<string, Active>();
	const faults: Faults = {
		get any() {
			return active.size > 0;
		},
		get count() {
			return active.size;
		},
		set(map) {
			active.clear();
			faults.add(map);
		},
		add(map) {
			for (const [path, fault] of Object.entries(map)) {
				prepareKeys(fault.publish, fault.keys).catch(() => undefined); // who asks is told
				active.set(path, {
					path,
					fault,
					left: fault.times ?? Number.POSITIVE_INFINITY,
					random: sequence(String(fault.seed ?? 0)),
				});
			}
		},
		remove(path) {
			if (path === undefined) active.clear();
			else active.delete(path);
		},
		current: () =>
			Object.fromEntries(
				[...active.values()].map(({ path, fault, left }) => [
					path,
					Number.isFinite(left) ? { ...fault, times: left } : fault,
				]),
			),
		meet(path) {
			const met =
				active.get(path) ??
				[...active.values()].find((candidate) => covers(candidate.path, path));
			if (!met) return undefined;
			const { probability } = met.fault;
			if (probability !== undefined && met.random() >= probability)
				return undefined;
			met.left -= 1;
			if (met.left <= 0) active.delete(met.path);
			return met.fault;
		},
	};
	faults.add(initial);
	return faults;
}

/** Numbers from 0 to below 1 that are the same for the same seed. */
function sequence(seed: string): () => number {
	let drawn = 0;
	return () => {
		drawn += 1;
		const digest = createHash("sha256").update(`${seed}:${drawn}`).digest();
		return digest.readUInt32BE() / 2 ** 32;
	};
}

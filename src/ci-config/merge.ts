// GitLab's deep merge: mappings are merged, anything else is replaced, lists too.
import type { Budget } from "./budget.js";
import { type Entry, isMapping, type Mapping } from "./value.js";

/** `base` with `over` laid over it; neither is changed. */
export function deepMerge(
	base: Mapping,
	over: Mapping,
	budget: Budget,
): Mapping {
	budget.spend(base.size + over.size);
	if (base.size === 0) return over;
	const merged = new Map<string, Entry>(base);
	for (const [key, member] of over) {
		const below = base.get(key);
		merged.set(
			key,
			isMapping(below?.value) && isMapping(member.value)
				? {
						value: deepMerge(below.value, member.value, budget),
						place: member.place,
					}
				: member,
		);
	}
	return merged;
}

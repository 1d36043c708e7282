// Whether variables lead back to themselves through others. GitLab then expands none of a job's variables.
import type { Budget } from "./budget.js";
import { referencesOf, type Variables } from "./expand.js";

/**
 * Whether a circle can be reached from one of `names`. One that names only itself is none.
 * @throws MockError `too_large` through the budget
 */
export function leadRound(
	names: Iterable<string>,
	variables: Variables,
	budget: Budget,
): boolean {
	const done = new Set<string>();
	for (const start of names) {
		// Depth first, without the stack of calls: a chain may be long.
		const path = new Set<string>();
		const open: { name: string; next: string[] }[] = [];
		const enter = (name: string) => {
			const variable = variables.get(name);
			budget.spend(1 + Math.ceil((variable?.value.length ?? 0) / 64));
			path.add(name);
			open.push({ name, next: variable ? referencesOf(variable) : [] });
		};
		if (!done.has(start)) enter(start);
		for (let top = open.at(-1); top; top = open.at(-1)) {
			const next = top.next.pop();
			if (next === undefined) {
				open.pop();
				path.delete(top.name);
				done.add(top.name);
			} else if (next !== top.name && path.has(next)) {
				return true;
			} else if (next !== top.name && !done.has(next)) {
				enter(next);
			}
		}
	}
	return false;
}

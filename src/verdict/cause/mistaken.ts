// Findings explained by mistakes in checks that are made, but not well.
import {
	type CheckName,
	type CheckWords,
	subjectOf,
	uncheckedWords,
} from "./checks.js";
import type { Explained } from "./explained.js";
import { MISTAKES } from "./mistakes.js";

/** The mistakes that let in what `groups` has of each check; a star stands for any end. */
export function mistakes(
	groups: ReadonlyMap<CheckName, readonly string[]>,
): Explained[] {
	const left = new Map(
		[...groups].flatMap(([check, ids]) =>
			ids.map((id) => [id, check] as const),
		),
	);
	const found: Explained[] = [];
	const explain = (id: string, words: CheckWords, ids: readonly string[]) => {
		for (const one of ids) left.delete(one);
		if (ids.length > 0) found.push({ id, ids, ...words });
	};
	for (const [id, { lets, tells, ...words }] of Object.entries(MISTAKES)) {
		if (tells !== undefined && !left.has(tells)) continue;
		const those = [...left.keys()].filter((one) =>
			lets.some((pattern) => fits(pattern, one)),
		);
		explain(id, words, those);
	}
	for (const check of groups.keys()) {
		const rest = [...left].flatMap(([id, of]) => (of === check ? [id] : []));
		const sentence = `The check of ${subjectOf(check)} lets some tokens pass that break it.`;
		explain(`${check}-in-part`, { ...uncheckedWords(check), sentence }, rest);
	}
	return found;
}

/** Whether one mistake lets all of them in. A whole family is let in by whatever is wrong with it. */
export const isOneOf = (ids: readonly string[]): boolean =>
	Object.values(MISTAKES).some(({ lets }) =>
		ids.every((id) =>
			lets.some((pattern) => !pattern.endsWith("/*") && fits(pattern, id)),
		),
	);

const fits = (pattern: string, id: string): boolean =>
	pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern;

// Findings explained by how one member of the token is compared with the wanted value.
import { parseNearId } from "../../scenario/near/id.js";
import type { WayName } from "../../scenario/near/ways.js";
import {
	type CheckName,
	nearCheck,
	subjectOf,
	uncheckedWords,
} from "./checks.js";
import { COMPARISONS, KIN } from "./comparison.js";
import type { Explained } from "./explained.js";

/** The way of comparing that a finding tells of. */
const wayOf = (id: string): WayName | undefined => {
	const near = parseNearId(id);
	return near
		? (near.file.slice(near.file.indexOf("/") + 1) as WayName)
		: KIN[id];
};

/**
 * The ways of comparing that let in `ids`: the one that explains the most comes first, and what it would have let in
 * and was refused speaks against it.
 */
export function comparisons(
	check: CheckName,
	ids: readonly string[],
	refused: ReadonlySet<string>,
): Explained[] {
	const left = new Map(ids.map((id) => [id, wayOf(id)]));
	const refusedWays = new Set(
		[...refused].flatMap((id) => {
			const near = parseNearId(id);
			return near && nearCheck(near.claim) === check ? [wayOf(id)] : [];
		}),
	);
	const subject = subjectOf(check);
	const { attack } = uncheckedWords(check);
	const found: Explained[] = [];
	for (;;) {
		const ways = new Set([...left.values()].filter((way) => way !== undefined));
		const best = [...ways]
			.map((way) => {
				const takes = new Set([way, ...COMPARISONS[way].also]);
				const here = [...left].flatMap(([id, one]) =>
					one !== undefined && takes.has(one) ? [id] : [],
				);
				const against = [...takes].filter((one) => refusedWays.has(one));
				return { way, here, score: here.length - against.length };
			})
			.sort(
				(a, b) =>
					b.score - a.score ||
					COMPARISONS[a.way].also.length - COMPARISONS[b.way].also.length,
			)[0];
		if (!best) break;
		for (const id of best.here) left.delete(id);
		const { words, remedy } = COMPARISONS[best.way];
		found.push({
			id: `${check}-${best.way}`,
			ids: best.here,
			sentence: `${capital(subject)} is compared ${words}.`,
			attack,
			remedy,
		});
	}
	if (left.size === 0) return found;
	const [first] = found;
	if (first) {
		found[0] = { ...first, ids: [...first.ids, ...left.keys()] };
		return found;
	}
	return [
		{
			id: `${check}-in-part`,
			ids: [...left.keys()],
			sentence: `${capital(subject)} is compared, but values that are not wanted get in.`,
			attack,
			remedy: uncheckedWords(check).remedy,
		},
	];
}

const capital = (text: string) =>
	text.startsWith("the ") ? `T${text.slice(1)}` : text;

// Findings explained by how one member of the token is compared with the wanted value.
import { parseNearId } from "../../scenario/near/id.js";
import type { WayName } from "../../scenario/near/ways.js";
import {
	type CheckName,
	claimOf,
	nearCheck,
	subjectOf,
	uncheckedWords,
} from "./checks.js";
import { COMPARISONS, KIN, TOLD_BY_OTHERS } from "./comparison.js";
import type { Explained } from "./explained.js";

/** The way of comparing that a finding tells of. */
const wayOf = (id: string): WayName | undefined => {
	const near = parseNearId(id);
	return near
		? (near.file.slice(near.file.indexOf("/") + 1) as WayName)
		: KIN[id];
};

/** Whether one way of comparing lets all of them in. */
export function isOneWay(ids: readonly string[]): boolean {
	const ways = ids.map(wayOf);
	return ways.some(
		(way) =>
			way !== undefined &&
			ways.every(
				(one) =>
					one === way ||
					(one !== undefined && COMPARISONS[way].also.includes(one)),
			),
	);
}

/**
 * The ways of comparing that let in `ids`: the one that explains the most comes first, and what it would have let in
 * and was refused speaks against it.
 * @param isHeld whether anything was refused for this check alone
 */
export function comparisons(
	check: CheckName,
	ids: readonly string[],
	refused: ReadonlySet<string>,
	isHeld: boolean,
): Explained[] {
	const left = new Map(ids.map((id) => [id, wayOf(id)]));
	const letIn = new Set(left.values());
	const refusedWays = new Set(
		[...refused].flatMap((id) => {
			const near = parseNearId(id);
			return near && nearCheck(near.claim) === check ? [wayOf(id)] : [];
		}),
	);
	const subject = subjectOf(check);
	const claim = claimOf(check);
	const words = uncheckedWords(check);
	const attack =
		claim === undefined
			? words.attack
			: `A job whose other claims fit gets in with a ${claim} that the policy does not allow.`;
	const inPart = (sentence: string): Explained => ({
		id: `${check}-in-part`,
		ids,
		sentence: `${capital(subject)} ${sentence}: values that the policy does not allow are accepted.`,
		attack,
		remedy: words.remedy,
	});
	// Where nothing was refused for it, nothing says how it is compared, or that it is.
	if (!isHeld) return [inPart("is not compared, or is compared wrongly")];
	const found: Explained[] = [];
	for (;;) {
		const ways = new Set([...left.values()].filter((way) => way !== undefined));
		const told = TOLD_BY_OTHERS.filter(
			(way) => !letIn.has(way) && !refusedWays.has(way),
		);
		const best = [...ways, ...told]
			.map((way) => {
				const takes = new Set([way, ...COMPARISONS[way].also]);
				const here = [...left].flatMap(([id, one]) =>
					one !== undefined && takes.has(one) ? [id] : [],
				);
				const against = [...takes].filter((one) => refusedWays.has(one));
				const isSeen = letIn.has(way);
				return { way, here, isSeen, score: here.length - against.length };
			})
			.filter(({ here }) => here.length > 0)
			.sort(
				(a, b) =>
					b.score - a.score ||
					Number(b.isSeen) - Number(a.isSeen) ||
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
	return [inPart("is compared wrongly")];
}

const capital = (text: string) =>
	text.startsWith("the ") ? `T${text.slice(1)}` : text;

// What is wrong in the relying party: findings grouped by the mistake that explains them, told from what was refused.
import { parseNearId } from "../../scenario/near/id.js";
import type { WayName } from "../../scenario/near/ways.js";
import { IMPACTS, LEVELS } from "../../scenario/severity.js";
import { KINDS } from "../kinds.js";
import type { Cause, CheckFinding, ScenarioResult } from "../result.js";
import {
	type CheckName,
	type CheckWords,
	claimCheck,
	claimOf,
	isComparison,
	orderOf,
	subjectOf,
	uncheckedWords,
} from "./checks.js";
import { COMPARISONS, KIN } from "./comparison.js";
import { MISTAKES } from "./mistakes.js";

type Asked = Pick<ScenarioResult, "id" | "expected" | "outcome" | "breaks">;

/** A mistake that explains some findings. */
interface Explained extends CheckWords {
	id: string;
	ids: readonly string[];
}

/**
 * The causes of what was let in, the worst first. What fits none of them stands alone.
 * @param scenarios all that was asked: a check is missing where nothing that breaks it alone was refused
 * @param findings those that are to be explained; `note` and `stale` are not
 */
export function inferCauses(
	scenarios: readonly Asked[],
	findings: readonly CheckFinding[],
): Cause[] {
	const letIn = findings.filter(({ kind }) => kind === "dangerous");
	const breaks = new Map(scenarios.map(({ id, breaks }) => [id, breaks]));
	const missing = missingChecks(scenarios);
	const groups = new Map<CheckName, string[]>();
	const alone: CheckFinding[] = [];
	for (const finding of letIn) {
		const checks = checksOf(finding.id, breaks.get(finding.id) ?? []);
		const check = checks.find((one) => !missing.has(one)) ?? inOrder(checks)[0];
		if (check === undefined) alone.push(finding);
		else groups.set(check, [...(groups.get(check) ?? []), finding.id]);
	}
	const refused = new Set(
		scenarios
			.filter(({ outcome }) => outcome === "rejected")
			.map(({ id }) => id),
	);
	const inPart = new Map(
		[...groups].filter(
			([check]) => !missing.has(check) && !isComparison(check),
		),
	);
	const explained = [
		...[...groups].flatMap(([check, ids]) =>
			missing.has(check)
				? [{ id: `${check}-unchecked`, ids, ...uncheckedWords(check) }]
				: isComparison(check)
					? comparisons(check, ids, refused)
					: [],
		),
		...mistakes(inPart),
	];
	const others = findings.filter(
		({ kind }) => kind !== "dangerous" && kind !== "note" && kind !== "stale",
	);
	const byId = new Map(findings.map((finding) => [finding.id, finding]));
	return [
		...absorbed(explained).map((cause) => causeOf(cause, byId)),
		...unanswered(others, byId),
		...[...alone, ...others.filter(({ kind }) => kind !== "broken")].map(
			(finding) => causeOf(itself(finding), byId),
		),
	].sort(worstFirst);
}

const inOrder = (checks: readonly CheckName[]) =>
	[...checks].sort((a, b) => orderOf(a) - orderOf(b));

/** The checks that a token breaks. A near miss is about one claim; that a claim is there is part of comparing it. */
function checksOf(id: string, breaks: readonly string[]): CheckName[] {
	const checks = breaks as readonly CheckName[];
	const near = parseNearId(id);
	const named = near && NAMED[near.claim];
	const own = named ?? (near && claimCheck(near.claim));
	if (own !== undefined && checks.includes(own)) return [own];
	return checks.some((check) => claimOf(check) !== undefined)
		? checks.filter((check) => check !== "claims")
		: [...checks];
}

const NAMED: Readonly<Record<string, CheckName>> = {
	iss: "issuer",
	aud: "audience",
};

/** The checks that nothing shows to be made: whatever broke one of them alone was let in. */
function missingChecks(scenarios: readonly Asked[]): ReadonlySet<CheckName> {
	const seen = new Map<CheckName, boolean>();
	for (const { breaks, expected, outcome } of scenarios) {
		const [check, ...more] = breaks as CheckName[];
		if (check === undefined || more.length > 0 || expected !== "rejected")
			continue;
		if (outcome !== "accepted" && outcome !== "rejected") continue;
		seen.set(check, (seen.get(check) ?? true) && outcome === "accepted");
	}
	return new Set(
		[...seen].flatMap(([check, isMissing]) => (isMissing ? [check] : [])),
	);
}

/** The mistakes that let in what `groups` has of each check; a star stands for any end. */
function mistakes(
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
	for (const [id, { lets, ...words }] of Object.entries(MISTAKES)) {
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

const fits = (pattern: string, id: string): boolean =>
	pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern;

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
function comparisons(
	check: CheckName,
	ids: readonly string[],
	refused: ReadonlySet<string>,
): Explained[] {
	const name =
		check === "audience" ? "aud" : check === "issuer" ? "iss" : check;
	const left = new Map(ids.map((id) => [id, wayOf(id)]));
	const refusedWays = new Set(
		[...refused].flatMap((id) => {
			const near = parseNearId(id);
			return near &&
				`claim:${near.claim}` === `claim:${name.replace(/^claim:/, "")}`
				? [wayOf(id)]
				: [];
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

/** Who verifies no signature needs neither key nor algorithm: one mistake, and not three. */
function absorbed(causes: readonly Explained[]): readonly Explained[] {
	const signature = causes.find(({ id }) => id === "signature-unchecked");
	const key = causes.find(({ id }) => id === "key-unchecked");
	if (!signature || !key) return causes;
	const within = causes.filter(
		(cause) =>
			cause === key ||
			cause.id === "algorithm-unchecked" ||
			cause.ids.every((id) => id.startsWith("algorithm/")),
	);
	const whole = {
		...signature,
		ids: [signature, ...within].flatMap(({ ids }) => ids),
	};
	return causes
		.filter((cause) => !within.includes(cause))
		.map((cause) => (cause === signature ? whole : cause));
}

/** Whatever went unanswered, by how: an RP that fails on hostile tokens fails on many. */
function unanswered(
	findings: readonly CheckFinding[],
	byId: ReadonlyMap<string, CheckFinding>,
): Cause[] {
	const groups = new Map<string, string[]>();
	for (const { id, kind, actual } of findings) {
		if (kind !== "broken") continue;
		const how = actual.split(":", 1)[0] ?? "broken";
		groups.set(how, [...(groups.get(how) ?? []), id]);
	}
	return [...groups].map(([how, ids]) => {
		const [only] = ids;
		const first = only === undefined ? undefined : byId.get(only);
		return ids.length === 1 && first
			? causeOf(itself(first), byId)
			: causeOf(
					{
						id: `unanswered-${how}`,
						ids,
						sentence: UNANSWERED[how] ?? `It answered ${how}.`,
						attack: first?.gain ?? "",
						remedy:
							"Catch whatever reading and verifying a token throws, and answer with a refusal.",
					},
					byId,
				);
	});
}

const UNANSWERED: Readonly<Record<string, string>> = {
	broken: "It fails on some tokens instead of refusing them.",
	hung: "It gives no answer to some tokens.",
	crashed: "Some tokens end it, or the connection.",
};

/** A finding that is its own cause. */
const itself = (finding: CheckFinding): Explained => ({
	id: finding.id,
	ids: [finding.id],
	sentence: `${finding.title.replace(/\.$/, "")}: ${finding.kind === "dangerous" ? "let in" : finding.actual}.`,
	attack: finding.gain,
	remedy: finding.remedy,
});

function causeOf(
	{ id, ids, sentence, attack, remedy }: Explained,
	byId: ReadonlyMap<string, CheckFinding>,
): Cause {
	const found = ids
		.flatMap((one) => byId.get(one) ?? [])
		.sort(
			(a, b) =>
				Number(b.fails) - Number(a.fails) ||
				IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact) ||
				LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
				a.id.length - b.id.length,
		);
	const worst = found[0] as CheckFinding;
	const { kind, impact, level } = worst;
	return {
		...{ id, kind, impact, level, sentence, attack, remedy },
		fails: found.some(({ fails }) => fails),
		example: worst.id,
		findings: found.map((finding) => finding.id),
	};
}

const worstFirst = (a: Cause, b: Cause): number =>
	Number(b.fails) - Number(a.fails) ||
	KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
	IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact) ||
	b.findings.length - a.findings.length ||
	(a.id < b.id ? -1 : 1);

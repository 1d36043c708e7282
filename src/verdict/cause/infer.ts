// What is wrong in the relying party: findings grouped by the mistake that explains them, told from what was refused.
import { parseNearId } from "../../scenario/near/id.js";
import type { FindingKind } from "../kinds.js";
import type { Cause, CheckFinding, ScenarioResult } from "../result.js";
import {
	type CheckName,
	claimOf,
	isComparison,
	nearCheck,
	orderOf,
	uncheckedWords,
} from "./checks.js";
import { comparisons, isOneWay } from "./compared.js";
import { causeOf, type Explained, itself, worstFirst } from "./explained.js";
import { isOneOf, mistakes } from "./mistaken.js";

type Asked = Pick<ScenarioResult, "id" | "expected" | "outcome" | "breaks">;

/**
 * The causes of what was let in, the worst first. What fits none of them stands alone.
 * @param scenarios all that was asked: a check is missing where nothing that breaks it alone was refused
 * @param findings those that are to be explained; `service` and `note` are not
 */
export function inferCauses(
	scenarios: readonly Asked[],
	findings: readonly CheckFinding[],
): Cause[] {
	const letIn = findings.filter(({ kind }) => kind === "dangerous");
	const breaks = new Map(scenarios.map(({ id, breaks }) => [id, breaks]));
	const missing = missingChecks(scenarios);
	const groups = new Map<CheckName, string[]>();
	const unseen = uncheckedSoFar(scenarios, missing);
	const alone: CheckFinding[] = [];
	for (const finding of letIn) {
		const checks = checksOf(finding.id, breaks.get(finding.id) ?? []);
		const check = checks.find((one) => !missing.has(one)) ?? inOrder(checks)[0];
		if (check === undefined || (unseen.has(check) && !isComparison(check)))
			alone.push(finding);
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
					? comparisons(check, ids, refused, isHeld(check, scenarios))
					: [],
		),
		...mistakes(inPart),
	];
	const others = findings.filter(({ kind }) => !UNEXPLAINED.has(kind));
	const byId = new Map(findings.map((finding) => [finding.id, finding]));
	return [
		...absorbed(explained).map((cause) => causeOf(cause, byId)),
		...unanswered(others, byId),
		...outdated(findings, byId),
		...[...alone, ...others.filter(({ kind }) => kind !== "broken")].map(
			(finding) => causeOf(itself(finding), byId),
		),
	].sort(worstFirst);
}

/** Explained above, or nothing that is wrong with the relying party. */
const UNEXPLAINED: ReadonlySet<FindingKind> = new Set([
	...(["dangerous", "service", "note", "stale"] as const),
]);

const inOrder = (checks: readonly CheckName[]) =>
	[...checks].sort((a, b) => orderOf(a) - orderOf(b));

/** The checks that a token breaks. A near miss is about one claim; that a claim is there is part of comparing it. */
function checksOf(id: string, breaks: readonly string[]): CheckName[] {
	const checks = breaks as readonly CheckName[];
	const near = parseNearId(id);
	const own = near && nearCheck(near.claim);
	if (own !== undefined && checks.includes(own)) return [own];
	return checks.some((check) => claimOf(check) !== undefined)
		? checks.filter((check) => check !== "claims")
		: [...checks];
}

/**
 * The checks that nothing shows to be made: whatever broke one of them alone was let in. One token, or several that one
 * mistake would let in as well, show less.
 */
function missingChecks(scenarios: readonly Asked[]): ReadonlySet<CheckName> {
	const letIn = new Map<CheckName, string[]>();
	const held = new Set<CheckName>();
	for (const { id, breaks, expected, outcome } of scenarios) {
		const [check, ...more] = breaks as CheckName[];
		if (check === undefined || more.length > 0 || expected !== "rejected")
			continue;
		if (outcome === "rejected") held.add(check);
		else if (outcome === "accepted")
			letIn.set(check, [...(letIn.get(check) ?? []), id]);
	}
	const isOneMistake = (check: CheckName, ids: readonly string[]) =>
		isComparison(check) ? isOneWay(ids) : isOneOf(ids);
	return new Set(
		[...letIn].flatMap(([check, ids]) =>
			held.has(check) || ids.length < 2 || isOneMistake(check, ids)
				? []
				: [check],
		),
	);
}

/** Whether a token that breaks this check alone was refused. */
const isHeld = (check: CheckName, scenarios: readonly Asked[]): boolean =>
	scenarios.some(
		({ id, breaks, outcome }) =>
			outcome === "rejected" &&
			breaks.includes(check) &&
			checksOf(id, breaks).length === 1,
	);

/** The checks of which nothing that breaks them was refused, and too little was asked to say that they are missing. */
function uncheckedSoFar(
	scenarios: readonly Asked[],
	missing: ReadonlySet<CheckName>,
): ReadonlySet<CheckName> {
	const checks = (outcome: Asked["outcome"]) =>
		scenarios.flatMap((one) =>
			one.outcome === outcome ? (one.breaks as CheckName[]) : [],
		);
	const held = new Set(checks("rejected"));
	return new Set(
		checks("accepted").filter((one) => !held.has(one) && !missing.has(one)),
	);
}

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
						sentence: UNANSWERED[how] ?? `The service answered ${how}.`,
						attack: first?.gain ?? "",
						remedy:
							"Catch every error of reading and verifying a token, and answer with a refusal.",
					},
					byId,
				);
	});
}

/** Known failures that pass: one list to mend, however many of its lines. */
function outdated(
	findings: readonly CheckFinding[],
	byId: ReadonlyMap<string, CheckFinding>,
): Cause[] {
	const ids = findings.flatMap(({ id, kind }) => (kind === "stale" ? id : []));
	if (ids.length === 0) return [];
	const cause: Explained = {
		id: "known-failures-pass",
		ids,
		sentence: "Checks that are listed as known failures pass.",
		attack: "If they fail again, nobody notices.",
		remedy: `Remove from known_failures: ${ids.join(", ")}.`,
	};
	return [causeOf(cause, byId)];
}

const UNANSWERED: Readonly<Record<string, string>> = {
	broken: "The service fails on some tokens instead of refusing them.",
	hung: "The service gives no answer to some tokens.",
	crashed: "Some tokens end the service, or its connection.",
};

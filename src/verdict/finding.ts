// From what was expected and what happened to a finding: what is wrong, how bad it is, and whether it fails the run.

import { cutToken } from "../safe-text.js";
import { FAMILIES, familyOf, familyText } from "../scenario/families.js";
import type { Scenario } from "../scenario/schema.js";
import { RULES, type Rule } from "../token/rules.js";
import { type Answer, isNoAnswer, type ShownToken } from "./answer.js";
import type { Level } from "./applicable.js";
import type { Expected } from "./expectation.js";
import type { CheckFinding, FindingKind, ProbeResult } from "./result.js";

/** What makes a finding fail the run. */
export interface Severity {
	/** `should` fails as well */
	strict?: boolean | undefined;
	/** the kinds that fail; default all */
	failOn?: readonly FindingKind[] | undefined;
}

/** Whether a finding fails the run. */
export const failsRun = (
	kind: FindingKind,
	level: Level,
	{ strict = false, failOn }: Severity,
): boolean =>
	(kind === "stale" || (failOn?.includes(kind) ?? true)) &&
	(level === "must" || (level === "should" && strict));

/** What is wrong, if anything. Where the spec says may, either is right. */
export function kindOf(
	expected: Expected["outcome"],
	actual: Answer["outcome"],
	level: Level,
): FindingKind | undefined {
	if (actual === "unsent") return undefined;
	if (isNoAnswer(actual)) return "broken";
	if (expected === "either" || expected === actual) return undefined;
	if (actual === "accepted") return "dangerous";
	return level === "may" ? undefined : "strict";
}

/** Where to read about a scenario's family: a page of this package. */
export const linkTo = (id: string): string =>
	`scenarios/README.md#${familyText(id) ? familyOf(id) : "rules"}`;

interface ScenarioFinding {
	scenario: Scenario;
	level: Level;
	kind: FindingKind;
	expected: Expected;
	answer: Answer;
	minted: ShownToken;
	reproduce: string;
	severity: Severity;
	showTokens: boolean;
}

export function scenarioFinding(found: ScenarioFinding): CheckFinding {
	const { scenario, level, kind, expected, answer, minted } = found;
	const { id, title, why, spec, seen = [] } = scenario;
	return {
		id,
		kind,
		level,
		fails: failsRun(kind, level, found.severity),
		title,
		rule: expected.rule,
		expected:
			expected.outcome === "either"
				? expected.because
				: `${expected.outcome}: ${expected.because}`,
		actual: answer.detail
			? `${answer.outcome}: ${answer.detail}`
			: answer.outcome,
		why: why.trim(),
		gain: gainOf(kind, expected.rule),
		remedy: kind === "strict" ? "" : (familyText(id)?.remedy ?? ""),
		spec,
		seen,
		reproduce: found.reproduce,
		token: found.showTokens ? minted.token : cutToken(minted.token),
		link: linkTo(id),
	};
}

function gainOf(kind: FindingKind, rule: Rule | "policy" | null): string {
	switch (kind) {
		case "dangerous":
			return rule === null || rule === "policy"
				? "Jobs get in that the policy is meant to keep out."
				: RULES[rule].without;
		case "broken":
			return "Whoever sends such a token makes the service fail, or learns that it can.";
		case "strict":
			return "Honest jobs are turned away.";
		case "stale":
			return "The list of known failures says less than it seems to.";
	}
}

/** What a probe that failed says. */
export function probeFinding(
	probe: ProbeResult,
	kind: FindingKind,
	gain: string,
	spec: string[],
	severity: Severity,
): CheckFinding {
	const { id, level, title, detail } = probe;
	return {
		id,
		kind,
		level,
		fails: failsRun(kind, level, severity),
		title,
		rule: null,
		expected: title,
		actual: detail,
		why: detail,
		gain,
		remedy: FAMILIES.instance.remedy,
		spec,
		seen: [],
		reproduce: null,
		token: null,
		link: linkTo("instance/"),
	};
}

/** A known failure that passes now. */
export const staleFinding = (id: string, because: string): CheckFinding => ({
	id,
	kind: "stale",
	level: "must",
	fails: true,
	title: `${id} is listed as a known failure, and passes`,
	rule: null,
	expected: `it fails, because: ${because}`,
	actual: "it passes",
	why: `Remove the line with ${id} from known_failures.`,
	gain: gainOf("stale", null),
	remedy: "",
	spec: [],
	seen: [],
	reproduce: null,
	token: null,
	link: linkTo(id),
});

const KIND_ORDER: readonly FindingKind[] = [
	"dangerous",
	"broken",
	"strict",
	"stale",
];
const LEVELS: readonly Level[] = ["must", "should", "may"];

/** Worst first. */
export const byWeight = (a: CheckFinding, b: CheckFinding): number =>
	Number(b.fails) - Number(a.fails) ||
	KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
	LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
	(a.id < b.id ? -1 : 1);

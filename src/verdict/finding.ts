// From what was expected and what happened to a finding: what is wrong, how bad it is, and whether it fails the run.

import { cutToken } from "../safe-text.js";
import { FAMILIES, familyOf, familyText } from "../scenario/families.js";
import type { Scenario } from "../scenario/schema.js";
import { IMPACTS, LEVELS } from "../scenario/severity.js";
import type { Answer, ShownToken } from "./answer.js";
import type { Expected } from "./expectation.js";
import { gainOf, remedyOf } from "./gain.js";
import { type FindingKind, KINDS } from "./kinds.js";
import type { CheckFinding, ProbeResult } from "./result.js";
import {
	failsRun,
	failsUnanswered,
	impactFor,
	type Severity,
	type Weight,
} from "./severity.js";

/** Where to read about a scenario's family: a page of this package. */
export const linkTo = (id: string): string =>
	`scenarios/README.md#${familyText(id) ? familyOf(id) : "rules"}`;

interface ScenarioFinding {
	scenario: Scenario;
	weight: Weight;
	kind: FindingKind;
	expected: Expected;
	answer: Answer;
	minted: ShownToken;
	reproduce: string | null;
	severity: Severity;
	showTokens: boolean;
}

export function scenarioFinding(found: ScenarioFinding): CheckFinding {
	const { scenario, kind, expected, answer, minted, severity } = found;
	const weight: Weight = {
		...found.weight,
		impact: impactFor(kind, found.weight, scenario),
	};
	const { id, title, why, spec, seen = [] } = scenario;
	return {
		id,
		kind,
		...weight,
		fails:
			kind === "broken"
				? failsUnanswered(severity)
				: failsRun(kind, weight, severity),
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
		gain: gainOf(kind, weight, scenario),
		remedy: remedyOf(kind, scenario, expected.rule),
		spec,
		seen,
		reproduce: found.reproduce,
		token: found.showTokens ? minted.token : cutToken(minted.token),
		link: linkTo(id),
	};
}

/** What a probe that failed says. */
export function probeFinding(
	probe: ProbeResult,
	kind: FindingKind,
	gain: string,
	spec: readonly string[],
	severity: Severity,
	reproduce: string | null,
): CheckFinding {
	const { id, level, impact, title, detail } = probe;
	const weight: Weight = { level, impact, only_if: null };
	return {
		id,
		kind,
		...weight,
		fails: failsRun(kind, weight, severity),
		title,
		rule: null,
		expected: title,
		actual: detail,
		why: detail,
		gain,
		remedy: FAMILIES.instance.remedy,
		spec: [...spec],
		seen: [],
		reproduce,
		token: null,
		link: linkTo("instance/"),
	};
}

const STALE: Weight = { level: "must", impact: "hygiene", only_if: null };

/** A known failure that passes now. */
export const staleFinding = (id: string, because: string): CheckFinding => ({
	id,
	kind: "stale",
	...STALE,
	fails: true,
	title: `${id} is listed as a known failure, and passes`,
	rule: null,
	expected: `it fails, because: ${because}`,
	actual: "it passes",
	why: `Remove the line with ${id} from known_failures.`,
	gain: gainOf("stale", STALE),
	remedy: "",
	spec: [],
	seen: [],
	reproduce: null,
	token: null,
	link: linkTo(id),
});

/** Worst first. */
export const byWeight = (a: CheckFinding, b: CheckFinding): number =>
	Number(b.fails) - Number(a.fails) ||
	KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
	LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
	IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact) ||
	(a.id < b.id ? -1 : 1);

// How a finding weighs: its kind, a spec's word, what it costs; and whether it fails the run.
import {
	type Condition,
	type Impact,
	impactOf,
	type Level,
	levelOf,
	type Weighed,
} from "../scenario/severity.js";
import { type Answer, isNoAnswer } from "./answer.js";
import type { Expected } from "./expectation.js";
import type { FailOn, FindingKind } from "./kinds.js";

/** What makes a finding fail the run. */
export interface Severity {
	/** what a spec says should be fails as well, and hygiene where it says must */
	strict?: boolean | undefined;
	/** the kinds and impacts that fail; default all but hygiene */
	failOn?: readonly FailOn[] | undefined;
}

/** How much something weighs. */
export interface Weight {
	level: Level;
	impact: Impact;
	only_if: Condition | null;
}

/** Whether a finding fails the run. */
export function failsRun(
	kind: FindingKind,
	{ level, impact, only_if }: Weight,
	{ strict = false, failOn }: Severity,
): boolean {
	if (kind === "stale" || kind === "unproven") return true;
	if (kind === "note" || kind === "service") return false;
	const isNamed = failOn?.includes(impact) ?? false;
	if (failOn !== undefined && !isNamed && !failOn.includes(kind)) return false;
	if (impact === "hygiene") return level === "must" && (strict || isNamed);
	const isHole = impact === "forgery" || impact === "escalation";
	return (
		level === "must" ||
		(isHole && only_if === null) ||
		(strict && level === "should")
	);
}

/** Whether no answer at all fails the run: no spec asks for one, and yet nobody can use a service that gives none. */
export const failsUnanswered = ({ failOn }: Severity): boolean =>
	failOn === undefined ||
	failOn.includes("broken") ||
	failOn.includes("robustness");

type File = Weighed & { only_if?: Condition | undefined };

/**
 * What a file says of its weight. What the user's own policy demands is no recommendation, and no hygiene: where it is
 * the policy that refuses, must counts.
 */
export function weightOf(file: File, rule: Expected["rule"]): Weight {
	const impact = impactOf(file);
	const only_if = file.only_if ?? null;
	if (rule !== "policy") return { level: levelOf(file), impact, only_if };
	const isOfOthers = impact === "forgery" || impact === "replay";
	return { level: "must", impact: isOfOthers ? impact : "escalation", only_if };
}

/**
 * What is wrong, if anything. Where the spec says may, either is right.
 * @param misbehaves whether the issuer does so meanwhile
 */
export function kindOf(
	expected: Expected["outcome"],
	actual: Answer["outcome"],
	{ level, impact, only_if }: Weight,
	misbehaves = false,
): FindingKind | undefined {
	if (actual === "unsent") return undefined;
	// An error while the issuer misbehaves lets nobody in: it fails closed.
	if (actual === "broken" && misbehaves && expected !== "accepted")
		return undefined;
	if (isNoAnswer(actual)) return "broken";
	if (expected === "either" || expected === actual) return undefined;
	if (actual === "rejected") return level === "may" ? undefined : "too-strict";
	const isHarmless = only_if !== null || impact === "hygiene";
	return level === "may" && isHarmless ? "note" : "dangerous";
}

/** What a wrong answer of this kind costs: a file's impact is that of the answer that is likelier to be wrong. */
export function impactFor(
	kind: FindingKind,
	{ impact }: Weight,
	{ expect }: Weighed,
): Impact {
	switch (kind) {
		case "broken":
			return "robustness";
		case "too-strict":
			return expect === "accept" && impact === "hygiene"
				? "hygiene"
				: "interoperability";
		default:
			return impact === "interoperability" ? "escalation" : impact;
	}
}

// Which scenarios a run asks: those that were chosen, and of them those that it can offer what they need.
import { MockError } from "../errors.js";
import { atLeast } from "../gitlab/version.js";
import type { Scenario } from "../scenario/schema.js";
import { LEVELS, type Level } from "../scenario/severity.js";
import { looksAtJob, usesClaim } from "./policy/judge.js";
import type { Policy } from "./policy/schema.js";

/** What the user chose. */
export interface Selection {
	/** ids, families, or ids with `*`; none: all */
	only?: readonly string[] | undefined;
	skip?: readonly string[] | undefined;
	/** the weakest level that counts; default may */
	level?: Level | undefined;
	/** no probe, and nothing that waits or has the RP started anew */
	quick?: boolean | undefined;
}

/** What the run can offer. */
export interface Offer {
	policy: Policy;
	/** of the emulated GitLab */
	version: string;
	/** whether the RP can be started anew */
	canRestart: boolean;
}

/** Why a scenario or probe was left out by choice; undefined where it was not. */
export function skippedBy(
	{ id, level, waits }: { id: string; level: Level; waits: boolean },
	{ only = [], skip = [], level: weakest = "may", quick }: Selection,
): string | undefined {
	if (only.length > 0 && !only.some((pattern) => names(pattern, id)))
		return "not selected";
	if (skip.some((pattern) => names(pattern, id))) return "left out";
	if (quick && (waits || id.startsWith("probe/")))
		return "quick: no probe, and no GitLab that misbehaves";
	return LEVELS.indexOf(level) > LEVELS.indexOf(weakest)
		? `its level is ${level}`
		: undefined;
}

/**
 * Sees to it that every pattern means something.
 * @throws MockError `invalid_option`
 */
export function checkSelection(
	{ only = [], skip = [] }: Selection,
	ids: readonly string[],
): void {
	for (const [option, patterns] of Object.entries({ only, skip })) {
		const stray = patterns.find(
			(pattern) => !ids.some((id) => names(pattern, id)),
		);
		if (stray !== undefined) {
			throw new MockError(
				"invalid_option",
				`${option}: no scenario or probe is called "${stray.slice(0, 80)}"; \`gitlab-oidc-mock scenarios\` lists them`,
			);
		}
	}
}

/** Whether `pattern` means `id`: it itself, its family, its last part, or a text in which `*` stands for any other. */
function names(pattern: string, id: string): boolean {
	const family = pattern.endsWith("/") ? pattern : `${pattern}/`;
	if (pattern === id || id.startsWith(family)) return true;
	if (!pattern.includes("*")) return id.endsWith(`/${pattern}`);
	const [first = "", ...rest] = pattern.split("*");
	if (!id.startsWith(first)) return false;
	let at = first.length;
	for (const [index, part] of rest.entries()) {
		const isLast = index === rest.length - 1;
		const found = isLast ? id.length - part.length : id.indexOf(part, at);
		if (found < at || !id.startsWith(part, found)) return false;
		at = found + part.length;
	}
	return true;
}

/** What a scenario needs and this run lacks; undefined where it lacks nothing. */
export function lacking(
	{ requires = [] }: Pick<Scenario, "requires">,
	{ policy, version, canRestart }: Offer,
): string | undefined {
	for (const requirement of requires) {
		const claim = /^policy\.(.+)$/.exec(requirement)?.[1];
		if (claim !== undefined && !usesClaim(policy, claim))
			return `the policy does not bind ${claim}`;
		if (requirement === "policy" && !looksAtJob(policy))
			return "the policy binds no claim of a job";
		const wanted = /^gitlab>=(.+)$/.exec(requirement)?.[1];
		if (wanted !== undefined && !atLeast(version, wanted))
			return `GitLab ${wanted} or newer is needed, and this is ${version}`;
		if (requirement === "cold-cache" && !canRestart)
			return "this needs a restart of the RP: use --start";
	}
	return undefined;
}

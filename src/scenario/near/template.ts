// A near-miss file is no scenario of its own: it is one for each claim, made when it is asked for.
import { MockError, notApplicable } from "../../errors.js";
import { claimAt } from "../claim-path.js";
import type { Adjustment, Scenario } from "../schema.js";
import { parseNearId } from "./id.js";
import { missesOf, originOf } from "./miss.js";
import { descriptionOf } from "./ways.js";

/** What makes it one. */
export interface Template {
	near: NonNullable<Scenario["near"]>;
}

/** Whether a file is a way of being sloppy, which is asked for with a claim. */
export const isTemplate = (
	scenario: Scenario,
): scenario is Scenario & Template => scenario.near !== undefined;

/** Why there is no token of a near-miss file alone. */
export const withoutClaim = (
	id: string,
	{ way }: Template["near"],
): MockError =>
	notApplicable(
		`${id} is for any claim, and a relying party fails it that takes ${descriptionOf(way)}: say for which, such as ${id}:project_path`,
	);

/** Why a plain scenario is not asked for with a claim. */
export const takesNoClaim = (id: string): MockError =>
	new MockError(
		"unknown_scenario",
		`${id} is no near miss, and takes no claim`,
	);

/**
 * What a token is like that is this near miss of the honest claims.
 * @param id such as `near/prefix:project_path`
 * @throws MockError `not_applicable` without a claim, or where the way makes no value of it
 */
export function blocksOf(
	{ id, near }: Scenario & Template,
	honest: Readonly<Record<string, unknown>>,
): Adjustment {
	const parsed = parseNearId(id);
	if (!parsed) throw withoutClaim(id, near);
	const { file, claim, index, wanted } = parsed;
	const value = wanted ?? claimAt(honest, claim);
	const miss = missesOf(near.way, claim, value, honest).find(
		(one) => one.index === index,
	);
	if (miss) return originOf(miss, claim, honest).blocks;
	const what = value === undefined ? "missing" : JSON.stringify(value);
	throw notApplicable(
		`${file} makes no ${index > 0 ? "such " : ""}value of ${claim}, which is ${what.slice(0, 200)}`,
	);
}

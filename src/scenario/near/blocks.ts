// What a near miss changes in the honest token: the blocks of a scenario, made of a claim's value.
import { type MockError, notApplicable } from "../../errors.js";
import { claimAt } from "../claim-path.js";
import type { Adjustment, Scenario } from "../schema.js";
import { parseNearId } from "./id.js";
import { missesOf, originOf } from "./miss.js";
import type { Template } from "./template.js";
import { descriptionOf } from "./ways.js";

/** Why there is no token of a near-miss file alone. */
export const withoutClaim = (
	id: string,
	{ way }: Template["near"],
): MockError =>
	notApplicable(
		`${id} needs the name of a claim, such as ${id}:project_path; it makes ${descriptionOf(way)}`,
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

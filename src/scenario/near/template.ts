// A near-miss file is no scenario of its own: it is one for each claim, made when it is asked for.
import { MockError } from "../../errors.js";
import { claimAt } from "../claim-path.js";
import type { Adjustment, Scenario } from "../schema.js";
import type { NearId } from "./id.js";
import { missesOf } from "./miss.js";
import { descriptionOf } from "./ways.js";

/** Whether a file is a way of being sloppy, which is asked for with a claim. */
export const isTemplate = (
	scenario: Scenario,
): scenario is Scenario & { near: NonNullable<Scenario["near"]> } =>
	scenario.near !== undefined;

/** Why there is no token of a near-miss file alone. */
export const withoutClaim = (id: string, near: Scenario["near"]): MockError =>
	new MockError(
		"invalid_request",
		`${id} is a near miss of any claim${near ? ` (it takes ${descriptionOf(near.way)})` : ""}: say which, such as ${id}:project_path`,
	);

/**
 * What a token is like that is this near miss of the honest claims.
 * @throws MockError `invalid_request` where it makes no value for this claim
 */
export function blocksOf(
	template: Scenario,
	{ claim, index, wanted }: NearId,
	honest: Readonly<Record<string, unknown>>,
): Adjustment {
	if (!isTemplate(template)) {
		throw new MockError(
			"invalid_request",
			`${template.id} is no near miss, and takes no claim`,
		);
	}
	const value = wanted ?? claimAt(honest, claim);
	const miss = missesOf(template.near.way, claim, value, honest).find(
		(one) => one.index === index,
	);
	if (miss) return miss.blocks;
	const what = value === undefined ? "nothing" : JSON.stringify(value);
	throw new MockError(
		"invalid_request",
		`${template.id} makes no ${index > 0 ? "such " : ""}value of ${claim}, which is ${what.slice(0, 200)}`,
	);
}

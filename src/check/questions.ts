// What a run asks: the catalogue, and the near misses of what its policy binds.
import { isTemplate } from "../scenario/near/template.js";
import { nearMisses } from "../verdict/near/near-misses.js";
import type { Question } from "./context.js";
import { CONTROL } from "./control.js";
import { PROBES } from "./probe/probes.js";
import type { CheckSetup } from "./setup.js";

/** The scenarios that a run with this set-up asks, unless they are left out. */
export async function questionsOf({
	provider,
	profile,
}: CheckSetup): Promise<Question[]> {
	const { audience, policy = {} } = profile;
	const { scenarios, issuer } = provider;
	const honest = await provider.mint(CONTROL, { aud: audience });
	const files = scenarios
		.filter((scenario) => !isTemplate(scenario))
		.map((scenario) => ({ scenario, base: scenario.id, wishes: {} }));
	const bindings = { policy, issuer, audience };
	return [...files, ...nearMisses(scenarios, honest, bindings)];
}

/** The ids of all that a run asks. */
export const idsOf = (
	questions: readonly Question[],
	probes: readonly { id: string }[],
): string[] => [
	...questions.map(({ scenario }) => scenario.id),
	...probes.map(({ id }) => id),
];

/** The ids of what a run with this set-up asks, before it is made. */
export const plannedIds = async (setup: CheckSetup): Promise<string[]> =>
	idsOf(await questionsOf(setup), PROBES);

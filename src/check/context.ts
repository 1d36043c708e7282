// What the parts of a run share.
import { skippedBy } from "../verdict/applicable.js";
import type { Policy } from "../verdict/policy/schema.js";
import { type Controls, createControls } from "./control.js";
import type { CheckSetup } from "./setup.js";

/** What the parts of a run share. */
export interface Run {
	setup: CheckSetup;
	policy: Policy;
	controls: Controls;
	/** seconds within which the RP must be itself again */
	refresh: number;
	/** One scenario or probe is done, with or without a finding. */
	tick(current: string, found: boolean): void;
}

const REFRESH = 60; // seconds

type Probed = Parameters<typeof skippedBy>[0];

/**
 * The same, at its beginning.
 * @param probes those that will be made, unless they are left out
 */
export const createRun = (
	setup: CheckSetup,
	probes: readonly Probed[],
): Run => ({
	setup,
	policy: setup.profile.policy ?? {},
	controls: createControls(setup),
	refresh: setup.profile.limits?.refresh ?? REFRESH,
	tick: ticker(setup, probes),
});

function ticker(
	{ provider, selection = {}, onProgress }: CheckSetup,
	probes: readonly Probed[],
) {
	const chosen = probes.filter((probe) => !skippedBy(probe, selection));
	const total = provider.scenarios.length + chosen.length;
	let done = 0;
	let findings = 0;
	return (current: string, found: boolean) => {
		done += 1;
		if (found) findings += 1;
		onProgress?.({ done, total, current, findings });
	};
}

// What the parts of a run share.
import { skippedBy } from "../verdict/applicable.js";
import type { Policy } from "../verdict/policy/schema.js";
import { CONTROL, type Controls, createControls } from "./control.js";
import type { ProvidedToken } from "./provider.js";
import type { CheckSetup } from "./setup.js";

/** What the parts of a run share. */
export interface Run {
	setup: CheckSetup;
	policy: Policy;
	controls: Controls;
	/** The honest token of this GitLab, or of one of another version. */
	honest(version?: string): Promise<ProvidedToken>;
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
	honest: honestTokens(setup),
	refresh: setup.profile.limits?.refresh ?? REFRESH,
	tick: ticker(setup, probes),
});

/** Made when they are first asked for, and kept: one for each version. */
function honestTokens({ provider, profile }: CheckSetup): Run["honest"] {
	const made = new Map<string | undefined, Promise<ProvidedToken>>();
	return (gitlab_version) => {
		const token =
			made.get(gitlab_version) ??
			provider.mint(CONTROL, {
				aud: profile.audience,
				...(gitlab_version !== undefined && { instance: { gitlab_version } }),
			});
		made.set(gitlab_version, token);
		return token;
	};
}

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

// A whole check: the controls, the scenarios, the probes, and what they add up to.
import { type Selection, skippedBy } from "./applicable.js";
import { conclude } from "./conclude.js";
import { type Controls, createControls, ProvesNothing } from "./control.js";
import type { Severity } from "./finding.js";
import { letsEverythingIn } from "./policy/judge.js";
import type { Policy } from "./policy/schema.js";
import { type JudgedProbe, judgeProbe } from "./probe/judge.js";
import { PROBES } from "./probe/probes.js";
import type { Profile } from "./profile.js";
import type { Provider } from "./provider.js";
import type { RelyingParty } from "./relying-party.js";
import type { CheckResult } from "./result.js";
import { type JudgedScenario, judgeScenarios } from "./scenarios.js";

/** What a check needs. */
export interface CheckSetup {
	profile: Profile & { audience: string };
	provider: Provider;
	party: RelyingParty;
	selection?: Selection | undefined;
	severity?: Severity | undefined;
	/** tokens at once; default 4 */
	jobs?: number | undefined;
	showTokens?: boolean | undefined;
	/** of this tool */
	version: string;
	/** what the reader has to know, such as what a preset could not follow */
	notes?: readonly string[] | undefined;
	onProgress?: ((progress: CheckProgress) => void) | undefined;
}

/** How far a check is. */
export interface CheckProgress {
	done: number;
	total: number;
	/** the scenario or probe */
	current: string;
	findings: number;
}

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

const LETS_ALL_IN =
	"The policy demands nothing of the claims: every job of every project of this GitLab gets in. Is that meant?";

/** Checks a relying party. What goes wrong with it is in the result, never thrown. */
export async function runCheck(setup: CheckSetup): Promise<CheckResult> {
	const { profile, provider, selection = {}, notes = [] } = setup;
	const started = new Date();
	const begun = performance.now();
	const policy = profile.policy ?? {};
	const run = createRun(setup);
	const scenarios: JudgedScenario[] = [];
	const probes: JudgedProbe[] = [];
	let reason: string | null = null;
	try {
		await run.controls.check();
		await judgeScenarios(run, (judged) => scenarios.push(judged));
		for (const probe of PROBES) {
			if (skippedBy(probe, selection) !== undefined) continue;
			probes.push(await judgeProbe(probe, run));
		}
		await run.controls.check();
	} catch (error) {
		if (!(error instanceof ProvesNothing)) throw error;
		reason = error.message;
	} finally {
		await provider.setFaults({});
	}
	return conclude(run, {
		scenarios,
		probes,
		reason,
		started,
		duration: (performance.now() - begun) / 1000,
		notes: letsEverythingIn(policy) ? [...notes, LETS_ALL_IN] : notes,
	});
}

/** What the parts of a run share, at its beginning. */
export const createRun = (setup: CheckSetup): Run => ({
	setup,
	policy: setup.profile.policy ?? {},
	controls: createControls(setup),
	refresh: setup.profile.limits?.refresh ?? REFRESH,
	tick: ticker(setup),
});

function ticker({ provider, selection = {}, onProgress }: CheckSetup) {
	const chosen = PROBES.filter((probe) => !skippedBy(probe, selection));
	const total = provider.scenarios.length + chosen.length;
	let done = 0;
	let findings = 0;
	return (current: string, found: boolean) => {
		done += 1;
		if (found) findings += 1;
		onProgress?.({ done, total, current, findings });
	};
}

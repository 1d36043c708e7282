// A whole check: the controls, the scenarios, the probes, and what they add up to.
import { skippedBy } from "./applicable.js";
import { conclude } from "./conclude.js";
import { createRun, type Run } from "./context.js";
import { ProvesNothing } from "./control.js";
import { letsEverythingIn } from "./policy/judge.js";
import { type JudgedProbe, judgeProbe } from "./probe/judge.js";
import { PROBES } from "./probe/probes.js";
import type { CheckResult } from "./result.js";
import type { JudgedScenario } from "./scenario-verdict.js";
import { judgeScenarios } from "./scenarios.js";
import type { CheckSetup } from "./setup.js";

const LETS_ALL_IN =
	"The policy demands nothing of the claims: every job of every project of this GitLab gets in. Is that meant?";

async function isItselfAgain({
	setup,
	controls,
	refresh,
}: Run): Promise<boolean> {
	await setup.party.restart?.();
	return (await controls.recovered(refresh)) !== undefined;
}

/** Checks a relying party. What goes wrong with it is in the result, never thrown. */
export async function runCheck(setup: CheckSetup): Promise<CheckResult> {
	const { profile, provider, selection = {} } = setup;
	const notes = [...(setup.notes ?? [])];
	const started = new Date();
	const begun = performance.now();
	const policy = profile.policy ?? {};
	const run = createRun(setup, PROBES);
	const scenarios: JudgedScenario[] = [];
	const probes: JudgedProbe[] = [];
	let reason: string | null = null;
	try {
		await run.controls.check();
		await judgeScenarios(run, (judged) => scenarios.push(judged));
		await run.controls.check();
		for (const probe of PROBES) {
			if (skippedBy(probe, selection) !== undefined) continue;
			probes.push(await judgeProbe(probe, run));
		}
		// A probe may have left it with keys of before: that is the probe's finding, and voids no other.
		if (probes.length > 0 && !(await isItselfAgain(run)))
			notes.push(
				`After the probes the honest token was still refused for ${run.refresh} seconds.`,
			);
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

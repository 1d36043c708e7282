// A whole check: the controls, the scenarios, the probes, and what they add up to.
import { MockError } from "../errors.js";
import { checkSelection, skippedBy } from "../verdict/applicable.js";
import { conclude } from "../verdict/conclude.js";
import type { JudgedProbe, JudgedScenario } from "../verdict/judged.js";
import { judgePolicy, letsEverythingIn } from "../verdict/policy/judge.js";
import type { CheckResult } from "../verdict/result.js";
import { createRun, type Run } from "./context.js";
import { CONTROL, ProvesNothing } from "./control.js";
import { judgeProbe } from "./probe/judge.js";
import { PROBES } from "./probe/probes.js";
import { judgeScenarios } from "./scenarios.js";
import type { CheckSetup } from "./setup.js";

const LETS_ALL_IN =
	"The policy demands nothing of the claims: every job of every project of this GitLab gets in. Is that meant?";

/**
 * Checks a relying party. What goes wrong with it is in the result.
 * @throws MockError `invalid_option` where a pattern of the selection means nothing
 */
export async function runCheck(setup: CheckSetup): Promise<CheckResult> {
	const { profile, provider, selection = {} } = setup;
	const notes = [...(setup.notes ?? [])];
	const ids = [...provider.scenarios, ...PROBES].map(({ id }) => id);
	checkSelection(selection, ids);
	const started = new Date();
	const begun = performance.now();
	const policy = profile.policy ?? {};
	const run = createRun(setup, PROBES);
	const scenarios: JudgedScenario[] = [];
	const probes: JudgedProbe[] = [];
	let reason: string | null = null;
	try {
		await checkProfile(run);
		const patience = profile.start === undefined ? RUNNING : STARTED;
		await run.controls.ready(profile.limits?.start ?? patience);
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
		reason = askedNothing(scenarios, probes);
	} catch (error) {
		// An RP that cannot be started anew, or an issuer that is gone, is told like one that refuses all.
		if (!(error instanceof ProvesNothing || error instanceof MockError))
			throw error;
		reason = error.message;
	}
	await provider.setFaults({}).catch(() => undefined); // it may be what is gone
	if (reason !== null) notes.push(...lastOutput(setup));
	const subject = {
		version: setup.version,
		target: setup.party.description,
		issuer: provider.issuer,
		audience: profile.audience,
		known: profile.known_failures ?? [],
	};
	return conclude(subject, {
		controls: run.controls.counts,
		scenarios,
		probes,
		reason,
		started,
		duration: (performance.now() - begun) / 1000,
		notes: letsEverythingIn(policy) ? [...notes, LETS_ALL_IN] : notes,
	});
}

// Seconds until it says yes or no: one that runs already should do so at once.
const RUNNING = 2;
const STARTED = 30;

/** A policy that refuses the job that the profile calls honest would blame every RP. */
async function checkProfile({ setup, policy }: Run): Promise<void> {
	const { provider, profile } = setup;
	const { claims } = await provider.mint(CONTROL, { aud: profile.audience });
	const [unmet] = judgePolicy(claims, policy);
	if (unmet !== undefined)
		throw new ProvesNothing(
			`The profile contradicts itself: its policy refuses the job that it calls honest (${unmet}). Say under job: which project, ref and environment the RP lets in.`,
		);
}

/** Why nothing was asked, where nothing was. */
function askedNothing(
	scenarios: readonly JudgedScenario[],
	probes: readonly JudgedProbe[],
): string | null {
	const wasAsked = [...scenarios, ...probes].some(
		({ result }) => !/^(not-applicable|skipped)$/.test(result.outcome),
	);
	return wasAsked
		? null
		: "Nothing was asked: what was chosen does not apply to this RP, or was left out.";
}

const LAST_LINES = 10;

function lastOutput({ party }: CheckSetup): string[] {
	const lines = party.output?.().split("\n").slice(-LAST_LINES) ?? [];
	return lines.join("") === ""
		? []
		: [`The RP's last output: ${lines.join(" | ")}`];
}

async function isItselfAgain({
	setup,
	controls,
	refresh,
}: Run): Promise<boolean> {
	await setup.party.restart?.();
	return (await controls.recovered(refresh)) !== undefined;
}

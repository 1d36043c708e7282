// What a run does not ask, and why: by choice, for what the run lacks, or because it ended before.
import { levelOf } from "../scenario/severity.js";
import { lacking, skippedBy } from "../verdict/applicable.js";
import { notAsked } from "./ask.js";
import type { Question, Run } from "./context.js";
import { unmadeProbe } from "./probe/judge.js";
import { PROBES } from "./probe/probes.js";

/** Whether a scenario is not asked; then that is told. */
export function leaveOut({ scenario }: Question, run: Run): boolean {
	const { provider, party, selection = {} } = run.setup;
	const { id, instance } = scenario;
	const level = levelOf(scenario);
	const waits = instance?.faults !== undefined;
	const skipped = skippedBy({ id, level, waits }, selection);
	const lacks = lacking(scenario, {
		policy: run.policy,
		version: provider.version,
		canRestart: party.restart !== undefined,
	});
	if (skipped !== undefined) run.take(notAsked(scenario, "skipped", skipped));
	else if (lacks !== undefined)
		run.take(notAsked(scenario, "not-applicable", lacks));
	return skipped !== undefined || lacks !== undefined;
}

const UNREACHED = "the run ended before";

/** What was not asked because the run ended before is told as that. */
export function addUnreached(run: Run, questions: readonly Question[]): void {
	const { scenarios, probes } = run.ledger;
	const told = new Set(
		[...scenarios, ...probes].map(({ result }) => result.id),
	);
	for (const { scenario } of questions) {
		if (!told.has(scenario.id))
			scenarios.push(notAsked(scenario, "not-reached", UNREACHED));
	}
	for (const probe of PROBES) {
		if (!told.has(probe.id))
			probes.push(unmadeProbe(probe, "not-reached", UNREACHED));
	}
}

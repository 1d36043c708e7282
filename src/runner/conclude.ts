// What a run adds up to: known failures set apart, findings by weight, and the conclusion.

import type { Run } from "./context.js";
import { byWeight, staleFinding } from "./finding.js";
import type { JudgedProbe } from "./probe/judge.js";
import { type CheckFinding, type CheckResult, KINDS } from "./result.js";
import type { JudgedScenario } from "./scenario-verdict.js";

/** What the parts of a run came to. */
export interface Outcome {
	scenarios: readonly JudgedScenario[];
	probes: readonly JudgedProbe[];
	/** why the run proves nothing; null where it does not */
	reason: string | null;
	started: Date;
	/** seconds */
	duration: number;
	notes: readonly string[];
}

const TOOL = "gitlab-oidc-mock";

export function conclude(run: Run, outcome: Outcome): CheckResult {
	const { setup } = run;
	const { profile, provider, party } = setup;
	const known = new Map(
		(profile.known_failures ?? []).map((failure) => [failure.id, failure]),
	);
	const judged = [...outcome.scenarios, ...outcome.probes];
	const findings: CheckFinding[] = [];
	const notes = [...outcome.notes];
	for (const { result, finding } of judged) {
		const failure = known.get(result.id);
		known.delete(result.id);
		if (finding === undefined) {
			const wasAsked = !/^(not-applicable|skipped)$/.test(result.outcome);
			if (failure !== undefined && wasAsked)
				findings.push(staleFinding(result.id, failure.because));
			continue;
		}
		const { because, kind = "dangerous" } = failure ?? {};
		const isWorse = KINDS.indexOf(finding.kind) < KINDS.indexOf(kind);
		result.known = because !== undefined && !isWorse;
		findings.push(
			!result.known
				? finding
				: {
						...finding,
						fails: false,
						why: `${finding.why}\nKnown: ${because}`,
					},
		);
	}
	if (outcome.reason === null) {
		for (const id of known.keys())
			notes.push(
				`known_failures names ${id}, and no scenario or probe of that name was there to ask.`,
			);
	}
	findings.sort(byWeight);
	return {
		version: 1,
		tool: { name: TOOL, version: setup.version },
		started: outcome.started.toISOString(),
		duration: outcome.duration,
		target: party.description,
		issuer: provider.issuer,
		audience: profile.audience,
		conclusion:
			outcome.reason !== null
				? "proves-nothing"
				: findings.some(({ fails }) => fails)
					? "findings"
					: "conforms",
		reason: outcome.reason,
		notes,
		controls: run.controls.counts,
		findings,
		scenarios: outcome.scenarios
			.map(({ result }) => result)
			.sort((a, b) => (a.id < b.id ? -1 : 1)),
		probes: outcome.probes.map(({ result }) => result),
	};
}

// What a run adds up to: known failures set apart, findings by weight, and the conclusion.

import { byWeight, staleFinding } from "./finding.js";
import type { JudgedProbe, JudgedScenario } from "./judged.js";
import { type FindingKind, KINDS } from "./kinds.js";
import type { CheckFinding, CheckResult } from "./result.js";

/** What was checked, by what. */
export interface Subject {
	/** of this tool */
	version: string;
	/** the relying party, in one line */
	target: string;
	issuer: string;
	audience: string;
	known: readonly KnownFailure[];
}

/** A failure that the owner knows of. */
export interface KnownFailure {
	/** scenario or probe */
	id: string;
	because: string;
	/** the worst that is tolerated; default dangerous */
	kind?: Exclude<FindingKind, "stale" | "note"> | undefined;
}

/** What the parts of a run came to. */
export interface Outcome {
	controls: CheckResult["controls"];
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

export function conclude(subject: Subject, outcome: Outcome): CheckResult {
	const known = new Map(subject.known.map((failure) => [failure.id, failure]));
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
		tool: { name: TOOL, version: subject.version },
		started: outcome.started.toISOString(),
		duration: outcome.duration,
		target: subject.target,
		issuer: subject.issuer,
		audience: subject.audience,
		conclusion:
			outcome.reason !== null
				? "proves-nothing"
				: findings.some(({ fails }) => fails)
					? "findings"
					: "conforms",
		reason: outcome.reason,
		notes,
		controls: outcome.controls,
		findings,
		scenarios: outcome.scenarios
			.map(({ result }) => result)
			.sort((a, b) => (a.id < b.id ? -1 : 1)),
		probes: outcome.probes.map(({ result }) => result),
	};
}

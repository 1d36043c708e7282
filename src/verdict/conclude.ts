// What a run adds up to: known failures set apart, findings by weight, and the conclusion.
import { inferCauses } from "./cause/infer.js";
import { withCode } from "./cause/library-code.js";
import type { Library } from "./cause/library-lines.js";
import { unprovenFinding } from "./control-finding.js";
import { seenBy } from "./every-project.js";
import { byWeight, staleFinding } from "./finding.js";
import type { JudgedProbe, JudgedScenario } from "./judged.js";
import { type FindingKind, KINDS } from "./kinds.js";
import type { KnownFailure } from "./known.js";
import type { Policy } from "./policy/schema.js";
import { type CheckFinding, type CheckResult, wasAsked } from "./result.js";

/** What was checked, by what. */
export interface Subject {
	/** of this tool */
	version: string;
	/** the relying party, in one line */
	target: string;
	issuer: string;
	audience: string;
	/** which service it is, where its ways are known */
	service: string | null;
	known: readonly KnownFailure[];
	/** by which it verifies tokens */
	library?: Library | undefined;
	policy: Policy;
}

/** What the parts of a run came to. */
export interface Outcome {
	controls: CheckResult["controls"];
	scenarios: readonly JudgedScenario[];
	probes: readonly JudgedProbe[];
	/** what belongs to no scenario or probe: the relying party went down */
	findings: readonly CheckFinding[];
	/** why the run proves nothing or could not go on; null where it did */
	reason: string | null;
	/** whether the user left something out */
	isSelection: boolean;
	started: Date;
	/** seconds */
	duration: number;
	notes: readonly string[];
}

const TOOL = "gitlab-oidc-mock";

/** The result of a run. */
export function conclude(subject: Subject, outcome: Outcome): CheckResult {
	const { reason } = outcome;
	const known = new Map(subject.known.map((failure) => [failure.id, failure]));
	const { found, findings, tolerated } = weigh(outcome, known);
	const all = [
		...findings,
		...(reason === null ? [] : [unprovenFinding(reason)]),
	].sort(byWeight);
	const mark = <Result extends { id: string }>(result: Result) => ({
		...result,
		known: tolerated.has(result.id),
	});
	const judged = [...outcome.scenarios, ...outcome.probes];
	const ids = new Set(
		[...judged.map(({ result }) => result), ...found].map(({ id }) => id),
	);
	const stray = [...known.keys()].filter((id) => !ids.has(id));
	return {
		version: 1,
		tool: { name: TOOL, version: subject.version },
		started: outcome.started.toISOString(),
		duration: outcome.duration,
		target: subject.target,
		issuer: subject.issuer,
		audience: subject.audience,
		service: subject.service,
		conclusion: conclusionOf(findings, outcome),
		reason,
		notes: [
			...outcome.notes,
			...(reason === null ? stray : []).map(
				(id) =>
					`known_failures names ${id}, and there is no scenario or probe of that name.`,
			),
		],
		controls: outcome.controls,
		causes: withCode(
			inferCauses(
				outcome.scenarios.map(({ result }) => result),
				all,
			),
			subject.library && { ...subject, library: subject.library },
		),
		findings: all,
		scenarios: outcome.scenarios
			.map(({ result }) => mark(result))
			.sort((a, b) => (a.id < b.id ? -1 : 1)),
		probes: outcome.probes.map(({ result }) => mark(result)),
	};
}

/** Holds what was found against what is known: what is tolerated fails nothing, and what is known and passes does. */
function weigh(
	{ scenarios, probes, findings }: Outcome,
	known: ReadonlyMap<string, KnownFailure>,
) {
	const judged = [...scenarios, ...probes];
	const found = [
		...judged.flatMap(({ finding }) => finding ?? []),
		...findings,
	];
	const weighed = found.map((finding) =>
		asKnown(finding, known.get(finding.id)),
	);
	const asked = new Set(
		judged.flatMap(({ result }) => (wasAsked(result.outcome) ? result.id : [])),
	);
	const stale = [...known.values()].flatMap(({ id, because }) =>
		asked.has(seenBy(id)) && !found.some((finding) => finding.id === id)
			? [staleFinding(id, because)]
			: [],
	);
	const tolerated = new Set(
		found.filter((finding, at) => finding !== weighed[at]).map(({ id }) => id),
	);
	return { found, findings: [...weighed, ...stale], tolerated };
}

function conclusionOf(
	findings: readonly CheckFinding[],
	{ reason, isSelection }: Outcome,
): CheckResult["conclusion"] {
	if (findings.some(({ fails }) => fails)) return "findings";
	if (reason !== null) return "proves-nothing";
	return isSelection ? "no-findings" : "conforms";
}

const order = (kind: FindingKind) => KINDS.indexOf(kind);

/** The finding, which fails nothing where it is no worse than what its owner knows. */
function asKnown(
	finding: CheckFinding,
	failure: KnownFailure | undefined,
): CheckFinding {
	const { because, kind = "dangerous" } = failure ?? {};
	if (because === undefined || order(finding.kind) < order(kind))
		return finding;
	// Who knows that a token is let in does not know that it ends the service.
	if (finding.kind === "broken" && kind !== "broken") return finding;
	return {
		...finding,
		fails: false,
		why: `${finding.why}\nKnown: ${because}`,
	};
}

// What the words of a result mean, said to somebody who never saw the tool.
import { IMPACT_WORDS } from "../scenario/severity.js";
import { RULES } from "../token/rules.js";
import type { FindingKind } from "../verdict/kinds.js";
import type {
	CheckFinding,
	CheckResult,
	ProbeResult,
	ScenarioResult,
} from "../verdict/result.js";

/** What each kind of finding means. */
export const KIND_WORDS: Readonly<
	Record<FindingKind, { label: string; meaning: string }>
> = {
	dangerous: {
		label: "Dangerous",
		meaning: "the relying party accepted a token that it should refuse",
	},
	broken: {
		label: "Broken",
		meaning:
			"the relying party neither accepted nor refused a token, but failed or hung",
	},
	"too-strict": {
		label: "Too strict",
		meaning: "the relying party refused a genuine token",
	},
	unproven: {
		label: "Inconclusive",
		meaning:
			"the honest token was not accepted, or the run was stopped, so that refusals after that prove nothing",
	},
	service: {
		label: "Expected of the service",
		meaning:
			"the service accepts this whatever its user configures: the user cannot change it, and it does not fail the run",
	},
	note: {
		label: "Note",
		meaning:
			"the relying party accepted what the specifications leave open, and nobody gains by it",
	},
	stale: {
		label: "Out of date",
		meaning:
			"listed as a known failure, but it passes: remove it from the list of known failures",
	},
};

/** The kind's label, with the service's own name where it is known. */
export const kindLabel = (
	kind: FindingKind,
	{ service }: Pick<CheckResult, "service">,
): string =>
	kind === "service" && service !== null
		? `Expected of ${service}`
		: KIND_WORDS[kind].label;

/** The spec's own word, and how much it asks. */
const LEVEL_WORDS: Readonly<Record<CheckFinding["level"], string>> = {
	must: "must: the specification requires it",
	should: "should: the specification recommends it",
	may: "may: the specification leaves it open",
};

/** Who demands what a finding is about, and how strongly. */
export const levelWords = ({
	level,
	rule,
}: Pick<CheckFinding, "level" | "rule">): string =>
	rule === "policy" ? `${level}: the policy demands it` : LEVEL_WORDS[level];

/** What it costs; empty where that is nothing that the relying party does. */
export const impactWords = ({
	kind,
	impact,
	only_if,
}: Pick<CheckFinding, "kind" | "impact" | "only_if">): string =>
	kind === "stale"
		? ""
		: `${impact}: ${IMPACT_WORDS[impact].meaning}${only_if === null ? "" : "; only if GitLab itself makes a mistake"}`;

/** The rule's id and what it says. */
export function ruleWords(rule: string): string {
	if (rule === "policy")
		return "policy: the claims have the values that this relying party requires";
	const known = Object.entries(RULES).find(([id]) => id === rule);
	return known ? `${rule}: ${known[1].title}` : rule;
}

type Outcome = ScenarioResult["outcome"] | ProbeResult["outcome"];

/** What became of a scenario or a probe, in a word or two. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
	accepted: "accepted",
	rejected: "refused",
	broken: "broken",
	hung: "hung",
	crashed: "crashed",
	passed: "passed",
	failed: "failed",
	reported: "reported",
	"not-applicable": "not applicable",
	skipped: "skipped",
	"not-reached": "not reached",
};

/** `1 case`, `2 cases`. */
export const count = (
	number: number,
	one: string,
	many: string = `${one}s`,
): string => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const joined = (parts: readonly string[]): string =>
	parts.length > 1
		? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`
		: parts.join("");

/** A span of time, to be read. */
export function spanWords(seconds: number): string {
	if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** What a probe measured, one entry each. */
export const measures = (probe: ProbeResult): [name: string, value: string][] =>
	Object.entries(probe.measured).map(([name, value]) => [
		name,
		value === null ? "not measured" : String(value),
	]);

/** How often the honest token was let in, in a sentence. */
export const controlWords = ({ controls }: CheckResult): string =>
	controls.sent === 0
		? "The honest token was not sent."
		: `The honest token was accepted ${controls.accepted} of ${count(controls.sent, "time")}.`;

/** The address that `link` is, if it is one of the web; nothing else becomes a link. */
export function webAddress(link: string): string | undefined {
	if (!/^https?:\/\//.test(link) || !URL.canParse(link)) return undefined;
	return new URL(link).href;
}

// How much a scenario weighs, in two words: what a spec asks of the recipient, and what a wrong answer costs.

/** A spec's own words for the recipient, the strongest first. */
export const LEVELS = ["must", "should", "may"] as const;
export type Level = (typeof LEVELS)[number];

/** What a wrong answer costs, the worst first. */
export const IMPACTS = [
	"forgery",
	"escalation",
	"replay",
	"robustness",
	"interoperability",
	"hygiene",
] as const;
export type Impact = (typeof IMPACTS)[number];

/** What each impact means, and what is lost by it. True of every scenario that bears it. */
export const IMPACT_WORDS: Readonly<
	Record<Impact, { meaning: string; lost: string }>
> = {
	forgery: {
		meaning: "anyone gets in",
		lost: "Anyone can get in, without a token that GitLab issued to them.",
	},
	escalation: {
		meaning: "a genuine job or person gets rights that it should not have",
		lost: "A genuine job or person gets in although the policy does not allow it.",
	},
	replay: {
		meaning: "a genuine token is used at the wrong time or place",
		lost: "A genuine token is accepted at a time or by a service that it was not made for.",
	},
	robustness: {
		meaning: "a crash or hang",
		lost: "The service can be made to fail, or to hang.",
	},
	interoperability: {
		meaning: "a genuine token is refused",
		lost: "Honest jobs are refused.",
	},
	hygiene: {
		meaning: "no known way to exploit it",
		lost: "Nothing: no way to exploit it is known.",
	},
};

/** What has to go wrong first: GitLab's own key signs such a token, or its own documents say so. */
export const CONDITIONS = ["gitlab-errs"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** What a scenario file may say of its weight. */
export interface Weighed {
	expect: "accept" | "reject" | "policy" | "either";
	level?: Level | undefined;
	impact?: Impact | undefined;
}

/** The spec's own word; must where the file has none. */
export const levelOf = ({ level = "must" }: Pick<Weighed, "level">): Level =>
	level;

const DEFAULT_IMPACT: Readonly<Record<Weighed["expect"], Impact>> = {
	accept: "interoperability",
	either: "robustness",
	policy: "escalation",
	reject: "forgery", // a file that says nothing is taken for the worst
};

/** What a wrong answer costs; where a file does not say, what is likelier for what it expects. */
export const impactOf = ({ expect, impact }: Weighed): Impact =>
	impact ?? DEFAULT_IMPACT[expect];

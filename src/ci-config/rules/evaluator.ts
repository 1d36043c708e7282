// Evaluates what decides of a pipeline, of its jobs and of the files that it includes, and keeps what rules looked for in vain.
import type { Budget } from "../budget.js";
import { expandWithin, type Variables } from "../expand.js";
import { shown } from "../place.js";
import {
	type Circumstances,
	type Decision,
	decideRules,
	type Included,
	NO_VARIABLES,
} from "./decide.js";
import { decidePolicy } from "./decide-policy.js";
import type { Lookup } from "./expression.js";
import { findPath } from "./find-path.js";
import type { Inclusion } from "./inclusion.js";
import type { Rules } from "./rule.js";

/** Evaluates rules in one situation. */
export interface Evaluator {
	/**
	 * the rules of workflow, or of an include
	 * @param elsewhere whether they are in another project's file: `exists` asks for that one's files, which nobody knows
	 */
	rules(rules: Rules, known: Variables, elsewhere?: boolean): Promise<Decision>;
	job(inclusion: Inclusion, known: Variables): Promise<Decision>;
	/** what is to be told of the variables that rules looked at */
	warnings(): string[];
}

/** Only a running job has these: no rule sees them. */
const OF_THE_RUN =
	/^(CI_JOB_(ID|URL|TOKEN|STARTED_AT|STATUS|TIMEOUT)|CI_PIPELINE_(ID|URL)|CI_RUNNER_.*|CI_ENVIRONMENT_SLUG|CI_SERVER|CI_PROJECT_DIR|CI_BUILDS_DIR|CI_REGISTRY_PASSWORD|CI_REPOSITORY_URL|CI_CONCURRENT_.*|CI_DEPLOY_(USER|PASSWORD))$/;

/** GitLab has these in every pipeline, or in every one of a merge request; nothing here does. */
const NOT_HERE =
	/^(CI_COMMIT_(MESSAGE|TITLE|DESCRIPTION|AUTHOR|TIMESTAMP|BEFORE_SHA)|CI_PIPELINE_(IID|CREATED_AT)|CI_PROJECT_REPOSITORY_LANGUAGES|CI_REGISTRY(_IMAGE)?|CI_PAGES_(DOMAIN|URL)|GITLAB_FEATURES|GITLAB_USER_NAME)$/;
const NOT_HERE_OF_A_MERGE_REQUEST =
	/^CI_MERGE_REQUEST_(TITLE|DESCRIPTION|LABELS|ASSIGNEES|MILESTONE|APPROVED)$/;
const NOT_HERE_OF_A_TAG = /^CI_(COMMIT_TAG_MESSAGE|RELEASE_DESCRIPTION)$/;

const MOST_NAMES = 20; // that a warning lists

export function createEvaluator(
	circumstances: Circumstances,
	budget: Budget,
): Evaluator {
	const notSet = new Set<string>();
	const notKnown = new Set<string>();
	const { kind } = circumstances;
	const isNotHere = (name: string) =>
		NOT_HERE.test(name) ||
		(kind === "merge request" && NOT_HERE_OF_A_MERGE_REQUEST.test(name)) ||
		(kind === "tag" && NOT_HERE_OF_A_TAG.test(name));

	const lookupIn =
		(known: Variables): Lookup =>
		(name) => {
			budget.spend(1);
			if (OF_THE_RUN.test(name)) return null;
			const value = known.get(name)?.value;
			if (value !== undefined) return value;
			if (isNotHere(name)) notKnown.add(name);
			else if (!/^(CI|GITLAB)(_|$)/.test(name)) notSet.add(name);
			return null;
		};
	/** GitLab expands in paths what it leaves as it is in `if`. */
	const wholeIn = (known: Variables): Lookup => {
		const lookup = lookupIn(known);
		return (name) =>
			lookup(name) === null ? null : expandWithin(budget, `$${name}`, known);
	};
	// Many jobs ask for the same files.
	const changed = remembered((wildcards) =>
		circumstances.changed
			? findPath(circumstances.changed, wildcards, budget.spend) !== undefined
			: undefined,
	);
	const exists = remembered((wildcards) =>
		circumstances.exists(wildcards, budget.spend),
	);
	const view = (known: Variables) => ({
		circumstances,
		lookup: lookupIn(known),
		whole: wholeIn(known),
		changed,
		exists,
	});

	return {
		rules: (rules, known, elsewhere = false) =>
			decideRules(rules, "always", {
				...view(known),
				...(elsewhere && { exists: async () => undefined }),
			}),
		async job(inclusion, known) {
			const { rules, when } = inclusion;
			if (rules) return decideRules(rules, when, view(known));
			return decidePolicy(inclusion, view(known));
		},
		warnings: () => [
			...told(notKnown, "GitLab knows these and this does not"),
			...told(notSet, "nothing here sets these"),
		],
	};
}

/** `ask`, which is asked but once for the same wildcards. */
function remembered<Result>(
	ask: (wildcards: readonly string[]) => Result,
): (wildcards: readonly string[]) => Result {
	const answers = new Map<string, Result>();
	return (wildcards) => {
		const key = JSON.stringify(wildcards);
		const known = answers.get(key);
		if (known !== undefined) return known;
		const answer = ask(wildcards);
		answers.set(key, answer);
		return answer;
	};
}

const told = (names: ReadonlySet<string>, what: string): string[] => {
	if (names.size === 0) return [];
	const listed = [...names].sort().slice(0, MOST_NAMES).map(shown);
	const more = names.size - listed.length;
	return [
		`rules look at variables, and ${what}, so they count as not set: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}; --var NAME=VALUE sets one`,
	];
};

/** What is in whatever the rules say. */
export const everything: Included = {
	included: true,
	when: "on_success",
	variables: NO_VARIABLES,
	unknown: [],
};

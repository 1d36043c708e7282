// `only` and `except` in a situation: all of `only` must hold, nothing of `except` may.
import { placeText, shown } from "../place.js";
import {
	type Answer,
	type Circumstances,
	type Decision,
	haveChanged,
	NO_VARIABLES,
	unknownChanges,
	type View,
} from "./decide.js";
import type { Inclusion } from "./inclusion.js";
import type { Policy, RefPattern } from "./policy.js";

export function decidePolicy(
	{ only, except, when, elsewhere }: Inclusion,
	view: View,
): Decision {
	const { circumstances } = view;
	if (elsewhere)
		return {
			included: true,
			when,
			variables: NO_VARIABLES,
			unknown: ["the job may have rules in a file that was not followed"],
		};
	const unknown: string[] = [];
	const told = (what: string, answer: Answer) => {
		if (answer === undefined) unknown.push(what);
		return answer;
	};
	if (only === "branches and tags" && circumstances.kind === "merge request")
		return out(
			"it has neither rules nor only, so it is for branches and tags alone",
		);
	if (typeof only === "object") {
		for (const [what, answer] of asked(only, view, true)) {
			if (told(what, answer) === false)
				return out(`only (${placeText(only.place)}) does not fit: ${what}`);
		}
	}
	if (except) {
		for (const [what, answer] of asked(except, view, false)) {
			if (told(what, answer) === true)
				return out(`except (${placeText(except.place)}) fits: ${what}`);
		}
	}
	return { included: true, when, variables: NO_VARIABLES, unknown };
}

const out = (why: string): Decision => ({ included: false, why });

/** What a policy asks, each with its answer. */
function* asked(
	{ refs, variables, changes, kubernetes }: Policy,
	view: View,
	standard: boolean,
): Generator<[string, Answer]> {
	const { circumstances, lookup } = view;
	if (refs)
		yield [
			`refs ${shown(refs.map(({ text }) => text).join(", "))}`,
			refs.some((ref) => namesRef(ref, circumstances)),
		];
	// A mapping without refs has GitLab's default beside what it says.
	else if (standard)
		yield ["refs branches, tags", circumstances.kind !== "merge request"];
	if (variables)
		yield [
			`variables ${shown(variables.map(({ text }) => text).join(", "))}`,
			variables.some((expression) => expression.holds(lookup)),
		];
	if (changes) yield [unknownChanges(changes), haveChanged(changes, view)];
	if (kubernetes)
		yield [
			"kubernetes: active (CI_KUBERNETES_ACTIVE)",
			lookup("CI_KUBERNETES_ACTIVE") === "true" || undefined,
		];
}

function namesRef(
	{ name, pattern, project }: RefPattern,
	circumstances: Circumstances,
): boolean {
	const { source, ref, kind } = circumstances;
	if (project !== undefined && project !== circumstances.project) return false;
	if (name === "tags" && kind === "tag") return true;
	if (name === "branches" && kind === "branch") return true;
	const singular = source.replace(/_event$/, "");
	if (name === singular || name === plural(singular)) return true;
	// Neither names nor patterns fit a merge request's ref.
	if (kind === "merge request") return false;
	return pattern ? pattern.foundIn(ref) : name === ref;
}

const plural = (word: string) =>
	word.endsWith("sh")
		? `${word}es`
		: word.endsWith("y")
			? `${word.slice(0, -1)}ies`
			: `${word}s`;

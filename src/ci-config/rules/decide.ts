// Rules in a situation: the first that holds decides. What nothing here can tell counts as held, and is told.
import type { Variable } from "../expand.js";
import { placeText, shown } from "../place.js";
import type { Lookup } from "./expression.js";
import type { PathClause } from "./path-clause.js";
import type { Rule, Rules } from "./rule.js";

/** What a pipeline runs on, as far as rules ask for it. */
export interface Circumstances {
	/** why it runs, as CI_PIPELINE_SOURCE has it */
	source: string;
	ref: string;
	kind: "branch" | "tag" | "merge request";
	/** full path of the project in which it runs */
	project: string;
	/** the files that the push or the merge request changed; undefined: nobody said */
	changed?: readonly string[] | undefined;
	/** whether a file of the project fits one of the wildcards; undefined: its files are not known */
	exists(
		paths: readonly string[],
		spend: (steps: number) => void,
	): Promise<boolean | undefined>;
}

/** What an evaluation looks at. */
export interface View {
	circumstances: Circumstances;
	lookup: Lookup;
	/** the value of a variable with those that it names, as paths have it; null: there is none */
	whole: Lookup;
	/** whether one of the changed files fits; undefined: nobody said which they are */
	changed(wildcards: readonly string[]): Answer;
	/** whether one of the project's files fits */
	exists(wildcards: readonly string[]): Promise<Answer>;
}

/** Whether a job, a file or the pipeline is in. */
export type Decision = Included | { included: false; why: string };

export interface Included {
	included: true;
	when: string;
	/** those of the rule that held */
	variables: ReadonlyMap<string, Variable>;
	/** what nothing here can tell, and counts as held */
	unknown: readonly string[];
	/** the jobs that must be in too, where the rule says so itself */
	needs?: readonly string[] | undefined;
}

/** Whether something holds; undefined: nothing here can tell. */
export type Answer = boolean | undefined;

export const NO_VARIABLES: ReadonlyMap<string, Variable> = new Map();

/**
 * @param standard `when` of a rule that says nothing of it
 */
export async function decideRules(
	rules: Rules,
	standard: string,
	view: View,
): Promise<Decision> {
	let why = `none of its rules holds (${placeText(rules.place)})`;
	let lost = false;
	const doubts: string[] = [];
	for (const rule of rules.list) {
		const unknown: string[] = [];
		if (rule.missing) lost = true;
		else if (await mayHold(rule, view, unknown)) {
			doubts.push(...unknown);
			const when = rule.when ?? standard;
			if (when !== "never") return included(rule, when, doubts);
			// One that may hold tells nothing: what comes behind it tells whether the job could be in.
			if (unknown.length === 0) {
				why = `its rule at ${placeText(rule.place)} says never${condition(rule)}`;
				break;
			}
		}
	}
	return lost
		? included(undefined, standard, [
				"some of its rules are in a file that was not followed",
			])
		: { included: false, why };
}

const included = (
	rule: Rule | undefined,
	when: string,
	unknown: readonly string[],
): Included => ({
	included: true,
	when,
	variables: rule?.variables ?? NO_VARIABLES,
	unknown,
	needs: rule?.needs,
});

const condition = ({ if: expression }: Rule) =>
	expression ? `, if ${shown(expression.text)}` : "";

/** False only where it certainly does not hold. */
async function mayHold(
	{ if: expression, exists, changes }: Rule,
	view: View,
	unknown: string[],
): Promise<boolean> {
	if (expression && !expression.holds(view.lookup)) return false;
	if (changes) {
		const answer = haveChanged(changes, view);
		if (answer === false) return false;
		if (answer === undefined) unknown.push(unknownChanges(changes));
	}
	if (!exists) return true;
	const answer = await doExist(exists, view);
	if (answer === undefined) unknown.push(`exists (${placeText(exists.place)})`);
	return answer !== false;
}

export const unknownChanges = ({ place }: PathClause): string =>
	`changes (${placeText(place)})`;

/** The pipelines that have no push of which GitLab knows what it changed: all files count as changed then. */
const WITH_CHANGES = ["push", "webide", "external_pull_request_event"];

/** Whether files that fit have changed. */
export function haveChanged(
	{ paths, other, regexp }: PathClause,
	{ circumstances, whole, changed }: View,
): Answer {
	const { source, kind } = circumstances;
	const pushed = kind === "branch" && WITH_CHANGES.includes(source);
	if (other === undefined && kind !== "merge request" && !pushed) return true;
	if (regexp) return undefined;
	return changed(paths.map((path) => expanded(path, whole)));
}

async function doExist(
	{ paths, other, folders, regexp }: PathClause,
	{ whole, exists }: View,
): Promise<Answer> {
	if (other !== undefined || regexp) return undefined;
	return exists(
		paths.map((path) => {
			const wildcard = expanded(path, whole);
			return folders && IS_FOLDER.test(wildcard) ? `${wildcard}**/*` : wildcard;
		}),
	);
}

/** Ends in a slash, and has no wildcards. */
const IS_FOLDER = /^[^*?[{]+\/$/;

/** With the variables that there are; the others stay as they are written. */
const expanded = (path: string, find: Lookup): string =>
	path.replace(
		/\$(?:(\w+)|\{(\w+)\})/g,
		(written, plain, braced) => find(plain ?? braced) ?? written,
	);

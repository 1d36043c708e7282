// The library's jobTokens: a pipeline file on disk, in the situation of the checkout around it.
import {
	type InCamelCase,
	inSnakeCase,
	refuseUnknown,
} from "../../option-names.js";
import type { BuiltInScenario, ShortName } from "../../scenario/ids.js";
import type { Mint } from "../../scenario/mint.js";
import { openCopies } from "./copies-on-disk.js";
import { openPipeline } from "./disk.js";
import { issueJobTokens } from "./issue.js";
import type { Checkout, SituationText } from "./situation.js";

/** What stands for a git checkout. */
export type CheckoutOptions = InCamelCase<Checkout>;

/** The value of an input; a text may be the JSON of another type. */
export type Input = string | number | boolean | readonly unknown[];

/** On what a pipeline runs. */
export interface Situation {
	/** a genuine scenario, such as `ref/protected-tag`; default `valid/baseline` */
	scenario?: BuiltInScenario | ShortName | (string & {}) | undefined;
	/** a branch instead of the checkout's or the scenario's; protected if the scenario's is or, without one, if it is the default branch */
	ref?: string | undefined;
	/** a tag instead */
	tag?: string | undefined;
	/** true: a merge request pipeline of the branch */
	mergeRequest?: boolean | undefined;
	/** the merge request's target; default the default branch */
	target?: string | undefined;
	/** true: a scheduled pipeline */
	schedule?: boolean | undefined;
	/** the files that were changed, for `changes`; without them that is not known, and counts as held */
	changed?: readonly string[] | undefined;
	/** true: the job's tokens even where its rules leave it out of the situation */
	all?: boolean | undefined;
	/** settings as on the command line, such as `environment.protected=true` */
	set?: readonly string[] | undefined;
	/** CI/CD variables, which count more than the file's */
	variables?: Readonly<Record<string, string>> | undefined;
	/** the inputs of the file's `spec: inputs` */
	inputs?: Readonly<Record<string, Input>> | undefined;
	/** local copies of what the file includes from elsewhere: a folder or a file by what it is of, such as `project:group/templates` */
	includes?: Readonly<Record<string, string>> | undefined;
	/** what stands for the git checkout around the file; default that checkout itself, false: none */
	checkout?: CheckoutOptions | false | undefined;
}

/** The names of all of it. */
const SITUATION: Readonly<Record<keyof Situation, true>> = {
	scenario: true,
	ref: true,
	tag: true,
	mergeRequest: true,
	target: true,
	schedule: true,
	changed: true,
	all: true,
	set: true,
	variables: true,
	inputs: true,
	includes: true,
	checkout: true,
};

/**
 * Issues the ID tokens of a job, by the names of their variables.
 * @param report is told of warnings, a line each
 */
export async function jobTokens(
	mint: Mint,
	file: string,
	job: string,
	situation: Situation = {},
	report: (line: string) => void = () => {},
): Promise<Record<string, string>> {
	refuseUnknown(situation, SITUATION, "jobTokens");
	const opened = await openPipeline(file);
	const {
		checkout: given,
		set,
		changed,
		mergeRequest,
		includes,
		inputs,
		...rest
	} = situation;
	const checkout =
		given === undefined
			? opened.checkout
			: given && inSnakeCase<Checkout>(given, "situation.checkout");
	const source = { ...opened.source, copies: await openCopies(includes ?? {}) };
	const { tokens, warnings } = await issueJobTokens(mint, source, job, {
		...rest,
		merge_request: mergeRequest,
		changed: changed && [...changed],
		inputs: inputs && (inputs as SituationText["inputs"]),
		set: set && [...set],
		checkout: checkout || {},
	});
	for (const line of warnings) report(line);
	return Object.fromEntries(
		Object.entries(tokens).map(([name, { token }]) => [name, token]),
	);
}

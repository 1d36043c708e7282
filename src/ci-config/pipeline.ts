// A pipeline file to its jobs: include, then extends, then !reference, as GitLab reads it.
import { atLeast } from "../gitlab/version.js";
import { createBudget } from "./budget.js";
import { leadRound } from "./circular.js";
import type { Variables } from "./expand.js";
import { extendAll } from "./extends.js";
import { type IdToken, readIdTokens } from "./id-tokens.js";
import { type PipelineJob, readJob } from "./job.js";
import { type MergeOptions, readMerged } from "./merged.js";
import {
	nearestText,
	type Place,
	pipelineError,
	placeText,
	shown,
} from "./place.js";
import { followReferences } from "./reference.js";
import type { Decision } from "./rules/decide.js";
import { everything } from "./rules/evaluator.js";
import { loadLanguage } from "./rules/language.js";
import type { Rules } from "./rules/rule.js";
import { readWorkflow } from "./rules/workflow.js";
import { type Entry, isMapping, type Mapping, memberOf } from "./value.js";
import { readVariables } from "./variables.js";

/** A pipeline file that has been read. */
export interface Pipeline {
	/** the file, as the caller named it */
	file: string;
	/** in the order of the file */
	jobs: readonly PipelineJob[];
	/** what GitLab would do and this does not, and what GitLab would warn of */
	warnings: readonly string[];
	/** whether everything that it includes was followed */
	complete: boolean;
	/** whether its workflow lets the pipeline be */
	workflow: Decision;
}

export interface ReadOptions extends MergeOptions {
	/** decides by the rules of workflow, which see the file's variables; default: they are not asked */
	workflow?:
		| ((rules: Rules, variables: Variables) => Promise<Decision>)
		| undefined;
}

/** What is no job at the top of a file. */
const GLOBAL = new Set([
	"default",
	"include",
	"spec",
	"stages",
	"types",
	"variables",
	"workflow",
	"image",
	"services",
	"cache",
	"before_script",
	"after_script",
]);

/**
 * Reads a pipeline file.
 * @param file its path in the project, which errors name too
 * @throws MockError `invalid_pipeline` with file, line and job; `too_large`
 */
export async function readPipeline(
	file: string,
	text: string,
	options: ReadOptions,
): Promise<Pipeline> {
	const warnings = new Set<string>();
	const warn = (line: string) => void warnings.add(line);
	const budget = createBudget(shown(file));
	const { merged, complete } = await readMerged(
		file,
		text,
		options,
		budget,
		warn,
	);
	// What is missing may be in a file that was not followed.
	const missing = complete
		? undefined
		: (place: Place, message: string, job?: string) =>
				warn(
					`${placeText(place)}:${job === undefined ? "" : ` job "${shown(job)}":`} ${message}`,
				);
	const extended = extendAll(merged, budget, missing);
	const config = followReferences(extended, budget, missing);
	const members = jobMembers(config);
	const configs = members.map(([, { value }]) =>
		isMapping(value) ? value : new Map(),
	);
	const ofFile = readVariables(memberOf(config, "variables"));
	const language = await loadLanguage(
		[...configs, ...headOf(config)],
		complete,
		options.version,
		budget,
	);
	const { version, workflow: decide } = options;
	const { rules } = readWorkflow(memberOf(config, "workflow"), language);
	const workflow = rules && decide ? await decide(rules, ofFile) : everything;
	const variables = new Map([
		...ofFile,
		...(workflow.included ? workflow.variables : []),
	]);
	let circular: boolean | undefined;
	const defaults = {
		standard: memberOf(config, "default"),
		idTokens: defaultIdTokens(config, version, warn),
		variables,
		circular() {
			circular ??= leadRound(variables.keys(), variables, budget);
			return circular;
		},
		workflow: rules !== undefined,
		language,
	};
	checkJobs(file, members, configs, complete, warn);
	const jobs = members.map(([name, member], index) =>
		readJob(name, member, configs[index] ?? new Map(), defaults, {
			budget,
			warn,
		}),
	);
	return { file, jobs, complete, warnings: [...warnings], workflow };
}

/**
 * The job of a name.
 * @throws MockError `unknown_job` with the nearest names
 */
export function findJob({ file, jobs }: Pipeline, name: string): PipelineJob {
	const found = jobs.find(
		(job) =>
			job.name === name ||
			job.instances.some((instance) => instance.name === name),
	);
	if (found) return found;
	const names = jobs.map((job) => job.name);
	throw pipelineError(
		{ file, line: 1 },
		`there is no such job${nearestText(name, names)}`,
		name,
		"unknown_job",
	);
}

/** What every job inherits that has no `id_tokens` of its own: since GitLab 16.4. */
function defaultIdTokens(
	config: Mapping,
	version: string,
	warn: (line: string) => void,
): readonly IdToken[] {
	const standard = memberOf(config, "default");
	if (!standard) return [];
	if (!isMapping(standard.value))
		throw pipelineError(standard.place, "default needs a mapping");
	const timeout = memberOf(standard.value, "timeout");
	if (timeout) {
		warn(
			`${placeText(timeout.place)}: default: timeout has no effect in GitLab`,
		);
	}
	const idTokens = memberOf(standard.value, "id_tokens");
	if (!idTokens) return [];
	if (atLeast(version, "16.4")) return readIdTokens(idTokens);
	warn(
		`${placeText(idTokens.place)}: default: id_tokens needs GitLab 16.4, and this is ${version}`,
	);
	return [];
}

/** `workflow`, where it is a mapping. */
function headOf(config: Mapping): Mapping[] {
	const workflow = memberOf(config, "workflow")?.value;
	return isMapping(workflow) ? [workflow] : [];
}

/** Visible jobs: those whose name does not begin with a dot. */
const jobMembers = (config: Mapping): [string, Entry][] =>
	[...config].filter(([name]) => !GLOBAL.has(name) && !name.startsWith("."));

function checkJobs(
	file: string,
	members: readonly [string, Entry][],
	configs: readonly Mapping[],
	complete: boolean,
	warn: (line: string) => void,
): void {
	for (const [name, { value, place }] of members) {
		if (name === "id_tokens") {
			throw pipelineError(
				place,
				"id_tokens belongs in a job or in default, not at the top of the file",
			);
		}
		if (!isMapping(value)) {
			throw pipelineError(
				place,
				`this is no pipeline: "${shown(name)}" is neither a keyword of GitLab's nor a job`,
			);
		}
	}
	if (!complete) return; // what they lack may be in a file that was not followed
	const runs = (config: Mapping) =>
		["script", "run", "trigger"].some((key) => memberOf(config, key));
	if (!configs.some(runs)) {
		const place = members[0]?.[1].place ?? { file, line: 1 };
		throw pipelineError(
			place,
			"this is no pipeline: it has no job with a script",
		);
	}
	for (const [index, [name, { place }]] of members.entries()) {
		if (runs(configs[index] ?? new Map())) continue;
		warn(
			`${placeText(place)}: job "${shown(name)}": has neither script, run nor trigger: GitLab would refuse it`,
		);
	}
}

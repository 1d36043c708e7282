// One job of a pipeline file: what it says of ID tokens, with all that it inherits.

import type { Budget } from "./budget.js";
import { leadRound } from "./circular.js";
import { type EnvironmentText, readEnvironment } from "./environment.js";
import { layered, type Variable, type Variables } from "./expand.js";
import { readIdentity } from "./hidden-tokens.js";
import { type IdToken, readIdTokens } from "./id-tokens.js";
import { type ParallelJob, readParallel } from "./parallel.js";
import { type Place, pipelineError, placeText, shown } from "./place.js";
import { type Inclusion, readInclusion } from "./rules/inclusion.js";
import type { Language } from "./rules/rule.js";
import { readSecrets } from "./secrets.js";
import { parseTimeout } from "./timeout.js";
import {
	type Entry,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
} from "./value.js";
import { inherits, readVariables, valuesOf } from "./variables.js";

/** A job as the file describes it; nothing is expanded yet. */
export interface PipelineJob {
	name: string;
	place: Place;
	stage: string;
	idTokens: readonly IdToken[];
	environment: EnvironmentText | undefined;
	/** seconds; undefined: the project's */
	timeout: number | undefined;
	/** of the file and of the job, the job's own counting more */
	variables: Variables;
	/** whether some of them, or of the matrix's, lead back to themselves through others */
	circular(matrix: ReadonlyMap<string, string>): boolean;
	/** the jobs that run in parallel */
	instances: readonly ParallelJob[];
	/** by the secret's name, the ID token that it is fetched with; null where that is none of the job's */
	secrets: ReadonlyMap<string, string | null>;
	/** where the first secret of GitLab Secrets Manager is */
	secretOfGitLab: Place | undefined;
	/** where `identity: google_cloud` is */
	identity: Place | undefined;
	/** which pipelines it is part of */
	inclusion: Inclusion;
}

/** What jobs take from the file as a whole. */
export interface Defaults {
	/** `default` */
	standard: Entry | undefined;
	idTokens: readonly IdToken[];
	variables: ReadonlyMap<string, Variable>;
	/** whether some of the file's variables lead back to themselves: told once for all jobs */
	circular(): boolean;
	/** whether workflow has rules */
	workflow: boolean;
	/** reads rules */
	language: Language;
}

/**
 * Reads a job.
 * @param config the job with what it extends
 * @throws MockError `invalid_pipeline`
 */
export function readJob(
	name: string,
	{ value, place }: Entry,
	config: Mapping,
	defaults: Defaults,
	{ budget, warn }: { budget: Budget; warn: (line: string) => void },
): PipelineJob {
	if (!isMapping(value)) throw pipelineError(place, "needs a mapping", name);
	const idTokens = idTokensOf(name, config, defaults);
	const instances = readParallel(config, name);
	const own = readVariables(memberOf(config, "variables"), name);
	const variables = layered(own, {
		get: (variable) =>
			inherits(config, "variables", variable)
				? defaults.variables.get(variable)
				: undefined,
	});
	const secrets = readSecrets(config, idTokens, name, (at, message) =>
		warn(`${placeText(at)}: job "${shown(name)}": ${message}`),
	);
	budget.spend(10 * instances.length);
	if (instances.length === 0)
		warn(
			`${placeText(place)}: job "${shown(name)}": its parallel:matrix is empty, so that GitLab makes no job of it`,
		);
	return {
		name,
		place,
		stage: scalarText(memberOf(config, "stage")?.value) ?? "test",
		idTokens,
		environment: readEnvironment(config, name),
		timeout: timeoutOf(name, config),
		variables,
		circular: (matrix) =>
			leadRound(
				[
					...matrix.keys(),
					...own.keys(),
					...(defaults.circular() ? defaults.variables.keys() : []),
				],
				layered(valuesOf(matrix), variables),
				budget,
			),
		instances,
		secrets: secrets.tokens,
		secretOfGitLab: secrets.ofGitLab,
		identity: readIdentity(config, defaults.standard, name),
		inclusion: readInclusion(
			config,
			name,
			defaults.workflow,
			defaults.language,
		),
	};
}

/** A job's own `id_tokens` take the place of the default's; the two are not merged. */
function idTokensOf(
	name: string,
	config: Mapping,
	defaults: Defaults,
): readonly IdToken[] {
	const own = memberOf(config, "id_tokens");
	if (memberOf(config, "trigger")) {
		if (!own) return [];
		throw pipelineError(own.place, "a trigger job can have no id_tokens", name);
	}
	if (own) return readIdTokens(own, name);
	return inherits(config, "default", "id_tokens") ? defaults.idTokens : [];
}

function timeoutOf(name: string, config: Mapping): number | undefined {
	const member = memberOf(config, "timeout");
	if (!member) return undefined;
	const seconds = parseTimeout(scalarText(member.value) ?? "");
	if (seconds !== undefined) return seconds;
	throw pipelineError(
		member.place,
		"timeout needs a duration of at most a month, such as 1h 30m",
		name,
	);
}

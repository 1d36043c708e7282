// A job of a pipeline file in its situation: what GitLab runs, and the audiences of its ID tokens.
import type { Job } from "../gitlab/job.js";
import { atLeast } from "../gitlab/version.js";
import type { Budget } from "./budget.js";
import { expandWithin, layered, type Variables, whenAsked } from "./expand.js";
import { type HiddenToken, hiddenTokens } from "./hidden-tokens.js";
import type { IdToken } from "./id-tokens.js";
import type { PipelineJob } from "./job.js";
import type { ParallelJob } from "./parallel.js";
import { type Place, placeText, shown } from "./place.js";
import {
	predefinedVariables,
	type Surroundings,
	variables,
} from "./predefined.js";
import type { Included } from "./rules/decide.js";
import { slug } from "./slug.js";
import { valuesOf } from "./variables.js";

/** What is issued to one job. */
export interface JobPlan {
	/** with the values of its matrix, where it has one */
	name: string;
	stage: string;
	job: Job;
	/** `aud` by the name of the variable */
	idTokens: ReadonlyMap<string, string | string[]>;
	/** tokens of GitLab's own making */
	hidden: readonly HiddenToken[];
	secrets: ReadonlyMap<string, string | null>;
	/** `on_success`, `manual`, … */
	when: string;
	/** what of its rules nothing here can tell: it counts as held */
	unknown: readonly string[];
	/** the jobs without which GitLab creates no pipeline */
	needs: readonly string[];
	warnings: readonly string[];
}

/** What GitLab calls the job. */
const namesOf = (instance: ParallelJob, { stage }: PipelineJob): Variables =>
	variables({
		CI_JOB_NAME: instance.name,
		CI_JOB_NAME_SLUG: slug(instance.name),
		CI_JOB_STAGE: stage,
		CI_NODE_INDEX: instance.total > 1 ? String(instance.index) : undefined,
		CI_NODE_TOTAL: String(instance.total),
	});

/** Makes the function that gives a job's variables, those that count most first. */
function scopeOf(
	described: PipelineJob,
	instance: ParallelJob,
	given: Variables,
	surroundings: Surroundings,
	warn: (line: string) => void,
): (job: Job) => Variables {
	// One layer: GitLab merges what the matrix and the file say before it expands.
	const ofFile: Variables = {
		get: layered(valuesOf(instance.variables), described.variables).get,
	};
	const named = whenAsked(() => namesOf(instance, described));
	let circular: boolean | undefined;
	return (job) => ({
		...layered(
			given,
			ofFile,
			named,
			whenAsked(() => predefinedVariables(job, surroundings)),
		),
		circular() {
			circular ??= described.circular(instance.variables);
			if (circular) {
				warn(
					`${placeText(described.place)}: job "${shown(described.name)}": some of its variables lead back to themselves, so GitLab expands none in another's value`,
				);
			}
			return circular;
		},
	});
}

/** A job in its situation, and the variables that it has there. */
export interface SituatedJob {
	job: Job;
	known: Variables;
	/** expands what the job says */
	expand(
		text: string,
		known: Variables,
		at: { what: string; place: Place },
	): string;
	warnings: Set<string>;
}

/**
 * Puts one of a job's instances into its situation.
 * @param base on what the pipeline runs: the job as far as the file does not describe it
 * @param given variables that count more than any of the file's
 * @throws MockError `too_large`
 */
export function situate(
	described: PipelineJob,
	instance: ParallelJob,
	base: Job,
	surroundings: Surroundings,
	given: Variables,
	budget: Budget,
): SituatedJob {
	const warnings = new Set<string>();
	const expand = (
		text: string,
		known: Variables,
		{ what, place }: { what: string; place: Place },
	) =>
		expandWithin(budget, text, known, {
			unknown: (name) =>
				warnings.add(
					`${placeText(place)}: job "${shown(described.name)}": ${what}: there is no variable ${shown(name)}, so it is empty; set it with --var ${shown(name)}=…`,
				),
		});
	const scope = scopeOf(described, instance, given, surroundings, (line) =>
		warnings.add(line),
	);
	const timed = { ...base, timeout: described.timeout ?? base.timeout };
	const before = scope({ ...timed, environment: null }); // its own name is not known yet
	const { environment } = described;
	const name =
		environment &&
		expand(environment.name, before, {
			what: "environment:name",
			place: environment.place,
		});
	const job: Job = {
		...timed,
		environment: name
			? {
					name,
					action: environment?.action ?? "start",
					deployment_tier: environment?.deployment_tier ?? null,
					protected: base.environment?.protected ?? false,
				}
			: null,
	};
	return { job, known: scope(job), expand, warnings };
}

/**
 * Plans one of a job's instances.
 * @param decision what its rules say
 * @throws MockError `too_large`
 */
export function planJob(
	described: PipelineJob,
	instance: ParallelJob,
	situated: SituatedJob,
	decision: Included,
	surroundings: Surroundings,
	budget: Budget,
): JobPlan {
	const { job, known, expand, warnings } = situated;
	const audience = (text: string, { name: token, place }: IdToken) => {
		const what = `id_tokens: ${token}: aud`;
		if (atLeast(surroundings.version, "16.1"))
			return expand(text, known, { what, place });
		budget.spend(1 + Math.ceil(text.length / 16));
		return text;
	};
	const idTokens = described.idTokens.map((token) => {
		const { name: variable, aud } = token;
		const expanded =
			typeof aud === "string"
				? audience(aud, token)
				: aud.map((entry) => audience(entry, token));
		return [variable, expanded] as const;
	});
	const hidden = hiddenTokens(described, job, surroundings, (line) =>
		warnings.add(line),
	);
	return {
		name: instance.name,
		stage: described.stage,
		job: { ...job, target_audience: null }, // of hidden tokens alone
		hidden,
		idTokens: new Map(idTokens),
		secrets: described.secrets,
		when: decision.when,
		needs: decision.needs ?? described.inclusion.needs,
		unknown: decision.unknown,
		warnings: [...warnings],
	};
}

// The jobs of a pipeline file in a situation, and the ID tokens that GitLab would issue to one of them.
import { createBudget } from "../../ci-config/budget.js";
import { expandText, layered, type Variables } from "../../ci-config/expand.js";
import type { ProjectFiles } from "../../ci-config/include.js";
import type { PipelineJob } from "../../ci-config/job.js";
import {
	findJob,
	type Pipeline,
	readPipeline,
} from "../../ci-config/pipeline.js";
import { pipelineError, shown } from "../../ci-config/place.js";
import { type JobPlan, planJob } from "../../ci-config/plan.js";
import { predefinedVariables } from "../../ci-config/predefined.js";
import { MockError } from "../../errors.js";
import { atLeast, parseVersion } from "../../gitlab/version.js";
import type { Catalogue } from "../../scenario/catalogue.js";
import { DEFAULT_SCENARIO } from "../../scenario/mint.js";
import type { JobDifferences } from "../../scenario/schema.js";
import { type Base, baseOf, type SituationText } from "./situation.js";

/** A pipeline file, and the files of its project that it may include. */
export interface PipelineSource {
	/** its path in the project, such as `.gitlab-ci.yml` */
	path: string;
	text: string;
	files: ProjectFiles;
}

/** The GitLab that the pipeline would run on. */
export interface Host {
	catalogue: Catalogue;
	/** URL without a trailing slash */
	issuer: string;
	version: string;
	/** how its baseline job differs from the built-in one */
	baseline?: JobDifferences | undefined;
}

/** What a pipeline file comes to in a situation. */
export interface PlannedJobs {
	/** the scenario's id */
	scenario: string;
	plans: JobPlan[];
	warnings: string[];
}

const MOST_PLANS = 20_000; // of all jobs and their matrices

/**
 * Reads a pipeline file and plans its jobs, or one of them.
 * @param name a job's, or one of those that its matrix makes; undefined: all
 * @throws MockError `invalid_pipeline`, `unknown_job`, `unknown_scenario`, `invalid_request`, `too_large`
 */
export async function planJobs(
	source: PipelineSource,
	name: string | undefined,
	situation: SituationText,
	host: Host,
): Promise<PlannedJobs> {
	const scenario = host.catalogue.find(situation.scenario ?? DEFAULT_SCENARIO);
	const version = scenario.instance?.gitlab_version
		? parseVersion(scenario.instance.gitlab_version)
		: host.version;
	if (!atLeast(version, "15.7")) {
		throw new MockError(
			"invalid_request",
			`id_tokens came with GitLab 15.7, and this one is ${version}`,
		);
	}
	const base = baseOf(scenario, situation, source.path, host.baseline);
	const given: Variables = new Map(
		Object.entries(situation.variables ?? {}).map(([key, value]) => [
			key,
			{ value, expand: false },
		]),
	);
	const around = {
		issuer: host.issuer,
		version,
		defaultBranch: base.defaultBranch,
	};
	const known = layered(given, predefinedVariables(base.job, around));
	const pipeline = await readPipeline(source.path, source.text, {
		files: source.files,
		version,
		expand: (text, warn) =>
			expandText(text, known, {
				unknown: (variable) =>
					warn(`include: there is no variable ${shown(variable)}`),
			}),
	});
	const ids = numbered(pipeline, base);
	const budget = createBudget(shown(source.path));
	const wanted = name === undefined ? pipeline.jobs : [findJob(pipeline, name)];
	const plans = wanted.flatMap((job) => {
		const planned = job.instances.map((instance) =>
			planJob(
				job,
				instance,
				{ ...base.job, id: ids.get(instance.name) ?? base.job.id },
				around,
				given,
				budget,
			),
		);
		return name === undefined
			? alike(job, planned)
			: [chosen(job, planned, name)];
	});
	return {
		scenario: scenario.id,
		plans,
		warnings: [
			...new Set([
				...pipeline.warnings,
				...plans.flatMap(({ warnings }) => warnings),
			]),
		],
	};
}

/** A number for each job of the pipeline, in their order. */
function numbered(
	{ jobs, file }: Pipeline,
	{ job }: Base,
): Map<string, number> {
	const names = jobs.flatMap(({ instances }) =>
		instances.map(({ name }) => name),
	);
	if (names.length > MOST_PLANS) {
		throw new MockError(
			"too_large",
			`${shown(file)}: more than ${MOST_PLANS} jobs`,
		);
	}
	const room = Number.isSafeInteger(job.id + names.length);
	return new Map(
		names.map((name, index) => [name, room ? job.id + index : job.id]),
	);
}

/** What makes a difference to a token, besides the job's number. */
const essence = (plan: JobPlan): string =>
	JSON.stringify([[...plan.idTokens], plan.job.environment]);

/** Jobs that run in parallel and get the same tokens, as one. */
function alike(job: PipelineJob, planned: readonly JobPlan[]): JobPlan[] {
	const [first] = planned;
	const same = new Set(planned.map(essence)).size === 1;
	return first && same ? [{ ...first, name: job.name }] : [...planned];
}

function chosen(
	job: PipelineJob,
	planned: readonly JobPlan[],
	name: string,
): JobPlan {
	const exact = planned.find((plan) => plan.name === name);
	const [one, ...others] = exact ? [exact] : alike(job, planned);
	if (one && others.length === 0) return one;
	if (planned.length === 0) {
		throw pipelineError(
			job.place,
			"its parallel:matrix is empty, so that GitLab makes no job of it",
			job.name,
			"unknown_job",
		);
	}
	const names = planned.map((plan) => `"${shown(plan.name)}"`);
	throw pipelineError(
		job.place,
		`its tokens differ by matrix: name one of ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`,
		job.name,
		"invalid_request",
	);
}

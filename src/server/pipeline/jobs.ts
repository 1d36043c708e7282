// The jobs of a pipeline file in a situation, and the ID tokens that GitLab would issue to one of them.
import { createBudget } from "../../ci-config/budget.js";
import type { Copies } from "../../ci-config/copies.js";
import { layered, type Variables } from "../../ci-config/expand.js";
import { type Pipeline, readPipeline } from "../../ci-config/pipeline.js";
import { shown } from "../../ci-config/place.js";
import { predefinedVariables } from "../../ci-config/predefined.js";
import type { ProjectFiles } from "../../ci-config/project-files.js";
import { createEvaluator } from "../../ci-config/rules/evaluator.js";
import { MockError } from "../../errors.js";
import { atLeast, parseVersion } from "../../gitlab/version.js";
import type { Catalogue } from "../../scenario/catalogue.js";
import { DEFAULT_SCENARIO } from "../../scenario/mint.js";
import type { JobDifferences, Scenario } from "../../scenario/schema.js";
import { type Chosen, createChooser } from "./choose.js";
import { circumstancesOf, inWords } from "./circumstances.js";
import { type Base, baseOf, type SituationText } from "./situation.js";

/** A pipeline file, and the files of its project that it may include. */
export interface PipelineSource {
	/** its path in the project, such as `.gitlab-ci.yml` */
	path: string;
	text: string;
	files: ProjectFiles;
	/** of what it includes from elsewhere */
	copies?: Copies;
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
export interface PlannedJobs extends Chosen {
	/** the scenario's id */
	scenario: string;
	/** in words */
	situation: string;
	warnings: string[];
}

const MOST_PLANS = 20_000; // of all jobs and their matrices

/**
 * Reads a pipeline file and plans its jobs, or one of them.
 * @param name a job's, or one of those that its matrix makes; undefined: all
 * @throws MockError `invalid_pipeline`, `unknown_job`, `unknown_scenario`, `invalid_request`, `too_large`;
 *   `not_applicable` for a job that the situation has not
 */
export async function planJobs(
	source: PipelineSource,
	name: string | undefined,
	situation: SituationText,
	host: Host,
): Promise<PlannedJobs> {
	const scenario = host.catalogue.find(situation.scenario ?? DEFAULT_SCENARIO);
	const version = versionOf(scenario, host);
	const base = baseOf(scenario, situation, source.path, host.baseline);
	const given = givenVariables(situation);
	const around = {
		issuer: host.issuer,
		version,
		defaultBranch: base.defaultBranch,
		secretsManager: situation.secrets_manager,
		target: base.target,
		commit: situation.checkout?.commit,
	};
	const known = layered(given, predefinedVariables(base.job, around));
	const budget = createBudget(shown(source.path));
	const evaluator = createEvaluator(
		circumstancesOf(base, situation, source.files),
		budget,
	);
	const pipeline = await readPipeline(source.path, source.text, {
		files: source.files,
		version,
		copies: source.copies,
		inputs: situation.inputs,
		variables: known,
		include: situation.all
			? undefined
			: (rules, elsewhere) => evaluator.rules(rules, known, elsewhere),
		workflow: (rules, variables) =>
			evaluator.rules(rules, layered(given, variables, known)),
	});
	const chooser = createChooser({
		base,
		around,
		given,
		budget,
		evaluator,
		ids: numbered(pipeline, base),
		all: situation.all ?? false,
	});
	const chosen = await (name === undefined
		? chooser.all(pipeline)
		: chooser.one(pipeline, name));
	// What was not followed may have jobs.
	const sure = pipeline.complete || !pipeline.workflow.included;
	const warnings = new Set([
		...base.notes,
		...pipeline.warnings,
		...chosen.plans.flatMap((plan) => plan.warnings),
		...evaluator.warnings(),
	]);
	return {
		scenario: scenario.id,
		situation: inWords(base),
		...chosen,
		noPipeline: sure ? chosen.noPipeline : undefined,
		warnings: [...warnings],
	};
}

/** @throws MockError `invalid_request` before there were ID tokens */
function versionOf({ instance }: Scenario, host: Host): string {
	const version = instance?.gitlab_version
		? parseVersion(instance.gitlab_version)
		: host.version;
	if (atLeast(version, "15.7")) return version;
	throw new MockError(
		"invalid_request",
		`id_tokens came with GitLab 15.7, and this one is ${version}`,
	);
}

/** They count more than any of the file's. */
const givenVariables = ({ variables = {} }: SituationText): Variables =>
	new Map(
		Object.entries(variables).map(([key, value]) => [
			key,
			{ value, expand: false },
		]),
	);

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

// Which jobs of a pipeline a situation has, each planned; and why it has not the others.
import type { Budget } from "../../ci-config/budget.js";
import { layered, type Variables } from "../../ci-config/expand.js";
import type { PipelineJob } from "../../ci-config/job.js";
import type { ParallelJob } from "../../ci-config/parallel.js";
import { findJob, type Pipeline } from "../../ci-config/pipeline.js";
import { pipelineError, placeText, shown } from "../../ci-config/place.js";
import { type JobPlan, planJob, situate } from "../../ci-config/plan.js";
import type { Surroundings } from "../../ci-config/predefined.js";
import { type Evaluator, everything } from "../../ci-config/rules/evaluator.js";
import { inWords } from "./circumstances.js";
import type { Base } from "./situation.js";

/** What a situation has, and what it has not. */
export interface Chosen {
	plans: JobPlan[];
	leftOut: LeftOut[];
	/** why there is no pipeline at all */
	noPipeline: string | undefined;
}

/** A job that the situation has not. */
export interface LeftOut {
	name: string;
	why: string;
}

interface Choosing {
	base: Base;
	around: Surroundings;
	/** variables that count more than any of the file's */
	given: Variables;
	budget: Budget;
	evaluator: Evaluator;
	/** the jobs' numbers, by their names */
	ids: ReadonlyMap<string, number>;
	/** every job is taken, whatever its rules say */
	all: boolean;
}

/** What became of a job. */
type Fate = { plan: JobPlan } | LeftOut;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share one situation
export function createChooser(choosing: Choosing) {
	const { base, around, given, budget, evaluator, ids, all } = choosing;

	async function fateOf(
		job: PipelineJob,
		instance: ParallelJob,
	): Promise<Fate> {
		const { name } = instance;
		const own = { ...base.job, id: ids.get(name) ?? base.job.id };
		const before = situate(job, instance, own, around, given, budget);
		const said = await evaluator.job(job.inclusion, before.known);
		if (!said.included && !all) return { name, why: said.why };
		const decision = said.included
			? said
			: { ...everything, when: job.inclusion.when };
		const situated =
			decision.variables.size === 0
				? before
				: situate(
						job,
						instance,
						own,
						around,
						layered(given, decision.variables),
						budget,
					);
		const plan = planJob(job, instance, situated, decision, around, budget);
		const doubts = all ? [] : decision.unknown;
		const unknown = doubts.map(
			(what) =>
				`${placeText(job.place)}: job "${shown(job.name)}": whether it is part of ${inWords(base)} depends on what is not known here, and it counts as part: ${what}`,
		);
		return { plan: { ...plan, warnings: [...plan.warnings, ...unknown] } };
	}

	async function fatesOf(job: PipelineJob): Promise<Fate[]> {
		const fates: Fate[] = [];
		for (const instance of job.instances)
			fates.push(await fateOf(job, instance));
		return fates;
	}

	return {
		/** Every job, as one where those that run in parallel get the same tokens. */
		async all(pipeline: Pipeline): Promise<Chosen> {
			const closed = all ? undefined : closedBy(pipeline);
			if (closed !== undefined) {
				const leftOut = pipeline.jobs.map(({ name }) => ({
					name,
					why: closed,
				}));
				return { plans: [], leftOut, noPipeline: closed };
			}
			const chosen: Chosen = { plans: [], leftOut: [], noPipeline: undefined };
			for (const job of pipeline.jobs) {
				const fates = await fatesOf(job);
				chosen.plans.push(...alike(job, plansIn(fates)));
				chosen.leftOut.push(...together(job, leftOutIn(fates)));
			}
			const noPipeline = all ? undefined : emptiness(chosen.plans);
			return {
				...chosen,
				plans: chosen.plans.map(complaining(chosen)),
				noPipeline,
			};
		},

		/** @throws MockError `unknown_job`; `not_applicable` where the situation has it not */
		async one(pipeline: Pipeline, name: string): Promise<Chosen> {
			const job = findJob(pipeline, name);
			const closed = all ? undefined : closedBy(pipeline);
			if (closed !== undefined) throw notPart(job, name, closed);
			const fates = await fatesOf(job);
			const leftOut = leftOutIn(fates);
			const exact = leftOut.find((left) => left.name === name);
			if (exact) throw notPart(job, name, exact.why);
			if (fates.length === 0) throw noInstance(job);
			const plans = plansIn(fates);
			const [first] = leftOut;
			if (plans.length === 0 && first) throw notPart(job, name, first.why);
			return {
				plans: [chosenFrom(job, plans, name)],
				leftOut: [],
				noPipeline: undefined,
			};
		},
	};

	/** Makes the function that adds to a job's warnings what it needs in vain. */
	function complaining({ leftOut }: Chosen): (plan: JobPlan) => JobPlan {
		const missing = new Set(leftOut.map(({ name }) => name));
		return (plan) => {
			const needed = plan.needs.filter((name) => missing.has(name)).map(shown);
			const said = `job "${shown(plan.name)}" needs ${needed.join(", ")}, not part of ${inWords(base)}: GitLab refuses the pipeline (unless it is needed with optional: true)`;
			return needed.length === 0
				? plan
				: { ...plan, warnings: [...plan.warnings, said] };
		};
	}

	function notPart(job: PipelineJob, name: string, why: string) {
		return pipelineError(
			job.place,
			`it is not part of ${inWords(base)}: ${why}. --ref, --tag, --merge-request and --schedule name other situations, --all takes it all the same`,
			name,
			"not_applicable",
		);
	}
}

const noInstance = (job: PipelineJob) =>
	pipelineError(
		job.place,
		"its parallel:matrix is empty, so that GitLab makes no job of it",
		job.name,
		"unknown_job",
	);

/** Why workflow lets no pipeline be. */
const closedBy = ({ workflow }: Pipeline): string | undefined =>
	workflow.included ? undefined : `workflow: ${workflow.why}`;

const plansIn = (fates: readonly Fate[]): JobPlan[] =>
	fates.flatMap((fate) => ("plan" in fate ? [fate.plan] : []));

const leftOutIn = (fates: readonly Fate[]): LeftOut[] =>
	fates.flatMap((fate) => ("plan" in fate ? [] : [fate]));

/** GitLab makes no pipeline of nothing, nor of .pre and .post alone. */
function emptiness(plans: readonly JobPlan[]): string | undefined {
	if (plans.length === 0) return "no job is part of it";
	return plans.every(({ stage }) => stage === ".pre" || stage === ".post")
		? "its jobs are in the stages .pre and .post alone"
		: undefined;
}

/** Those that run in parallel, as one where all are left out. */
const together = (job: PipelineJob, leftOut: LeftOut[]): LeftOut[] => {
	const [first] = leftOut;
	return first && leftOut.length === job.instances.length
		? [{ ...first, name: job.name }]
		: leftOut;
};

/** What makes a difference to a token, besides the job's number. */
const essence = (plan: JobPlan): string =>
	JSON.stringify([[...plan.idTokens], plan.job.environment]);

/** Jobs that run in parallel and get the same tokens, as one. */
function alike(job: PipelineJob, planned: readonly JobPlan[]): JobPlan[] {
	const [first] = planned;
	const same =
		planned.length === job.instances.length &&
		new Set(planned.map(essence)).size === 1;
	return first && same ? [{ ...first, name: job.name }] : [...planned];
}

function chosenFrom(
	job: PipelineJob,
	planned: readonly JobPlan[],
	name: string,
): JobPlan {
	const exact = planned.find((plan) => plan.name === name);
	const [one, ...others] = exact ? [exact] : alike(job, planned);
	if (one && others.length === 0) return one;
	const names = planned.map((plan) => `"${shown(plan.name)}"`);
	throw pipelineError(
		job.place,
		`its tokens differ by matrix: name one of ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`,
		job.name,
		"invalid_request",
	);
}

// On what a pipeline runs: a genuine scenario, the git checkout beneath it, and changes on top.
import { z } from "zod";
import { MockError } from "../../errors.js";
import { type Job, jobSchema } from "../../gitlab/job.js";
import { adjust } from "../../scenario/adjust.js";
import { BLANK, baselineJob } from "../../scenario/baseline.js";
import { jobOf } from "../../scenario/compile.js";
import { applyDifferences } from "../../scenario/differences.js";
import type { JobDifferences, Scenario } from "../../scenario/schema.js";

/** What a git checkout says of the pipelines that would run for it. */
const checkoutSchema = z.strictObject({
	project: z.string().min(1).optional().meta({
		description: "full path of the project, from the remote's URL",
	}),
	ref: z.string().min(1).optional(),
	ref_type: z.enum(["branch", "tag"]).optional(),
	sha: jobSchema.shape.sha.optional(),
	default_branch: z.string().min(1).optional(),
	user: z
		.strictObject({ login: z.string(), email: z.string().nullable() })
		.optional(),
	commit: z
		.strictObject({
			author: z.string(),
			timestamp: z.string(),
			message: z.string(),
		})
		.optional()
		.meta({ description: "for CI_COMMIT_MESSAGE and the like" }),
});
export type Checkout = z.infer<typeof checkoutSchema>;

export const situationSchema = z.strictObject({
	scenario: z.string().optional().meta({
		description:
			"what the pipeline runs on: a genuine scenario's id, or its last segment; default valid/baseline",
	}),
	ref: z.string().min(1).optional().meta({ description: "a branch instead" }),
	tag: z.string().min(1).optional().meta({ description: "a tag instead" }),
	merge_request: z.boolean().optional().meta({
		description: "a merge request pipeline of the branch",
	}),
	target: z.string().min(1).optional().meta({
		description: "the merge request's target; default the default branch",
	}),
	schedule: z
		.boolean()
		.optional()
		.meta({ description: "a scheduled pipeline" }),
	changed: z.array(z.string().max(1024)).max(1000).optional().meta({
		description:
			"the files that were changed, for `changes`; without them that is not known",
	}),
	all: z.boolean().optional().meta({
		description: "all jobs, whatever their rules say",
	}),
	set: z.array(z.string()).optional().meta({
		description: "changes of the job, such as `environment.protected=true`",
	}),
	variables: z.record(z.string(), z.string()).optional().meta({
		description: "CI/CD variables, which count more than the file's",
	}),
	inputs: z
		.record(
			z.string(),
			z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]),
		)
		.optional()
		.meta({
			description:
				"of the file, as its `spec: inputs` has them; a text may be the JSON of another type",
		}),
	secrets_manager: z.string().min(1).optional().meta({
		description:
			"URL of the OpenBao of GitLab Secrets Manager: the audience of the tokens that GitLab makes for it",
	}),
	checkout: checkoutSchema.optional().meta({
		description: "what a git checkout says, beneath the scenario",
	}),
});
export type SituationText = z.infer<typeof situationSchema>;

/** The job of a pipeline, as far as no pipeline file describes it. */
export interface Base {
	job: Job;
	defaultBranch: string;
	/** of a merge request */
	target: string;
	/** what is to be told of it */
	notes: string[];
}

/**
 * @param path the pipeline file's path in the project
 * @param own how the instance's baseline differs from the built-in one
 * @throws MockError `invalid_request` for a forgery, for what does not go together, or a setting that does not fit
 */
export function baseOf(
	scenario: Scenario,
	situation: SituationText,
	path: string,
	own?: JobDifferences,
): Base {
	if (scenario.expect === "reject") {
		throw new MockError(
			"invalid_request",
			`a job gets genuine tokens only, and ${scenario.id} is a forgery: take one such as ref/protected-tag`,
		);
	}
	const { checkout = {}, ref, tag, set = [] } = situation;
	checkTogether(situation);
	const baseline = applyDifferences(baselineJob(scenario.id), own, BLANK);
	const defaultBranch = checkout.default_branch ?? baseline.ref;
	const onItsOwn = ["ref", "ref_type", "ref_protected"].some(
		(key) => key in (scenario.job ?? {}),
	);
	const below = applyDifferences(
		baseline,
		checkoutJob(
			onItsOwn
				? { ...checkout, ref: undefined, ref_type: undefined }
				: checkout,
			defaultBranch,
		),
	);
	let job = applyDifferences(below, scenario.job, BLANK);
	const named = ref ?? tag;
	if (named !== undefined) {
		const ref_type = tag === undefined ? "branch" : "tag";
		// A scenario that somebody chose says whether its ref is protected; otherwise it is the default branch alone.
		const ref_protected =
			situation.scenario === undefined
				? ref === defaultBranch
				: job.ref_protected;
		job = { ...job, ref: named, ref_type, ref_protected };
	}
	const target = situation.target ?? defaultBranch;
	const notes: string[] = [];
	if (situation.merge_request)
		job = inMergeRequest(job, situation, target, notes);
	if (situation.schedule)
		job = { ...job, pipeline: { ...job.pipeline, source: "schedule" } };
	if (job.config?.project === null) {
		job = { ...job, config: { ...job.config, path } };
	}
	return {
		job: jobOf(adjust({ ...scenario, job }, undefined, set)),
		defaultBranch,
		target,
		notes,
	};
}

/** @throws MockError `invalid_request` */
function checkTogether({
	ref,
	tag,
	merge_request,
	schedule,
	target,
}: SituationText): void {
	const fail = (message: string) => new MockError("invalid_request", message);
	if (ref !== undefined && tag !== undefined)
		throw fail(
			"a pipeline runs on a branch or on a tag: give ref or tag, not both",
		);
	if (merge_request && tag !== undefined)
		throw fail("a merge request is of a branch: give ref, not tag");
	if (merge_request && schedule)
		throw fail(
			"a pipeline is of a merge request or of a schedule, not of both",
		);
	if (target !== undefined && !merge_request)
		throw fail("only a merge request has a target: give merge_request too");
}

const SOMEBODYS_BRANCH = "unmerged";

/** A merge request pipeline of the job's branch. */
function inMergeRequest(
	job: Job,
	{ scenario, ref }: SituationText,
	target: string,
	notes: string[],
): Job {
	const source = ref ?? (job.ref === target ? SOMEBODYS_BRANCH : job.ref);
	if (source !== (ref ?? job.ref))
		notes.push(
			`a merge request of ${target} into itself is none, so its branch is taken as ${source}: --ref names another`,
		);
	return {
		...job,
		ref: source,
		ref_type: "branch",
		...(scenario === undefined && { ref_protected: false }),
		pipeline: { ...job.pipeline, source: "merge_request_event" },
	};
}

function checkoutJob(checkout: Checkout, defaultBranch: string) {
	const { project, default_branch, ref_type = "branch", sha, user } = checkout;
	const ref = checkout.ref ?? default_branch;
	const namespace = project?.slice(0, Math.max(project.lastIndexOf("/"), 0));
	return {
		...(project !== undefined && { project: { path: project } }),
		...(ref !== undefined && {
			ref,
			ref_type,
			ref_protected: ref_type === "branch" && ref === defaultBranch,
		}),
		...(sha !== undefined && { sha }),
		...((user || namespace) && {
			user: { ...user, ...(namespace && { groups_direct: [namespace] }) },
		}),
	};
}

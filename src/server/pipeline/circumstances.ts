// The situation of a pipeline as its rules see it, and in words.
import type { ProjectFiles } from "../../ci-config/project-files.js";
import type { Circumstances } from "../../ci-config/rules/decide.js";
import { isForkMergeRequest } from "../../gitlab/job.js";
import type { Base, SituationText } from "./situation.js";

export function circumstancesOf(
	{ job }: Base,
	{ changed }: SituationText,
	files: ProjectFiles,
): Circumstances {
	const { source } = job.pipeline;
	return {
		source,
		ref: job.ref,
		kind: source === "merge_request_event" ? "merge request" : job.ref_type,
		project: (isForkMergeRequest(job) ? job.fork_of : job.project).path,
		changed,
		async exists(wildcards, spend) {
			const found = await files.exists?.(wildcards, spend);
			return typeof found === "string" || found;
		},
	};
}

/** Such as `a push to the branch main`. */
export function inWords({ job, target }: Base): string {
	const { source } = job.pipeline;
	const on = `the ${job.ref_type} ${job.ref}`;
	switch (source) {
		case "push":
			return `a push ${job.ref_type === "tag" ? "of" : "to"} ${on}`;
		case "merge_request_event":
			return `a merge request of ${on} into ${target}`;
		case "schedule":
			return `a schedule on ${on}`;
		default:
			return `a pipeline of ${source} on ${on}`;
	}
}

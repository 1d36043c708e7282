// Which projects a token names: the one that is built, the one that runs the job, and where a merge request comes from.
import { has } from "./history.js";
import { isForkMergeRequest, type Job, type Project } from "./job.js";

/** The project in which the pipeline runs: for a fork's merge request, the parent. */
export const runsIn = (job: Job): Project =>
	isForkMergeRequest(job) ? job.fork_of : job.project;

/** The project that the token is about: for a fork's merge request the fork, and the parent before 18.2.2. */
export const aboutProject = (job: Job, version: string): Project =>
	has(version, "fork_named") ? job.project : runsIn(job);

/** What comes first: `project_*` and `namespace_*`. */
export function projectClaims(
	job: Job,
	version: string,
): Record<string, string> {
	const { project, namespace } = named("", aboutProject(job, version));
	return has(version, "job_project")
		? { ...project, ...namespace }
		: { ...namespace, ...project };
}

/** What comes behind the user: `job_*`, and `source_*` of later versions. */
export function roleClaims(job: Job, version: string): Record<string, string> {
	return {
		...(has(version, "job_project") && together("job_", runsIn(job))),
		...(has(version, "source_project") && together("source_", job.project)),
	};
}

const together = (prefix: string, of: Project): Record<string, string> => {
	const { project, namespace } = named(prefix, of);
	return { ...project, ...namespace };
};

const named = (
	prefix: string,
	{ id, path, namespace_id }: Project,
): Record<"project" | "namespace", Record<string, string>> => ({
	project: {
		[`${prefix}project_id`]: String(id),
		[`${prefix}project_path`]: path,
	},
	namespace: {
		[`${prefix}namespace_id`]: String(namespace_id),
		[`${prefix}namespace_path`]: path.slice(0, path.lastIndexOf("/")),
	},
});

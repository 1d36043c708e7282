// The predefined CI/CD variables of a job, from the same description as the claims of its token.
import { tierByName } from "../gitlab/deployment-tier.js";
import { isForkMergeRequest, type Job } from "../gitlab/job.js";
import { atLeast } from "../gitlab/version.js";
import type { Variable } from "./expand.js";
import { environmentSlug, slug } from "./slug.js";

/** What a commit says. */
interface Commit {
	/** `Name <address>` */
	author: string;
	/** ISO 8601 */
	timestamp: string;
	message: string;
}

/** What is known of a job besides its description. */
export interface Surroundings {
	/** URL of the instance, without a trailing slash */
	issuer: string;
	/** GitLab's version, `major.minor[.patch]` */
	version: string;
	/** the project's default branch */
	defaultBranch: string;
	/** URL of the OpenBao of GitLab Secrets Manager */
	secretsManager?: string | undefined;
	/** of a merge request; default: the default branch */
	target?: string;
	/** what the commit says; undefined: nobody knows */
	commit?: Commit | undefined;
}

/** Variables that a runner or an administrator sets, or that are of no use here, are left out. */
export function predefinedVariables(
	job: Job,
	{
		issuer,
		version,
		defaultBranch,
		target = defaultBranch,
		commit,
	}: Surroundings,
): ReadonlyMap<string, Variable> {
	return variables({
		CI: "true",
		GITLAB_CI: "true",
		...serverVariables(issuer, version),
		...projectVariables(job, issuer),
		...commitVariables(job),
		...messageVariables(commit),
		...mergeRequestVariables(job, issuer, target, defaultBranch),
		...environmentVariables(job),
		CI_DEFAULT_BRANCH: defaultBranch,
		CI_CONFIG_PATH: job.config?.path,
		CI_PIPELINE_ID: String(job.pipeline.id),
		CI_PIPELINE_SOURCE: job.pipeline.source,
		CI_PIPELINE_TRIGGERED:
			job.pipeline.source === "trigger" ? "true" : undefined,
		CI_JOB_ID: String(job.id),
		CI_RUNNER_ID: job.runner ? String(job.runner.id) : undefined,
		GITLAB_USER_ID: job.user ? String(job.user.id) : undefined,
		GITLAB_USER_LOGIN: job.user?.login,
		GITLAB_USER_EMAIL: job.user?.email ?? undefined,
	});
}

/** Values as they are, without those that there are not. */
export const variables = (
	values: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, Variable> =>
	new Map(
		Object.entries(values).flatMap(([name, value]) =>
			value === undefined ? [] : [[name, { value, expand: false }]],
		),
	);

function serverVariables(issuer: string, version: string) {
	const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
	const protocol = url?.protocol.replace(":", "");
	const [major, minor, patch = "0"] = version.split(".");
	return {
		CI_SERVER: "yes",
		CI_SERVER_NAME: "GitLab",
		CI_SERVER_URL: issuer,
		CI_SERVER_HOST: url?.hostname,
		CI_SERVER_PORT: url && (url.port || (protocol === "https" ? "443" : "80")),
		CI_SERVER_PROTOCOL: protocol,
		CI_SERVER_FQDN: atLeast(version, "16.10") ? url?.host : undefined,
		CI_SERVER_VERSION: `${major}.${minor}.${patch}`,
		CI_SERVER_VERSION_MAJOR: major,
		CI_SERVER_VERSION_MINOR: minor,
		CI_SERVER_VERSION_PATCH: patch,
		CI_API_V4_URL: `${issuer}/api/v4`,
		CI_API_GRAPHQL_URL: `${issuer}/api/graphql`,
	};
}

function projectVariables(job: Job, issuer: string) {
	const project = isForkMergeRequest(job) ? job.fork_of : job.project;
	const { path } = project;
	const url = `${issuer}/${path}`;
	return {
		CI_PROJECT_ID: String(project.id),
		CI_PROJECT_PATH: path,
		CI_PROJECT_PATH_SLUG: slug(path),
		CI_PROJECT_NAME: path.slice(path.lastIndexOf("/") + 1),
		CI_PROJECT_TITLE: path.slice(path.lastIndexOf("/") + 1),
		CI_PROJECT_NAMESPACE: path.slice(0, Math.max(path.lastIndexOf("/"), 0)),
		CI_PROJECT_NAMESPACE_ID: String(project.namespace_id),
		CI_PROJECT_ROOT_NAMESPACE: path.split("/", 1)[0],
		CI_PROJECT_VISIBILITY: project.visibility,
		CI_PROJECT_URL: url,
		CI_PIPELINE_URL: `${url}/-/pipelines/${job.pipeline.id}`,
		CI_JOB_URL: `${url}/-/jobs/${job.id}`,
	};
}

const isMergeRequest = ({ pipeline }: Job) =>
	pipeline.source === "merge_request_event";

function commitVariables(job: Job) {
	const isTag = job.ref_type === "tag";
	return {
		CI_COMMIT_SHA: job.sha,
		CI_COMMIT_SHORT_SHA: job.sha.slice(0, 8),
		CI_COMMIT_BEFORE_SHA:
			isTag || job.pipeline.source !== "push" ? "0".repeat(40) : undefined,
		CI_COMMIT_REF_NAME: job.ref,
		CI_COMMIT_REF_SLUG: slug(job.ref),
		CI_COMMIT_REF_PROTECTED: String(job.ref_protected),
		CI_COMMIT_TAG: isTag ? job.ref : undefined,
		CI_COMMIT_BRANCH: isTag || isMergeRequest(job) ? undefined : job.ref,
	};
}

const LONG_TITLE = 100; // characters, from which on the description has the whole message

function messageVariables(commit: Commit | undefined) {
	if (!commit) return {};
	const { message, author, timestamp } = commit;
	const [title = "", ...rest] = message.split("\n");
	return {
		CI_COMMIT_MESSAGE: message,
		CI_COMMIT_TITLE: title,
		CI_COMMIT_DESCRIPTION:
			title.length < LONG_TITLE ? rest.join("\n").trim() : message,
		CI_COMMIT_AUTHOR: author,
		CI_COMMIT_TIMESTAMP: timestamp,
	};
}

/** It is the first of its project, no draft, and of a pipeline of its branch alone; its title and labels are not known. */
function mergeRequestVariables(
	job: Job,
	issuer: string,
	branch: string,
	defaultBranch: string,
) {
	if (!isMergeRequest(job)) return {};
	const target = isForkMergeRequest(job) ? job.fork_of : job.project;
	return {
		CI_MERGE_REQUEST_ID: "1",
		CI_MERGE_REQUEST_IID: "1",
		CI_MERGE_REQUEST_REF_PATH: "refs/merge-requests/1/head",
		CI_MERGE_REQUEST_EVENT_TYPE: "detached",
		CI_MERGE_REQUEST_DRAFT: "false",
		CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: job.ref,
		CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED: String(job.ref_protected),
		CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "", // only merged results have them
		CI_MERGE_REQUEST_TARGET_BRANCH_SHA: "",
		CI_MERGE_REQUEST_SOURCE_PROJECT_ID: String(job.project.id),
		CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: job.project.path,
		CI_MERGE_REQUEST_SOURCE_PROJECT_URL: `${issuer}/${job.project.path}`,
		CI_MERGE_REQUEST_TARGET_BRANCH_NAME: branch,
		CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED: String(branch === defaultBranch),
		CI_MERGE_REQUEST_PROJECT_ID: String(target.id),
		CI_MERGE_REQUEST_PROJECT_PATH: target.path,
		CI_MERGE_REQUEST_PROJECT_URL: `${issuer}/${target.path}`,
	};
}

function environmentVariables({ environment }: Job) {
	if (!environment) return {};
	const { name, action, deployment_tier } = environment;
	return {
		CI_ENVIRONMENT_NAME: name,
		CI_ENVIRONMENT_SLUG: environmentSlug(name),
		CI_ENVIRONMENT_ACTION: action,
		CI_ENVIRONMENT_TIER: deployment_tier ?? tierByName(name),
	};
}

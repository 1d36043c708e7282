// The claims that GitLab derives from a job, in the order and with the types of each version.
import { tierByName } from "./deployment-tier.js";
import { isForkMergeRequest, type Job, type Project } from "./job.js";
import type { Plan } from "./plan.js";
import { subOf } from "./sub.js";
import { atLeast } from "./version.js";

/** A token's payload. The order of the members is the order in the token. */
export type Claims = Record<string, unknown>;

/** What a token says that is not about the job. */
export interface Issuance {
	/** URL of the instance, without a trailing slash (`iss`) */
	issuer: string;
	/** GitLab's version, `major.minor[.patch]` */
	version: string;
	/** below `premium` no environment is protected */
	plan: Plan;
	/** `aud` as the job wrote it: a string stays a string, a list a list */
	audience: string | string[];
	/** `iat`, in whole seconds since the epoch */
	issuedAt: number;
	/** `jti` */
	jti: string;
}

const NOT_BEFORE = 5; // seconds that nbf lies before iat
const DEFAULT_LIFETIME = 300; // seconds, where a job has no timeout
const MOST_GROUPS = 200; // above which groups_direct is left out

/** The payload of the ID token that GitLab would issue to `job`. */
export function claimsOf(job: Job, issuance: Issuance): Claims {
	const { version } = issuance;
	const project =
		isForkMergeRequest(job) && !atLeast(version, "18.2.2")
			? job.fork_of
			: job.project;
	const environment = environmentClaims(job, issuance);
	return {
		...projectClaims(project, version),
		...userClaims(job, version),
		...(atLeast(version, "18.4") && jobProjectClaims(runsIn(job))),
		pipeline_id: String(job.pipeline.id),
		pipeline_source: job.pipeline.source,
		job_id: String(job.id),
		ref: job.ref,
		ref_type: job.ref_type,
		...(atLeast(version, "16.0") && { ref_path: refPath(job) }),
		ref_protected: String(job.ref_protected),
		...groupClaims(job, version),
		...environment,
		...runnerClaims(job, version),
		...(atLeast(version, "16.2") && configClaims(job, issuance)),
		...(atLeast(version, "18.9") && sourceClaims(job)),
		...registeredClaims(job, issuance, {
			project_path: project.path,
			project_id: String(project.id),
			ref_type: job.ref_type,
			ref: job.ref,
			ref_protected: String(job.ref_protected),
			...environment,
		}),
	};
}

/** The project in which the pipeline runs: for a fork's merge request, the parent. */
const runsIn = (job: Job): Project =>
	isForkMergeRequest(job) ? job.fork_of : job.project;

const refPath = (job: Job) =>
	`refs/${job.ref_type === "tag" ? "tags" : "heads"}/${job.ref}`;

function projectClaims(project: Project, version: string): Claims {
	const own = { project_id: String(project.id), project_path: project.path };
	const namespace = {
		namespace_id: String(project.namespace_id),
		namespace_path: namespacePath(project),
	};
	return atLeast(version, "18.4")
		? { ...own, ...namespace }
		: { ...namespace, ...own };
}

const jobProjectClaims = (project: Project): Claims => ({
	job_project_id: String(project.id),
	job_project_path: project.path,
	job_namespace_id: String(project.namespace_id),
	job_namespace_path: namespacePath(project),
});

const namespacePath = ({ path }: Project) =>
	path.slice(0, Math.max(path.lastIndexOf("/"), 0));

function userClaims({ user }: Job, version: string): Claims {
	return {
		user_id: user ? String(user.id) : "",
		user_login: user?.login ?? null,
		user_email: user?.email ?? null,
		...(atLeast(version, "16.9") && {
			user_access_level: user?.access_level ?? null,
		}),
	};
}

function groupClaims(job: Job, version: string): Claims {
	const on =
		atLeast(version, "16.11") &&
		(job.ci_jwt_groups_direct ?? !atLeast(version, "17.3"));
	const groups = job.user?.groups_direct;
	return on && groups && groups.length <= MOST_GROUPS
		? { groups_direct: groups }
		: {};
}

function environmentClaims(
	{ environment }: Job,
	{ version, plan }: Issuance,
): Record<string, string> {
	if (!environment) return {};
	return {
		environment: environment.name,
		environment_protected: String(environment.protected && plan !== "free"),
		...(atLeast(version, "15.2") && {
			deployment_tier:
				environment.deployment_tier ?? tierByName(environment.name),
		}),
		...(atLeast(version, "16.5") && { environment_action: environment.action }),
	};
}

function runnerClaims(job: Job, version: string): Claims {
	if (!atLeast(version, "16.0")) return {};
	return {
		...(job.runner && {
			runner_id: job.runner.id,
			runner_environment: job.runner.environment,
		}),
		sha: job.sha,
		...(atLeast(version, "16.3") && {
			project_visibility: runsIn(job).visibility,
		}),
		...(job.user?.identities && { user_identities: job.user.identities }),
		...(atLeast(version, "16.10") &&
			job.target_audience !== null && {
				target_audience: job.target_audience,
			}),
	};
}

/**
 * Until 17.x GitLab knew only configuration in the pipeline's own repository and said null
 * otherwise; since then it names the pipeline's own project and commit there.
 */
function configClaims(job: Job, { issuer, version }: Issuance): Claims {
	const { config } = job;
	const project = runsIn(job).path;
	const elsewhere =
		config === null || (config.project !== null && config.project !== project);
	if (elsewhere && !atLeast(version, "18.0")) {
		return { ci_config_ref_uri: null, ci_config_sha: null };
	}
	const path = config?.path ?? ".gitlab-ci.yml";
	const read = elsewhere ? null : config;
	return {
		ci_config_ref_uri: `${hostOf(issuer)}/${project}//${path}@${read?.ref_path ?? refPath(job)}`,
		ci_config_sha: read?.sha ?? job.sha,
	};
}

/** `host[:port]` of an issuer; what is no URL is left as it is. */
const hostOf = (issuer: string) =>
	issuer.replace(/^https?:\/\//, "").split("/", 1)[0];

function sourceClaims({ pipeline, policy }: Job): Claims {
	return {
		job_source: policy?.source ?? pipeline.source,
		...(policy && { job_config: { url: policy.url, sha: policy.sha } }),
	};
}

function registeredClaims(
	job: Job,
	issuance: Issuance,
	subValues: Parameters<typeof subOf>[1],
): Claims {
	const { issuer, version, issuedAt } = issuance;
	const times = {
		iat: issuedAt,
		nbf: issuedAt - NOT_BEFORE,
		exp: issuedAt + (job.timeout ?? DEFAULT_LIFETIME),
	};
	const issuerFirst = !atLeast(version, "17.0");
	return {
		jti: issuance.jti,
		...(issuerFirst ? { iss: issuer, ...times } : { ...times, iss: issuer }),
		sub: subOf(job.sub_components, subValues, version),
		aud: issuance.audience,
	};
}

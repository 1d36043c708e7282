// The claims that GitLab derives from a job, in the order and with the types of each version.
import { configClaims } from "./config-claims.js";
import { tierByName } from "./deployment-tier.js";
import { has } from "./history.js";
import { type Job, refPathOf } from "./job.js";
import { refuseJobJwt, registeredOfJobJwt } from "./job-jwt.js";
import type { Plan } from "./plan.js";
import {
	aboutProject,
	projectClaims,
	roleClaims,
	runsIn,
} from "./project-claims.js";
import { refuseReclaimed } from "./reclaimed.js";
import { subOf } from "./sub.js";

/** A token's payload. The order of the members is the order in the token. */
export type Claims = Record<string, unknown>;

/** What a token says that is not about the job. */
export interface Issuance {
	/** URL of the instance, without a trailing slash (`iss`) */
	issuer: string;
	/** the instance's own URL, where `issuer` is another one */
	url?: string | undefined;
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
	refuseReclaimed(job, version);
	refuseJobJwt(job, version);
	const project = aboutProject(job, version);
	const roles = roleClaims(job, version);
	const environment = environmentClaims(job, issuance);
	const registered = registeredClaims(job, issuance, {
		project_path: project.path,
		project_id: String(project.id),
		ref_type: job.ref_type,
		ref: job.ref,
		ref_protected: String(job.ref_protected),
		...roles,
		...environment,
	});
	const { issuer, url = issuer } = issuance;
	return {
		...projectClaims(job, version),
		...userClaims(job, version),
		...roles,
		pipeline_id: String(job.pipeline.id),
		pipeline_source: job.pipeline.source,
		job_id: String(job.id),
		ref: job.ref,
		ref_type: job.ref_type,
		...(has(version, "ref_path") && { ref_path: refPathOf(job) }),
		ref_protected: String(job.ref_protected),
		...groupClaims(job, version),
		...environment,
		...(job.ci_job_jwt
			? registeredOfJobJwt(registered, url, job)
			: {
					...runnerClaims(job, version),
					...configClaims(job, issuance, refPathOf(job)),
					...(has(version, "job_source") && sourceClaims(job)),
					...registered,
				}),
	};
}

function userClaims({ user }: Job, version: string): Claims {
	return {
		user_id: user ? String(user.id) : "",
		user_login: user?.login ?? null,
		user_email: user?.email ?? null,
		...(has(version, "user_access_level") && {
			user_access_level: user?.access_level ?? null,
		}),
	};
}

function groupClaims(job: Job, version: string): Claims {
	const on =
		has(version, "groups_direct") &&
		(job.ci_jwt_groups_direct ?? !has(version, "groups_direct_off"));
	const groups = job.user?.groups_direct;
	return on && groups && groups.length <= MOST_GROUPS
		? { groups_direct: groups.toSorted() }
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
		...(has(version, "deployment_tier") && {
			deployment_tier:
				environment.deployment_tier ?? tierByName(environment.name),
		}),
		...(has(version, "environment_action") && {
			environment_action: environment.action,
		}),
	};
}

function runnerClaims(job: Job, version: string): Claims {
	if (!has(version, "runner")) return {};
	const { runner } = job;
	const isNullThere = !has(version, "order_of_17");
	return {
		...((runner || isNullThere) && {
			runner_id: runner?.id ?? null,
			runner_environment: runner?.environment ?? null,
		}),
		sha: job.sha,
		...(has(version, "project_visibility") && {
			project_visibility: runsIn(job).visibility,
		}),
		...(has(version, "order_of_17") && identityClaims(job)),
		...(has(version, "target_audience") &&
			job.target_audience !== null && {
				target_audience: job.target_audience,
			}),
	};
}

const identityClaims = ({ user }: Job): Claims =>
	user?.identities ? { user_identities: user.identities } : {};

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
	const isOld = !has(version, "order_of_17");
	return {
		jti: issuance.jti,
		...(isOld ? { iss: issuer, ...times } : { ...times, iss: issuer }),
		sub: subOf(job.sub_components, subValues, version),
		aud: issuance.audience,
		...(isOld && has(version, "user_identities") && identityClaims(job)),
	};
}

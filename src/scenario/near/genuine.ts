// Which claim values GitLab itself would issue: the job that has them, beside the honest one.

import {
	isEnvironmentName,
	isGroupPath,
	isLogin,
	isProjectPath,
	isRefName,
} from "../../gitlab/names.js";
import { type JobDifferences, jobDifferencesSchema } from "../schema.js";

type Claims = Readonly<Record<string, unknown>>;

/** The job that has this value of a claim, where there can be one. */
type Derive = (value: string, claims: Claims) => JobDifferences | undefined;

const ANOTHER = 1_000_003; // how far the ids of somebody else's are from ours

const other = (id: unknown) => Number(id) + ANOTHER;
const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

/** No two paths of one GitLab differ in capitals alone. */
const isOther = (path: string, own: unknown) =>
	path.toLowerCase() !== String(own).toLowerCase();

/** Another project, with an id of its own, and in another group with that group's. */
function project(path: string, claims: Claims): JobDifferences | undefined {
	const own = String(claims.project_path);
	if (!isProjectPath(path) || !isOther(path, own)) return undefined;
	const moved = folderOf(path) !== folderOf(own);
	return {
		project: {
			path,
			id: other(claims.project_id),
			...(moved && { namespace_id: other(claims.namespace_id) }),
		},
	};
}

function namespace(path: string, claims: Claims): JobDifferences | undefined {
	const own = String(claims.project_path);
	return isGroupPath(path)
		? project(`${path}/${own.slice(own.lastIndexOf("/") + 1)}`, claims)
		: undefined;
}

const ref: Derive = (name) => (isRefName(name) ? { ref: name } : undefined);

const refPath: Derive = (path) => {
	const [, kind, name = ""] = /^refs\/(heads|tags)\/(.+)$/s.exec(path) ?? [];
	return isRefName(name)
		? { ref: name, ref_type: kind === "tags" ? "tag" : "branch" }
		: undefined;
};

/** What a word makes of the job, where the job's schema takes it. */
const word =
	(make: (value: never) => JobDifferences): Derive =>
	(value) => {
		const made = make(value as never);
		return jobDifferencesSchema.safeParse(made).success ? made : undefined;
	};

const flag =
	(make: (value: boolean) => JobDifferences): Derive =>
	(value) =>
		/^(true|false)$/.test(value) ? make(value === "true") : undefined;

const id =
	(make: (value: number) => JobDifferences): Derive =>
	(value) =>
		/^[1-9]\d*$/.test(value) && Number.isSafeInteger(Number(value))
			? make(Number(value))
			: undefined;

/** Its tier stays, where the name would say another. */
const environment: Derive = (name, { deployment_tier, environment }) =>
	environment !== undefined && isEnvironmentName(name)
		? word((tier) => ({ environment: { name, deployment_tier: tier } }))(
				(deployment_tier ?? null) as string,
				{},
			)
		: undefined;

/** Where the pipeline runs: the job's own project, but for a merge request of a fork. */
const parent =
	(derive: Derive, own: string): Derive =>
	(value, claims) => {
		if (claims.job_project_id === claims.project_id)
			return derive(value, claims);
		const found = derive(value, {
			...claims,
			project_path: claims.job_project_path,
			project_id: claims.job_project_id,
			namespace_id: claims.job_namespace_id,
		});
		return found?.project && own in claims
			? { fork_of: found.project }
			: undefined;
	};

const SUB_PARTS: Readonly<Record<string, Derive>> = {
	project_path: project,
	project_id: id((value) => ({ project: { id: value } })),
	job_project_path: parent(project, "job_project_path"),
	source_project_path: project,
	ref,
	ref_type: word((value) => ({ ref_type: value })),
	ref_protected: flag((value) => ({ ref_protected: value })),
};

/** The same components with other values. */
const sub: Derive = (value, claims) => {
	const [parts, own] = [value.split(":"), String(claims.sub).split(":")];
	if (parts.length !== own.length) return undefined;
	let job: JobDifferences = {};
	for (const [index, part] of parts.entries()) {
		if (part === own[index]) continue;
		const name = index % 2 === 1 ? (parts[index - 1] ?? "") : "";
		const found = SUB_PARTS[name]?.(part, claims);
		if (found === undefined) return undefined;
		job = { ...job, ...found };
	}
	return job;
};

const DERIVE: Readonly<Record<string, Derive>> = {
	...SUB_PARTS,
	sub,
	namespace_path: namespace,
	namespace_id: id((value) => ({ project: { namespace_id: value } })),
	source_namespace_path: namespace,
	job_namespace_path: parent(namespace, "job_namespace_path"),
	ref_path: refPath,
	user_id: id((value) => ({ user: { id: value } })),
	user_login: (login, { user_login }) =>
		isLogin(login) && isOther(login, user_login)
			? { user: { login } }
			: undefined,
	user_email: (email) =>
		/^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(email)
			? { user: { email } }
			: undefined,
	user_access_level: word((value) => ({ user: { access_level: value } })),
	pipeline_source: (source) =>
		/^(push|web|schedule|api|trigger|merge_request_event)$/.test(source)
			? { pipeline: { source } }
			: undefined,
	environment,
	environment_protected: flag((value) => ({
		environment: { protected: value },
	})),
	environment_action: word((value) => ({ environment: { action: value } })),
	deployment_tier: word((value) => ({
		environment: { deployment_tier: value },
	})),
	runner_environment: word((value) => ({ runner: { environment: value } })),
	project_visibility: word((value) => ({ project: { visibility: value } })),
};

/** The claims that a job without an environment lacks. */
const OF_ENVIRONMENT =
	/^(environment|environment_protected|environment_action|deployment_tier)$/;

/**
 * The job, as differences from the honest one, whose token has this value of a claim; undefined where GitLab
 * issues no such token.
 * @param value undefined: the claim is missing
 * @param claims what the honest job's token says
 */
export function genuineJob(
	claim: string,
	value: unknown,
	claims: Claims,
): JobDifferences | undefined {
	if (value === undefined)
		return OF_ENVIRONMENT.test(claim) ? { environment: null } : undefined;
	if (claim === "runner_id")
		return Number.isSafeInteger(value)
			? { runner: { id: value as number } }
			: undefined;
	if (claim === "groups_direct")
		return Array.isArray(value) && value.every(isGroup)
			? { user: { groups_direct: value } }
			: undefined;
	return typeof value === "string" && Object.hasOwn(DERIVE, claim)
		? DERIVE[claim]?.(value, claims)
		: undefined;
}

const isGroup = (entry: unknown): entry is string =>
	typeof entry === "string" && isGroupPath(entry);

// From the claims of a real token to the job that they speak of: what claimsOf does, backwards.
import { z } from "zod";
import { MockError } from "../errors.js";
import type { Claims } from "./claims.js";
import { tierByName } from "./deployment-tier.js";
import { type Job, jobSchema, refPathOf } from "./job.js";
import {
	DEFAULT_SUB_COMPONENTS,
	SUB_COMPONENTS,
	type SubComponent,
} from "./sub.js";

const id = z.union([z.int().min(0), z.string().regex(/^\d{1,15}$/)]);
const flag = z.enum(["true", "false"]);

/** What is read of a token. A claim that a version does not have is absent. */
const tokenSchema = z.looseObject({
	iss: z.string().min(1),
	aud: z.union([z.string(), z.array(z.string())]),
	sub: z.string(),
	jti: z.string(),
	iat: z.int(),
	exp: z.int(),
	project_id: id,
	project_path: z.string().min(1),
	namespace_id: id,
	job_project_id: id.optional(),
	job_project_path: z.string().optional(),
	job_namespace_id: id.optional(),
	project_visibility: z.string().optional(),
	user_id: z.union([id, z.literal("")]),
	user_login: z.string().nullable(),
	user_email: z.string().nullable(),
	user_access_level: z.string().nullable().optional(),
	user_identities: z.array(z.unknown()).optional(),
	groups_direct: z.array(z.string()).optional(),
	pipeline_id: id,
	pipeline_source: z.string(),
	job_id: id,
	ref: z.string(),
	ref_type: z.string(),
	ref_protected: flag,
	environment: z.string().optional(),
	environment_protected: flag.optional(),
	environment_action: z.string().optional(),
	deployment_tier: z.string().optional(),
	runner_id: id.nullable().optional(),
	runner_environment: z.string().nullable().optional(),
	sha: z.string().optional(),
	ci_config_ref_uri: z.string().nullable().optional(),
	ci_config_sha: z.string().nullable().optional(),
	job_source: z.string().optional(),
	job_config: z.object({ url: z.string(), sha: z.string() }).optional(),
	target_audience: z.string().nullable().optional(),
});
type Token = z.infer<typeof tokenSchema>;

const UNSAID_SHA = "0".repeat(40);

/**
 * The job that a token speaks of. What its version does not say is as in most jobs.
 * @throws MockError `invalid_request` where these are not the claims of a job's ID token
 */
export function jobOf(claims: Claims): Job {
	const token = checked(tokenSchema, claims);
	const project = {
		id: Number(token.project_id),
		path: token.project_path,
		namespace_id: Number(token.namespace_id),
		visibility: token.project_visibility ?? "private",
	};
	const isFork =
		token.pipeline_source === "merge_request_event" &&
		token.job_project_path !== undefined &&
		token.job_project_path !== token.project_path;
	const parent = {
		id: Number(token.job_project_id ?? 0),
		path: token.job_project_path ?? "",
		namespace_id: Number(token.job_namespace_id ?? 0),
		visibility: token.project_visibility ?? "private",
	};
	return checked(jobSchema, {
		id: Number(token.job_id),
		project,
		fork_of: isFork ? parent : null,
		user: userOf(token),
		ref: token.ref,
		ref_type: token.ref_type,
		ref_protected: token.ref_protected === "true",
		sha: token.sha ?? UNSAID_SHA,
		pipeline: { id: Number(token.pipeline_id), source: token.pipeline_source },
		environment: environmentOf(token),
		runner: runnerOf(token),
		config: configOf(token, isFork ? parent.path : project.path),
		policy:
			token.job_config && token.job_source !== token.pipeline_source
				? { source: token.job_source, ...token.job_config }
				: null,
		timeout: token.exp - token.iat,
		target_audience: token.target_audience ?? null,
		sub_components: subComponentsOf(token),
		ci_jwt_groups_direct: token.groups_direct ? true : null,
		ci_job_jwt: false, // such a token has no aud, and is not read
		reclaimed_path: false, // or there was no token
		block_jwt_for_reclaimed_paths: null,
	});
}

function checked<T>(schema: z.ZodType<T>, given: unknown): T {
	const read = schema.safeParse(given);
	if (read.success) return read.data;
	const [issue] = read.error.issues;
	throw new MockError(
		"invalid_request",
		`these are not the claims of a CI/CD job's ID token: ${issue?.path.join(".")}: ${issue?.message}`,
	);
}

function userOf(token: Token) {
	if (token.user_login === null || token.user_id === "") return null;
	return {
		id: Number(token.user_id),
		login: token.user_login,
		email: token.user_email,
		access_level: token.user_access_level ?? null,
		groups_direct: token.groups_direct ?? [],
		identities: token.user_identities ?? null,
	};
}

function environmentOf(token: Token) {
	const { environment: name, deployment_tier: tier } = token;
	if (name === undefined) return null;
	return {
		name,
		action: token.environment_action ?? "start",
		deployment_tier:
			tier === undefined || tier === tierByName(name) ? null : tier,
		protected: token.environment_protected === "true",
	};
}

const runnerOf = ({ runner_id, runner_environment }: Token) =>
	runner_id === undefined || runner_id === null
		? null
		: { id: Number(runner_id), environment: runner_environment };

/** `host/group/project//path@ref`. */
function configOf(token: Token, project: string) {
	const { ci_config_ref_uri: uri, ci_config_sha: sha } = token;
	const usual = {
		...{ path: ".gitlab-ci.yml", project: null },
		...{ ref_path: null, sha: null },
	};
	if (uri === undefined) return usual;
	const [, from = "", path, refPath] =
		/^[^/]+\/(.+?)\/\/(.+?)@(refs\/.+)$/.exec(uri ?? "") ?? [];
	if (path === undefined) return null;
	const own = refPathOf(token);
	return {
		path,
		project: from === project ? null : from,
		ref_path: refPath === own ? null : refPath,
		sha: sha === token.sha ? null : sha,
	};
}

/** The components whose names and values `sub` has, one after the other; the default ones where it has others. */
function subComponentsOf(token: Token): SubComponent[] {
	const found: SubComponent[] = [];
	let rest = token.sub;
	while (rest !== "") {
		const next = SUB_COMPONENTS.find((name) => {
			const value = token[name];
			return value !== undefined && isFirst(rest, `${name}:${String(value)}`);
		});
		if (next === undefined) return DEFAULT_SUB_COMPONENTS;
		found.push(next);
		rest = rest.slice(`${next}:${String(token[next])}:`.length);
	}
	return found;
}

const isFirst = (text: string, pair: string) =>
	text === pair || text.startsWith(`${pair}:`);

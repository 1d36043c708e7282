// Tokens of scenarios for the laws, and which of their claims a scenario's file says that it changes.
import { MockError } from "../src/errors.js";
import { PATHS } from "../src/gitlab/discovery.js";
import type { Job } from "../src/gitlab/job.js";
import { LATEST_VERSION } from "../src/gitlab/version.js";
import { compile } from "../src/scenario/compile.js";
import type { JobDifferences, Scenario } from "../src/scenario/schema.js";
import { publishedKeys } from "../src/token/jwks.js";
import { generateKeySet } from "../src/token/keys.js";
import { type MadeToken, makeToken } from "../src/token/make.js";

export const NOW = 1_800_000_000;
const JTI = "6f1c52bb-6f0e-4f2c-9a38-3a52f6f2f3c1";

/** For whom tokens are made. */
export interface Surroundings {
	issuer: string;
	audience: string;
	/** how the baseline differs from the built-in one */
	job?: JobDifferences | undefined;
}

export const BUILT_IN_SURROUNDINGS: Surroundings = {
	issuer: "https://gitlab.example.com",
	audience: "https://rp.example.com",
};

/** Why a scenario cannot be made of this baseline; undefined where it can. */
export function unfit(
	scenario: Scenario,
	{ issuer, audience, job }: Surroundings = BUILT_IN_SURROUNDINGS,
): string | undefined {
	try {
		compile(scenario, {
			issuer,
			version: LATEST_VERSION,
			plan: "ultimate",
			now: NOW,
			audience,
			baseline: job,
		});
		return undefined;
	} catch (error) {
		if (error instanceof MockError && error.code === "not_applicable")
			return error.message;
		throw error;
	}
}

export const isApplicable = (scenario: Scenario): boolean =>
	unfit(scenario) === undefined;

export const keys = await generateKeySet();

const withJti = ({ token }: Scenario, payload: unknown) => {
	const claims = payload as Record<string, unknown>;
	return token?.claims?.jti !== undefined ? claims : { ...claims, jti: JTI };
};

const planOf = (
	scenario: Scenario,
	seed: string,
	{ issuer, audience, job }: Surroundings,
) =>
	compile(
		{ ...scenario, id: seed },
		{
			issuer,
			version: LATEST_VERSION,
			plan: "ultimate",
			now: NOW,
			audience,
			baseline: job,
		},
	);

/** The token of a scenario, with the ids of the scenario `seed` and always the same jti. */
export async function tokenOf(
	scenario: Scenario,
	seed: string,
	around: Surroundings = BUILT_IN_SURROUNDINGS,
): Promise<MadeToken> {
	const { mangle, ...plan } = planOf(scenario, seed, around);
	return makeToken(
		{
			...plan,
			payload: withJti(scenario, plan.payload),
			mangle: mangle.map((step) =>
				typeof step === "object" && "payload" in step
					? { payload: withJti(scenario, step.payload) }
					: step,
			),
		},
		keys,
	);
}

/** What the token of an honest scenario says: {@link tokenOf} without a signature. */
export const claimsOf = (
	scenario: Scenario,
	seed: string,
	around: Surroundings = BUILT_IN_SURROUNDINGS,
): Record<string, unknown> =>
	withJti(scenario, planOf(scenario, seed, around).payload);

/** The JWKS while the scenario is played. */
export async function jwksOf({ instance }: Scenario) {
	const { publish, keys: change } = instance?.faults?.[PATHS.keys] ?? {};
	return { keys: await publishedKeys(keys, publish, change) };
}

const FORK =
	"project_id project_path namespace_id namespace_path job_project_id job_project_path job_namespace_id job_namespace_path source_project_id source_project_path source_namespace_id source_namespace_path project_visibility ci_config_ref_uri sub";

/** The claims that GitLab derives from a key of the job, by the key's path or the beginning of it. */
const DERIVED: Record<keyof Job | `${keyof Job}.${string}`, string> = {
	id: "job_id",
	project: "",
	"project.id": "project_id job_project_id source_project_id sub",
	"project.path":
		"project_path namespace_path job_project_path job_namespace_path source_project_path source_namespace_path ci_config_ref_uri sub",
	"project.namespace_id": "namespace_id job_namespace_id source_namespace_id",
	"project.visibility": "project_visibility",
	fork_of: FORK,
	user: "user_id user_login user_email user_access_level groups_direct user_identities",
	"user.id": "user_id",
	"user.login": "user_login",
	"user.email": "user_email",
	"user.access_level": "user_access_level",
	"user.groups_direct": "groups_direct",
	"user.identities": "user_identities",
	ref: "ref ref_path ci_config_ref_uri sub",
	ref_type: "ref_type ref_path ci_config_ref_uri sub",
	ref_protected: "ref_protected sub",
	sha: "sha ci_config_sha",
	"pipeline.id": "pipeline_id",
	"pipeline.source": "pipeline_source job_source",
	pipeline: "",
	environment:
		"environment environment_protected deployment_tier environment_action sub",
	runner: "runner_id runner_environment",
	"runner.id": "runner_id",
	"runner.environment": "runner_environment",
	config: "ci_config_ref_uri ci_config_sha",
	policy: "job_source job_config",
	timeout: "exp",
	target_audience: "target_audience",
	sub_components: "sub",
	ci_jwt_groups_direct: "groups_direct",
	ci_job_jwt: "iss sub aud",
	reclaimed_path: "",
	block_jwt_for_reclaimed_paths: "",
};

/** The paths of what a mapping says, as far as the table has them. */
function pathsIn(value: unknown, path: string): string[] {
	const deeper = Object.keys(DERIVED).some((key) => key.startsWith(`${path}.`));
	if (path && !(deeper && typeof value === "object" && value !== null)) {
		return [path];
	}
	return Object.entries(value ?? {}).flatMap(([name, inner]) =>
		pathsIn(inner, path ? `${path}.${name}` : name),
	);
}

/** The claims that may differ from the baseline's, because the file says so. */
export function declared({ job, token = {}, instance }: Scenario): Set<string> {
	const changed = (token.mangle ?? []).flatMap((step) =>
		typeof step === "object" && "claims" in step
			? Object.keys(step.claims)
			: [],
	);
	return new Set([
		...pathsIn(job, "").flatMap((path) =>
			String(DERIVED[path as keyof Job]).split(" "),
		),
		...Object.keys(token.claims ?? {}),
		...changed,
		...(token.issued ? ["iat", "nbf", "exp"] : []),
		...(instance?.plan ? ["environment_protected", "sub"] : []),
	]);
}

/** The names of the members that differ, are missing or are added. */
export const differing = (a: object, b: object): string[] => {
	const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
	return [...new Set([...one.keys(), ...other.keys()])].filter(
		(name) => JSON.stringify(one.get(name)) !== JSON.stringify(other.get(name)),
	);
};

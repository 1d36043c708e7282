// Which claims each version has, in which order and with which types.
import { describe, expect, test } from "vitest";
import type { Job } from "../../src/gitlab/job.js";
import { claims, claimsIn, ENVIRONMENT, POLICY } from "./job.js";

/** A job that has all that a token can tell of. */
const EVERYTHING: Partial<Job> = {
	environment: ENVIRONMENT,
	policy: POLICY,
	target_audience: "https://iam.example.com",
	user: {
		id: 44,
		login: "jo",
		email: "jo@example.com",
		access_level: "developer",
		groups_direct: ["group"],
		identities: [{ provider: "saml", extern_uid: "jo-1" }],
	},
};

describe("a claim that came with a version", () => {
	test.for([
		["user_access_level", "16.9", "16.8"],
		["job_project_id", "18.4", "18.3"],
		["job_project_path", "18.4", "18.3"],
		["job_namespace_id", "18.4", "18.3"],
		["job_namespace_path", "18.4", "18.3"],
		["source_project_id", "19.5", "19.4"],
		["source_project_path", "19.5", "19.4"],
		["source_namespace_id", "19.5", "19.4"],
		["source_namespace_path", "19.5", "19.4"],
		["ref_path", "16.0", "15.11"],
		["groups_direct", "16.11", "16.10"],
		["deployment_tier", "15.2", "15.1"],
		["environment_action", "16.5", "16.4"],
		["runner_id", "16.0", "15.11"],
		["runner_environment", "16.0", "15.11"],
		["sha", "16.0", "15.11"],
		["project_visibility", "16.3", "16.2"],
		["user_identities", "16.0", "15.11"],
		["target_audience", "16.10", "16.9"],
		["ci_config_ref_uri", "16.2", "16.1"],
		["ci_config_sha", "16.2", "16.1"],
		["job_source", "18.9", "18.8"],
		["job_config", "18.9", "18.8"],
	] as const)("%s: there in %s, not in %s", ([claim, since, before]) => {
		const job = EVERYTHING;
		expect(claimsIn(since, job)).toHaveProperty(claim);
		expect(claimsIn(before, job)).not.toHaveProperty(claim);
		expect(claimsIn(`${before}.99`, job)).not.toHaveProperty(claim);
	});

	// iss, sub and aud: with id_tokens since 15.7, with CI_JOB_JWT_V2 before.
	test.for(["14.7", "15.7", "17.0", "19.5"])("the rest is in %s", (version) => {
		expect(Object.keys(claimsIn(version, EVERYTHING))).toEqual(
			expect.arrayContaining(
				"project_id project_path namespace_id namespace_path user_id user_login user_email pipeline_id pipeline_source job_id ref ref_type ref_protected environment environment_protected jti iat nbf exp iss sub aud".split(
					" ",
				),
			),
		);
	});
});

describe("the order", () => {
	test("is GitLab's, all claims at once", () => {
		const job = { ...EVERYTHING, ci_jwt_groups_direct: true };
		expect(Object.keys(claimsIn("19.5", job)).join(" ")).toBe(
			"project_id project_path namespace_id namespace_path user_id user_login user_email user_access_level job_project_id job_project_path job_namespace_id job_namespace_path source_project_id source_project_path source_namespace_id source_namespace_path pipeline_id pipeline_source job_id ref ref_type ref_path ref_protected groups_direct environment environment_protected deployment_tier environment_action runner_id runner_environment sha project_visibility user_identities target_audience ci_config_ref_uri ci_config_sha job_source job_config jti iat nbf exp iss sub aud",
		);
	});

	test.for([
		["18.4", "project_id project_path namespace_id namespace_path"],
		["18.3", "namespace_id namespace_path project_id project_path"],
		["14.7", "namespace_id namespace_path project_id project_path"],
	] as const)("begins in %s with %s", ([version, first]) => {
		expect(Object.keys(claimsIn(version)).slice(0, 4).join(" ")).toBe(first);
	});

	test("has user_identities last of all in 16.x", () => {
		const at = (version: string) =>
			Object.keys(claimsIn(version, EVERYTHING)).indexOf("user_identities") -
			Object.keys(claimsIn(version, EVERYTHING)).length;
		expect(at("16.0")).toBe(-1);
		expect(at("16.11")).toBe(-1);
		expect(at("17.0")).toBeLessThan(-8);
	});

	test.for([
		["17.0", "jti iat nbf exp iss sub aud"],
		["16.11", "jti iss iat nbf exp sub aud"],
		["14.7", "jti iss iat nbf exp sub aud"],
	] as const)("ends in %s with %s", ([version, last]) => {
		expect(Object.keys(claimsIn(version)).slice(-7).join(" ")).toBe(last);
	});
});

test("the types are GitLab's oddities", () => {
	expect(claims(EVERYTHING)).toMatchObject({
		project_id: "22",
		namespace_id: "33",
		namespace_path: "group/sub",
		user_id: "44",
		user_access_level: "developer",
		job_project_id: "22",
		job_namespace_id: "33",
		pipeline_id: "55",
		pipeline_source: "web",
		job_id: "11",
		ref_protected: "true",
		environment_protected: "true",
		runner_id: 66,
		user_identities: [{ provider: "saml", extern_uid: "jo-1" }],
		target_audience: "https://iam.example.com",
		jti: "6f1c52bb-6f0e-4f2c-9a38-3a52f6f2f3c1",
		iat: 1_800_000_000,
		nbf: 1_799_999_995,
		exp: 1_800_003_600,
		iss: "https://gitlab.example.com",
		sub: "project_path:group/sub/project:ref_type:branch:ref:main",
	});
	expect(claims({ ref_protected: false }).ref_protected).toBe("false");
});

test.for([
	["a string", "https://rp.example.com"],
	["a list of one", ["https://rp.example.com"]],
	["a list of two", ["a", "b"]],
] as const)("aud stays %s", ([, audience]) => {
	const aud = typeof audience === "string" ? audience : [...audience];
	expect(claims({}, { audience: aud }).aud).toEqual(audience);
});

test.for([
	[null, 300],
	[1, 1],
	[86_400, 86_400],
] as const)("with a timeout of %s, exp is iat + %i", ([timeout, lifetime]) => {
	const { iat, exp } = claims({ timeout }) as { iat: number; exp: number };
	expect(exp - iat).toBe(lifetime);
});

test.for([
	["branch", "refs/heads/main"],
	["tag", "refs/tags/main"],
] as const)("a %s has the ref_path %s", ([ref_type, ref_path]) => {
	expect(claims({ ref_type })).toMatchObject({ ref_type, ref_path });
});

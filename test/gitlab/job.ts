// A job and an issuance for tests: every value differs from every other, so that a mix-up shows.
import {
	type Claims,
	claimsOf,
	type Issuance,
} from "../../src/gitlab/claims.js";
import type { Job } from "../../src/gitlab/job.js";

const JOB: Job = {
	id: 11,
	project: {
		id: 22,
		path: "group/sub/project",
		namespace_id: 33,
		visibility: "internal",
	},
	fork_of: null,
	user: {
		id: 44,
		login: "jo",
		email: "jo@example.com",
		access_level: "developer",
		groups_direct: ["group", "other"],
		identities: null,
	},
	ref: "main",
	ref_type: "branch",
	ref_protected: true,
	sha: "a".repeat(40),
	pipeline: { id: 55, source: "web" },
	environment: null,
	runner: { id: 66, environment: "self-hosted" },
	config: { path: ".gitlab-ci.yml", project: null, ref_path: null, sha: null },
	policy: null,
	timeout: 3600,
	target_audience: null,
	sub_components: ["project_path", "ref_type", "ref"],
	ci_jwt_groups_direct: null,
	ci_job_jwt: false,
	reclaimed_path: false,
	block_jwt_for_reclaimed_paths: null,
};

export const ENVIRONMENT = {
	name: "production",
	action: "start",
	deployment_tier: null,
	protected: true,
} as const satisfies Job["environment"];

/** A parent project, as a merge request from a fork has it. */
export const PARENT = {
	id: 77,
	path: "parent/project",
	namespace_id: 88,
	visibility: "public",
} as const satisfies Job["fork_of"];

export const POLICY = {
	source: "scan_execution_policy",
	url: "gitlab.example.com/group/policies//policy.yml",
	sha: "b".repeat(40),
} as const satisfies Job["policy"];

const ISSUANCE: Issuance = {
	issuer: "https://gitlab.example.com",
	version: "19.5",
	plan: "ultimate",
	audience: "https://rp.example.com",
	issuedAt: 1_800_000_000,
	jti: "6f1c52bb-6f0e-4f2c-9a38-3a52f6f2f3c1",
};

/** The job, changed. */
export const jobWith = (changes: Partial<Job> = {}): Job => ({
	...JOB,
	...changes,
});

/** The claims of the changed job, in a changed issuance. */
export const claims = (
	job: Partial<Job> = {},
	issuance: Partial<Issuance> = {},
): Claims => claimsOf(jobWith(job), { ...ISSUANCE, ...issuance });

/** The same, of one version. */
export const claimsIn = (version: string, job: Partial<Job> = {}): Claims =>
	claims(job, { version });

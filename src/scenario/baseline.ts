// The honest job that every scenario differs from: one project and user, a pipeline for each scenario.
import { createHash } from "node:crypto";
import type { Faker } from "@faker-js/faker";
import { faker } from "@faker-js/faker/locale/base";
import type { Job } from "../gitlab/job.js";
import { DEFAULT_SUB_COMPONENTS } from "../gitlab/sub.js";

// A generator of our own: to seed the shared one would change what a user's tests draw from it.
const drawing = new (faker.constructor as typeof Faker)({
	locale: faker.rawDefinitions,
});

interface Drawn {
	seed: string;
	job: number;
	sha: string;
	pipeline: number;
	runner: number;
}
let last: Drawn | undefined; // a scenario's token and its control come one after the other, and to seed takes long

function draw(seed: string): Drawn {
	if (last?.seed === seed) return last;
	drawing.seed(createHash("sha256").update(seed).digest().readUInt32BE());
	const { number, git } = drawing;
	last = {
		seed,
		job: number.int({ min: 1e9, max: 2e9 }),
		sha: git.commitSha(),
		pipeline: number.int({ min: 1e8, max: 1e9 }),
		runner: number.int({ min: 1e6, max: 1e8 }),
	};
	return last;
}

/** A job on a protected branch. The ids of its pipeline are drawn from `seed`, and so always the same. */
export function baselineJob(seed: string): Job {
	const drawn = draw(seed);
	return {
		id: drawn.job,
		project: {
			id: 4217,
			path: "my-group/my-project",
			namespace_id: 318,
			visibility: "private",
		},
		fork_of: null,
		user: {
			id: 1042,
			login: "sample-user",
			email: "sample-user@example.com",
			access_level: "maintainer",
			groups_direct: ["my-group"],
			identities: null,
		},
		ref: "main",
		ref_type: "branch",
		ref_protected: true,
		sha: drawn.sha,
		pipeline: { id: drawn.pipeline, source: "push" },
		environment: null,
		runner: {
			id: drawn.runner,
			environment: "gitlab-hosted",
		},
		config: {
			path: ".gitlab-ci.yml",
			project: null,
			ref_path: null,
			sha: null,
		},
		policy: null,
		timeout: 3600,
		target_audience: null,
		sub_components: DEFAULT_SUB_COMPONENTS,
		ci_jwt_groups_direct: null,
		ci_job_jwt: false,
		reclaimed_path: false,
		block_jwt_for_reclaimed_paths: null,
	};
}

/** What a difference is applied to where the baseline job has nothing; a text names another member. */
export const BLANK: Readonly<Record<string, object | string>> = {
	"config.project": "project.path", // null: the pipeline's own
	environment: {
		name: "production",
		action: "start",
		deployment_tier: null,
		protected: false,
	},
	fork_of: {
		id: 4001,
		path: "parent-group/my-project",
		namespace_id: 301,
		visibility: "public",
	},
	policy: {
		source: "pipeline_execution_policy",
		url: "gitlab.example.com/my-group/policies//policy.yml",
		sha: "0".repeat(40),
	},
};

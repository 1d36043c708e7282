// Jobs of other situations: forks, no user, no runner, environments and plans, groups, policies.
import { describe, expect, test } from "vitest";
import type { Job } from "../../src/gitlab/job.js";
import { refusal } from "../refusal.js";
import { claims, claimsIn, ENVIRONMENT, PARENT, POLICY } from "./job.js";

describe("a merge request from a fork", () => {
	const fork = {
		fork_of: PARENT,
		pipeline: { id: 55, source: "merge_request_event" },
		ref: "fix",
	};
	const named = (prefix: string, parent: boolean) => ({
		[`${prefix}project_id`]: parent ? "77" : "22",
		[`${prefix}project_path`]: parent ? "parent/project" : "group/sub/project",
		[`${prefix}namespace_id`]: parent ? "88" : "33",
		[`${prefix}namespace_path`]: parent ? "parent" : "group/sub",
	});
	const subject = (path: string) =>
		`project_path:${path}:ref_type:branch:ref:fix`;

	test.for(["14.7", "18.2", "18.2.1"])(
		"looks like the parent's in %s",
		(version) => {
			const token = claimsIn(version, fork);
			expect(token).toMatchObject(named("", true));
			expect(token.sub).toBe(subject("parent/project"));
			expect(token).not.toHaveProperty("job_project_id");
		},
	);

	test.for(["18.2.2", "18.3"])(
		"names the fork, and it alone, in %s",
		(version) => {
			const token = claimsIn(version, fork);
			expect(token).toMatchObject(named("", false));
			expect(token.sub).toBe(subject("group/sub/project"));
			expect(token).not.toHaveProperty("job_project_id");
		},
	);

	test.for(["18.4", "19.1"])(
		"names the parent as job_project_* in %s",
		(version) => {
			const token = claimsIn(version, fork);
			expect(token).toMatchObject({
				...named("", false),
				...named("job_", true),
			});
			expect(token.sub).toBe(subject("group/sub/project"));
		},
	);

	test("names the fork once more as source_project_* in 19.5", () => {
		const token = claimsIn("19.5", fork);
		expect(token).toMatchObject({
			...named("", false),
			...named("job_", true),
			...named("source_", false),
		});
		expect(claimsIn("19.4", fork)).not.toHaveProperty("source_project_id");
	});

	test.for([
		["job_project_path", "parent/project"],
		["job_project_id", "77"],
		["source_project_path", "group/sub/project"],
		["source_project_id", "22"],
	] as const)(
		"has a sub that begins with %s where the project says so",
		([first, value]) => {
			const sub_components = [first, "ref_type" as const, "ref" as const];
			expect(claimsIn("19.5", { ...fork, sub_components }).sub).toBe(
				`${first}:${value}:ref_type:branch:ref:fix`,
			);
		},
	);

	test("is on the source branch, configured in the parent", () => {
		expect(claims(fork)).toMatchObject({
			ref: "fix",
			ref_type: "branch",
			ref_path: "refs/heads/fix",
			project_visibility: "public",
			ci_config_ref_uri:
				"gitlab.example.com/parent/project//.gitlab-ci.yml@refs/heads/fix",
		});
	});

	test("differs from a push in the fork, which runs in the fork", () => {
		expect(claims({ fork_of: PARENT })).toMatchObject({
			...named("", false),
			...named("job_", false),
			...named("source_", false),
		});
		expect(claimsIn("18.2.1", { fork_of: PARENT })).toMatchObject(
			named("", false),
		);
	});
});

describe("the user", () => {
	test("where there is none: an empty id, and nulls", () => {
		const token = claims({ user: null, ci_jwt_groups_direct: true });
		expect(token).toMatchObject({
			user_id: "",
			user_login: null,
			user_email: null,
			user_access_level: null,
		});
		expect(token).not.toHaveProperty("groups_direct");
		expect(token).not.toHaveProperty("user_identities");
	});

	const user = {
		id: 44,
		login: "jo",
		email: null,
		access_level: null,
		groups_direct: ["group"],
		identities: null,
	};

	test("without email or role has nulls", () => {
		expect(claims({ user })).toMatchObject({
			user_id: "44",
			user_login: "jo",
			user_email: null,
			user_access_level: null,
		});
	});

	test.for([
		["16.10", null, false],
		["16.11", null, true],
		["17.2", null, true],
		["17.3", null, false],
		["19.1", null, false],
		["16.10", true, false],
		["17.3", true, true],
		["19.1", true, true],
		["17.3", false, false],
	] as const)(
		"groups_direct in %s with the flag at %s: %s",
		([version, flag, there]) => {
			const token = claimsIn(version, { ci_jwt_groups_direct: flag });
			expect("groups_direct" in token).toBe(there);
		},
	);

	test.for([
		[0, true],
		[1, true],
		[200, true],
		[201, false],
	] as const)("groups_direct of %i groups: %s", ([count, there]) => {
		const groups_direct = Array.from(
			{ length: count },
			(_, n) => `group-${n + 100}`,
		);
		const token = claims({
			user: { ...user, groups_direct },
			ci_jwt_groups_direct: true,
		});
		expect(token.groups_direct).toEqual(there ? groups_direct : undefined);
		expect("groups_direct" in token).toBe(there);
	});
});

test("groups_direct are sorted, and the job stays as it is", () => {
	const groups = ["b", "a/z", "B", "a"];
	const user = {
		id: 44,
		login: "jo",
		email: null,
		access_level: null,
		groups_direct: groups,
		identities: null,
	};
	expect(claims({ user, ci_jwt_groups_direct: true }).groups_direct).toEqual([
		"B",
		"a",
		"a/z",
		"b",
	]);
	expect(groups).toEqual(["b", "a/z", "B", "a"]);
});

describe("the environment", () => {
	const NAMES = [
		"environment",
		"environment_protected",
		"deployment_tier",
		"environment_action",
	];

	test("has four claims, or none", () => {
		for (const name of NAMES) {
			expect(claims({ environment: ENVIRONMENT })).toHaveProperty(name);
			expect(claims()).not.toHaveProperty(name);
		}
	});

	test.for([
		["free", true, "false"],
		["free", false, "false"],
		["premium", true, "true"],
		["premium", false, "false"],
		["ultimate", true, "true"],
	] as const)("on the plan %s, protected %s, says %s", ([plan, is, said]) => {
		const environment = { ...ENVIRONMENT, protected: is };
		expect(claims({ environment }, { plan }).environment_protected).toBe(said);
	});

	test("of the job has its own tier, over that of its name", () => {
		const environment = { ...ENVIRONMENT, name: "production" };
		expect(claims({ environment }).deployment_tier).toBe("production");
		expect(
			claims({
				environment: { ...environment, deployment_tier: "development" },
			}).deployment_tier,
		).toBe("development");
	});
});

test.for([
	["15.11", undefined],
	["16.0", null],
	["16.11", null],
	["17.0", undefined],
] as const)(
	"without a runner, runner_id is %2$s in %1$s",
	([version, value]) => {
		const token = claimsIn(version, { runner: null });
		expect(token.runner_id).toBe(value);
		expect(token.runner_environment).toBe(value);
		expect("runner_id" in token).toBe(value === null);
		expect("runner_environment" in token).toBe(value === null);
	},
);

test("without a runner there are no runner claims, but the rest", () => {
	const token = claims({ runner: null });
	expect(token).not.toHaveProperty("runner_id");
	expect(token).not.toHaveProperty("runner_environment");
	expect(token.sha).toBe("a".repeat(40));
	expect(claims()).toMatchObject({
		runner_id: 66,
		runner_environment: "self-hosted",
	});
});

describe("job_source", () => {
	test("is the pipeline's source, without job_config", () => {
		const token = claims();
		expect(token.job_source).toBe("web");
		expect(token).not.toHaveProperty("job_config");
	});

	test.for(["scan_execution_policy", "pipeline_execution_policy"] as const)(
		"is %s where that injected the job, which job_config names",
		(source) => {
			expect(claims({ policy: { ...POLICY, source } })).toMatchObject({
				pipeline_source: "web",
				job_source: source,
				job_config: { url: POLICY.url, sha: POLICY.sha },
			});
		},
	);
});

describe("a path that another project once held", () => {
	const issued = (version: string, job: Partial<Job> = {}) =>
		refusal(() => claimsIn(version, { reclaimed_path: true, ...job }));
	const burned = (version: string) => ({
		code: "not_applicable",
		message: expect.stringMatching(
			`GitLab ${version} issues no token here: .* fails with id_token_burned_project_path`,
		),
	});

	test.for(["19.1", "19.2", "19.5"])("gets no token in %s", (version) => {
		expect(issued(version)).toEqual(burned(version));
		expect(issued(version, { block_jwt_for_reclaimed_paths: true })).toEqual(
			burned(version),
		);
		expect(issued(version, { reclaimed_path: false })).toBe("accepted");
	});

	test("gets one before, and where an administrator allows it", () => {
		const block_jwt_for_reclaimed_paths = false;
		expect(issued("19.0")).toBe("accepted");
		expect(issued("19.2", { block_jwt_for_reclaimed_paths })).toBe("accepted");
		expect(issued("19.1", { block_jwt_for_reclaimed_paths })).toEqual(
			burned("19.1"),
		);
	});

	test.for([
		["project_path", true],
		["job_project_path", true],
		["source_project_path", true],
		["project_id", false],
		["job_project_id", false],
		["source_project_id", false],
	] as const)("with a sub that begins with %s: %s", ([first, refused]) => {
		const sub_components = [first, "ref" as const];
		expect(issued("19.5", { sub_components })).toEqual(
			refused ? burned("19.5") : "accepted",
		);
	});
});

// A check is about the job of the profile: relying parties with one hole that only tokens beside their own job show.
import { describe, expect, test } from "vitest";
import {
	type CheckOptions,
	checkRelyingParty,
	startGitLab,
} from "../../src/index.js";
import { correctParty } from "../correct-party.js";

const job: CheckOptions["job"] = {
	project: { id: 90210, path: "acme/payments", namespace_id: 555 },
	ref: "v2.4.0",
	ref_type: "tag",
	environment: {
		name: "prod-eu",
		deployment_tier: "production",
		protected: true,
	},
};
const claims = {
	project_path: "acme/payments",
	project_id: "90210",
	ref: { glob: "v*" },
	ref_type: "tag",
	ref_protected: "true",
	environment: "prod-eu",
	environment_protected: "true",
	pipeline_source: "push",
};

type Demands = Record<string, (value: unknown) => boolean>;
const DEMANDS: Demands = {
	project_path: (value) => value === "acme/payments",
	project_id: (value) => value === "90210",
	ref: (value) => /^v/.test(String(value)),
	ref_type: (value) => value === "tag",
	ref_protected: (value) => value === "true",
	environment: (value) => value === "prod-eu",
	environment_protected: (value) => value === "true",
	pipeline_source: (value) => value === "push",
};

/** A relying party that verifies and demands, but for what `loosened` says of it. */
function party(loosened: Demands = {}): CheckOptions["verify"] {
	const demands = { ...DEMANDS, ...loosened };
	const { verify } = correctParty();
	return async (token, place) => {
		await verify(token, place);
		const payload = JSON.parse(
			Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
		);
		for (const [claim, suits] of Object.entries(demands))
			if (!suits(payload[claim])) throw new Error(`${claim} does not do`);
	};
}

const check = (options: Partial<CheckOptions>, loosened?: Demands) =>
	checkRelyingParty({
		verify: party(loosened),
		job,
		policy: { claims },
		only: ["project", "pipeline", "environment", "ref", "user"],
		...options,
	});

const any = () => true;

describe("with a tag release in a protected environment", () => {
	test("a relying party that demands all of it has no findings", async () => {
		const result = await check({});
		expect(result.findings).toEqual([]);
		expect(result.conclusion).toBe("no-findings");
		const left = result.scenarios.filter(
			({ outcome }) => outcome === "not-applicable",
		);
		expect(left.map(({ id, detail }) => `${id}: ${detail}`)).toEqual(
			expect.arrayContaining([
				'project/parent-group: project.path: no group is above that of "acme/payments"',
				'project/dot-in-path: project.path: there is no "." in "acme/payments"',
				"ref/tag-named-like-the-branch: ref/tag-named-like-the-branch: the baseline's ref is a tag",
			]),
		);
	});

	test.for<[string, Demands, string[]]>([
		[
			"any environment",
			{ environment_protected: any },
			["environment/unprotected-production"],
		],
		[
			"refs that nobody protects",
			{ ref_protected: any },
			["ref/same-ref-unprotected", "ref/unprotected-tag"],
		],
		[
			"branches",
			{ ref_type: any, ref_protected: any },
			["ref/branch-named-like-our-tag", "ref/branch-named-like-a-tag"],
		],
		[
			"whatever begins like ours",
			{
				project_path: (value) => String(value).startsWith("acme/payments"),
				project_id: any,
			},
			["project/path-prefix", "project/nested-below"],
		],
		[
			"every project of the group",
			{
				project_path: (value) => String(value).startsWith("acme/"),
				project_id: any,
			},
			["project/same-group-other-project"],
		],
		["who took the path over", { project_id: any }, ["project/reclaimed-path"]],
		["schedules", { pipeline_source: any }, ["pipeline/schedule"]],
	])("one that lets in %s is found", async ([, loosened, ids]) => {
		const result = await check({}, loosened);
		const found = result.findings.map(({ id }) => id);
		expect(found).toEqual(expect.arrayContaining(ids));
	});

	test("one that takes the parent of a fork for the project is found", async () => {
		const verify = party({
			project_path: any,
			project_id: any,
			ref: any,
			ref_type: any,
			ref_protected: any,
			pipeline_source: any,
			job_project_path: (value) => value === "acme/payments",
			job_project_id: (value) => value === "90210",
		});
		const result = await check({ verify, only: ["pipeline"] });
		expect(result.findings.map(({ id }) => id)).toContain(
			"pipeline/merge-request-from-fork",
		);
	});

	test("a scenario that the job is already is left out, with the reason", async () => {
		const result = await check(
			{
				only: ["environment/production-tier"],
				job: {
					...job,
					environment: {
						name: "production",
						deployment_tier: "production",
						protected: true,
					},
				},
				policy: { claims: { ...claims, environment: "production" } },
			},
			{
				environment: (value) => value === "production",
			},
		);
		expect(result.scenarios).toContainEqual(
			expect.objectContaining({
				id: "environment/production-tier",
				outcome: "not-applicable",
				detail: "the profile's own job is this case already: no claim differs",
			}),
		);
	});
});

test("what cannot be made of the baseline is refused with the reason", async () => {
	await using gitlab = await startGitLab();
	await expect(gitlab.token("project/parent-group")).rejects.toMatchObject({
		code: "not_applicable",
		message: 'project.path: no group is above that of "my-group/my-project"',
	});
	const answer = await fetch(`${gitlab.url}/_mock/token/project/parent-group`);
	expect(answer.status).toBe(400);
	expect(await answer.json()).toEqual({
		error: "not_applicable",
		error_description:
			'project.path: no group is above that of "my-group/my-project"',
	});
	const baseline = { project: { path: "acme/cloud/app" } };
	const made = await gitlab.mint("project/parent-group", { baseline });
	expect(made.claims).toMatchObject({ project_path: "acme/app" });
});

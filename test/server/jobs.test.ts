// POST /_mock/jobs: the file comes with the request, and nothing of the server's machine is read.
import { createLocalJWKSet, jwtVerify } from "jose";
import request from "supertest";
import { describe, expect, test } from "vitest";
import { publicKeys } from "../../src/token/keys.js";
import { NOW, testApp, testKeys } from "./instance.js";

const app = testApp({ issuer: "https://gitlab.test" });
const ask = (body: object) => request(app).post("/_mock/jobs").send(body);

const FILE = `include: /ci/tokens.yml
deploy:
  extends: .tokens
  environment: { name: $CI_COMMIT_TAG, deployment_tier: production }
  script: x
build: { script: x }
`;
const includes = {
	"/ci/tokens.yml": ".tokens: { id_tokens: { VAULT_ID_TOKEN: { aud: $AUD } } }",
};

test("tells of the jobs", async () => {
	const { status, body } = await ask({
		file: FILE,
		includes,
		situation: { variables: { AUD: "vault" }, tag: "v1" },
	});
	expect(status).toBe(200);
	expect(body).toEqual({
		jobs: [
			{
				name: "deploy",
				stage: "test",
				id_tokens: { VAULT_ID_TOKEN: { aud: "vault" } },
				hidden_tokens: [],
				environment: {
					name: "v1",
					action: "start",
					deployment_tier: "production",
				},
				timeout: 3600,
				secrets: {},
				when: "on_success",
				unknown: [],
			},
			{
				name: "build",
				stage: "test",
				id_tokens: {},
				hidden_tokens: [],
				environment: null,
				timeout: 3600,
				secrets: {},
				when: "on_success",
				unknown: [],
			},
		],
		tokens: {},
		hidden_tokens: {},
		warnings: [],
		situation: "a push of the tag v1",
		left_out: [],
		no_pipeline: null,
	});
});

test("tells what the situation has not, and asks for the paths that it is given", async () => {
	const file = `
always: { script: x }
docker:
  script: x
  rules: [{ exists: [Dockerfile] }]
tagged:
  script: x
  rules: [{ if: $CI_COMMIT_TAG }]
`;
	const told = async (more: object) => {
		const { body } = await ask({ file, ...more });
		return [
			body.jobs.map(({ name }: { name: string }) => name),
			body.left_out.map(({ name }: { name: string }) => name),
			body.warnings.length,
		];
	};
	expect(await told({})).toEqual([["always", "docker"], ["tagged"], 1]);
	expect(await told({ paths: [] })).toEqual([
		["always"],
		["docker", "tagged"],
		0,
	]);
	expect(await told({ paths: ["Dockerfile"] })).toEqual([
		["always", "docker"],
		["tagged"],
		0,
	]);
	expect(await told({ paths: [], situation: { merge_request: true } })).toEqual(
		[[], ["always", "docker", "tagged"], 1],
	);
	const { status, body } = await ask({ file, job: "tagged" });
	expect([status, body.error]).toEqual([400, "not_applicable"]);
});

test("reads copies of what is included from elsewhere, and nothing of its own disk", async () => {
	const file = `
spec: { inputs: { where: {} } }
---
include:
  - { project: group/ci, file: /deploy.yml, inputs: { where: "$[[ inputs.where ]]" } }
  - component: gitlab.com/group/ci/scan@1.0
`;
	const copies = {
		"project:group/ci": {
			"deploy.yml":
				"spec: { inputs: { where: {} } }\n---\n'to $[[ inputs.where ]]': { script: x }",
		},
		"component:gitlab.com/group/ci/scan@1.0": "scan: { script: x }",
	};
	const situation = { inputs: { where: "staging" } };
	const { body } = await ask({ file, copies, situation });
	expect(body.jobs.map(({ name }: { name: string }) => name)).toEqual([
		"to staging",
		"scan",
	]);
	expect(body.warnings).toEqual([]);
	for (const path of ["/etc/passwd.yml", "../deploy.yml"]) {
		const { body: refused } = await ask({
			file: `include: { project: group/ci, file: "${path}" }`,
			copies: { "project:group/ci": "/etc" },
		});
		expect(refused.error).toBe("invalid_pipeline");
	}
});

test("issues the tokens of one", async () => {
	const { status, body } = await ask({
		file: FILE,
		path: "ci/main.yml",
		includes,
		job: "deploy",
		situation: {
			scenario: "ref/protected-tag",
			variables: { AUD: "vault" },
			set: ["environment.protected=true"],
			checkout: { project: "acme/app", sha: "b".repeat(40) },
		},
	});
	expect(status).toBe(200);
	expect(body.jobs).toHaveLength(1);
	const { token, claims } = body.tokens.VAULT_ID_TOKEN;
	const { payload } = await jwtVerify(
		token,
		createLocalJWKSet(publicKeys(await testKeys)),
		{
			issuer: "https://gitlab.test",
			audience: "vault",
			currentDate: new Date(NOW * 1000),
		},
	);
	expect(payload).toEqual(claims);
	expect(payload).toMatchObject({
		project_path: "acme/app",
		sha: "b".repeat(40),
		ref: "v1.2.3",
		environment: "v1.2.3",
		environment_protected: "true",
		deployment_tier: "production",
		ci_config_ref_uri: "gitlab.test/acme/app//ci/main.yml@refs/tags/v1.2.3",
		iat: NOW,
	});
});

describe("refuses", () => {
	test.for([
		[{}, 400, "invalid_request"],
		[{ file: 1 }, 400, "invalid_request"],
		[{ file: FILE, path: "/etc/passwd" }, 400, "invalid_request"],
		[{ file: FILE, path: "../x.yml" }, 400, "invalid_request"],
		[{ file: FILE, path: "a\u001b.yml" }, 400, "invalid_request"],
		[{ file: FILE, nope: 1 }, 400, "invalid_request"],
		[{ file: "- a" }, 400, "invalid_pipeline"],
		[{ file: "include: /etc/hosts.yml" }, 400, "invalid_pipeline"],
		[{ file: FILE, includes, job: "nope" }, 404, "unknown_job"],
		[
			{ file: FILE, includes, situation: { scenario: "nope" } },
			404,
			"unknown_scenario",
		],
		[
			{ file: FILE, includes, situation: { scenario: "expired" } },
			400,
			"invalid_request",
		],
		[
			{ file: FILE, includes, situation: { checkout: { sha: "x" } } },
			400,
			"invalid_request",
		],
		[{ file: "{".repeat(1_000_000) }, 413, "too_large"],
		[{ file: "#".repeat(1024 * 1024) }, 413, "too_large"],
	] as const)("%j", async ([body, status, code]) => {
		const response = await ask(body);
		expect([response.status, response.body.error]).toEqual([status, code]);
		expect(response.body.error_description).not.toContain("\u001b");
	});

	test("and takes the same in order", async () => {
		expect((await ask({ file: FILE, includes })).status).toBe(200);
	});

	test("an include that is on this machine but not in the request", async () => {
		const file = "include: package.json.yml\njob: { script: x }";
		const { body } = await ask({ file });
		expect(body.error_description).toBe(
			'.gitlab-ci.yml:1: include: there is no file "package.json.yml" in the project',
		);
	});
});

test("is there for an instance of the server, in its version", async () => {
	const old = testApp({ version: "16.0" });
	const { body } = await request(old).post("/_mock/jobs").send({
		file: "job: { script: x, id_tokens: { T: { aud: $A } } }",
		job: "job",
	});
	expect(body.tokens.T.claims).toMatchObject({ aud: "$A" });
	expect(body.tokens.T.claims).not.toHaveProperty("ci_config_sha");
});

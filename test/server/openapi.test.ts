// The OpenAPI description: well-formed, complete, and true of what each path answers.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import request from "supertest";
import { beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../src/server/mock/routes.js";
import { testApp, testKeys } from "./instance.js";

type Operation = {
	operationId: string;
	responses: Record<string, { content: Record<string, { schema: object }> }>;
	tags: string[];
};
let paths: Record<string, Record<string, Operation>>;
const ajv = new Ajv2020({
	strict: false,
	code: { optimize: false },
	validateFormats: false,
});
beforeAll(async () => {
	const { body } = await request(testApp())
		.get("/_mock/openapi.json")
		.set("Host", "localhost");
	expect(body.openapi).toBe("3.1.0");
	paths = body.paths;
	ajv.addSchema(body, "openapi.json");
});

test("describes every route, each with a name of its own", () => {
	const described = Object.entries(paths).flatMap(([path, operations]) =>
		Object.keys(operations).map((method) => `${method} ${path}`),
	);
	expect(described.sort()).toEqual(
		ROUTES.map(
			({ method, path }) => `${method} ${path.replace(/[:*](\w+)/, "{$1}")}`,
		).sort(),
	);
	const ids = Object.values(paths).flatMap((operations) =>
		Object.values(operations).map(({ operationId }) => operationId),
	);
	expect(new Set(ids).size).toBe(ids.length);
	expect(JSON.stringify(paths)).not.toContain("$defs");
});

test("is what other people's tools take for one", async () => {
	const { body } = await request(testApp())
		.get("/_mock/openapi.json")
		.set("Host", "localhost");
	const config = await createConfig({ extends: ["recommended"] });
	const source = JSON.stringify(body);
	const problems = await lintFromString({ source, config });
	expect(
		problems.map(({ ruleId, message, location }) => [
			ruleId,
			message,
			location[0]?.pointer,
		]),
	).toEqual([]);
	// It would say so of another one.
	body.paths["/_mock/health"].get.sumary = "misspelt";
	const broken = await lintFromString({ source: JSON.stringify(body), config });
	expect(broken.map(({ ruleId }) => ruleId)).toContain("struct");
});

test("what is not yet done has a status of its own", async () => {
	const starting = testApp({ keys: new Promise(() => {}) });
	const answer = await request(starting)
		.get("/_mock/health")
		.set("Host", "localhost");
	expect(answer.status).toBe(503);
	expect(Object.keys(paths["/_mock/health"]?.get?.responses ?? {})).toEqual([
		"200",
		"503",
		"4XX",
	]);
	expect(Object.keys(paths["/_mock/instances"]?.post?.responses ?? {})).toEqual(
		["201", "4XX"],
	);
});

const kid = (await testKeys).ci.kid;
const CALLS: readonly [
	method: "get" | "post" | "put" | "delete",
	path: string,
	real?: string | undefined,
	body?: object,
][] = [
	["get", "/_mock/token"],
	["get", "/_mock/token/{scenario}", "/_mock/token/expired"],
	["post", "/_mock/token", undefined, {}],
	[
		"post",
		"/_mock/jobs",
		undefined,
		{ file: "a: { script: x, id_tokens: { T: { aud: b } } }", job: "a" },
	],
	["post", "/_mock/next", undefined, { scenario: "expired" }],
	["get", "/_mock/scenarios"],
	["get", "/_mock/scenarios/{scenario}", "/_mock/scenarios/expired"],
	["get", "/_mock/keys"],
	["get", "/_mock/keys/{file}", `/_mock/keys/${kid}.pem`],
	["post", "/_mock/keys/rotate", undefined, {}],
	["post", "/_mock/keys/sign", undefined, { kid }],
	["post", "/_mock/keys/publish", undefined, { kid }],
	["post", "/_mock/keys/retire", undefined, { kid }],
	["post", "/_mock/keys/add", undefined, {}],
	["post", "/_mock/keys/replace", undefined, { kid }],
	["get", "/_mock/ca.pem"],
	["get", "/_mock/clock"],
	["put", "/_mock/clock", undefined, { now: 1 }],
	["delete", "/_mock/clock"],
	["get", "/_mock/faults"],
	["put", "/_mock/faults", undefined, { "/x": { status: 500 } }],
	["delete", "/_mock/faults"],
	["get", "/_mock/requests"],
	["delete", "/_mock/requests"],
	["get", "/_mock/instances"],
	["post", "/_mock/instances", undefined, { name: "a" }],
	["delete", "/_mock/instances"],
	["delete", "/_mock/instances/{name}", "/_mock/instances/b"],
	["post", "/_mock/reset", undefined, {}],
	["get", "/_mock/health"],
	["get", "/_mock/metrics"],
	["get", "/_mock/attacker/keys"],
	["get", "/_mock/attacker/certificate.pem"],
	["get", "/_mock/attacker/.well-known/openid-configuration"],
	["get", "/_mock/attacker/gitlab/.well-known/openid-configuration"],
	["get", "/_mock/attacker/gitlab/oauth/discovery/keys"],
	["get", "/_mock/openapi.json"],
];

test("every path is called below", () => {
	const called = CALLS.map(([method, path]) => `${method} ${path}`).sort();
	expect(called).toEqual(
		ROUTES.map(
			({ method, path }) => `${method} ${path.replace(/[:*](\w+)/, "{$1}")}`,
		).sort(),
	);
});

describe("answers are as described", () => {
	test.for(CALLS)("%s %s", async ([method, path, real = path, body]) => {
		const app = testApp({ ca: "PEM" });
		if (path.includes("{name}")) {
			await request(app)
				.post("/_mock/instances")
				.set("Host", "localhost")
				.send({ name: "b" });
		}
		const answer = await request(app)
			[method](real)
			.set("Host", "localhost")
			.send(body);
		const { status } = answer;
		const described = paths[path]?.[method]?.responses[status];
		expect(described, `${status} ${answer.text}`).toBeDefined();
		const content = described?.content ?? {};
		const [type = ""] = Object.keys(content);
		expect(answer.headers["content-type"]).toContain(type);
		if (type !== "application/json") return;
		const pointer = `/paths/${path.replaceAll("/", "~1")}/${method}/responses/${status}/content/application~1json/schema`;
		const validate = ajv.compile({
			$ref: `openapi.json#${encodeURI(pointer)}`,
		});
		expect(validate(answer.body), JSON.stringify(validate.errors)).toBe(true);
	});
});

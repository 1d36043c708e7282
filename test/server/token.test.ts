// Tokens, scenarios and health over HTTP.
import {
	createLocalJWKSet,
	decodeJwt,
	decodeProtectedHeader,
	jwtVerify,
} from "jose";
import request from "supertest";
import { describe, expect, test } from "vitest";
import { publicKeys } from "../../src/token/keys.js";
import { NOW, testApp, testKeys } from "./instance.js";

const app = testApp({ issuer: "https://gitlab.example.com" });

async function verify(token: string, audience = "https://rp.example.com") {
	const keys = createLocalJWKSet(publicKeys(await testKeys));
	return jwtVerify(token, keys, {
		issuer: "https://gitlab.example.com",
		audience,
		algorithms: ["RS256"],
		currentDate: new Date(NOW * 1000),
	});
}

describe("GET /_mock/token/SCENARIO", () => {
	test.for(["protected-tag", "ref/protected-tag"])(
		"is the token and nothing else: %s",
		async (name) => {
			const { status, text, headers } = await request(app).get(
				`/_mock/token/${name}`,
			);
			expect(status).toBe(200);
			expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
			expect(headers["cache-control"]).toBe("no-store");
			const { payload, protectedHeader } = await verify(text);
			expect(Object.keys(protectedHeader)).toEqual(["kid", "typ", "alg"]);
			expect(payload).toMatchObject({
				ref: "v1.2.3",
				ref_type: "tag",
				ref_protected: "true",
				iat: NOW,
				nbf: NOW - 5,
				exp: NOW + 3600,
			});
		},
	);

	test.for([
		["aud=https://vault.example.com", "https://vault.example.com"],
		["aud=a&aud=b", ["a", "b"]],
		["aud[]=a", ["a"]],
		["aud%5B%5D=a", ["a"]],
		["", "https://rp.example.com"],
	] as const)("takes the audience from ?%s", async ([query, aud]) => {
		const { text } = await request(app).get(`/_mock/token/baseline?${query}`);
		expect(decodeJwt(text).aud).toEqual(aud);
	});

	test("takes settings, repeatable", async () => {
		const { text } = await request(app).get(
			"/_mock/token/baseline?set=ref=1.0&set=ref_type=tag&set=environment.name=production",
		);
		expect((await verify(text)).payload).toMatchObject({
			ref: "1.0",
			ref_path: "refs/tags/1.0",
			environment: "production",
			deployment_tier: "production",
		});
	});

	test("refuses what the schema refuses", async () => {
		const { status, body } = await request(app).get(
			"/_mock/token/baseline?set=ref_protected=perhaps",
		);
		expect(status).toBe(400);
		expect(body.error).toBe("invalid_request");
		expect(body.error_description).toContain("job.ref_protected");
	});

	test("answers an unknown scenario with the nearest names", async () => {
		const { status, body } = await request(app).get(
			"/_mock/token/protectd-tag",
		);
		expect(status).toBe(404);
		expect(body.error).toBe("unknown_scenario");
		expect(body.error_description).toContain("nearest: ref/protected-tag");
	});

	test("gives each token a jti of its own", async () => {
		const ask = () => request(app).get("/_mock/token/baseline");
		const [one, two] = await Promise.all([ask(), ask()]);
		expect(decodeJwt(one.text).jti).not.toBe(decodeJwt(two.text).jti);
		expect(decodeJwt(one.text).pipeline_id).toBe(
			decodeJwt(two.text).pipeline_id,
		);
	});

	test("answers below the path of a relative-URL GitLab as well", async () => {
		const relative = testApp({ issuer: "https://example.com/gitlab" });
		for (const base of ["", "/gitlab"]) {
			const { text } = await request(relative).get(
				`${base}/_mock/token/baseline`,
			);
			expect(decodeJwt(text).iss).toBe("https://example.com/gitlab");
		}
	});
});

describe("POST /_mock/token", () => {
	const post = (body: object) => request(app).post("/_mock/token").send(body);

	test("gives the token with what it says", async () => {
		const { status, body } = await post({
			scenario: "protected-tag",
			aud: ["a"],
			set: ["user.login=jane"],
			job: { ref: { append: "-rc1" } },
			token: { claims: { exp: "now+10s" } },
			instance: { gitlab_version: "17.11" },
		});
		expect(status).toBe(200);
		expect(body.scenario).toBe("ref/protected-tag");
		const { payload, protectedHeader } = await verify(body.token, "a");
		expect(body.claims).toEqual(payload);
		expect(body.header).toEqual(protectedHeader);
		expect(payload).toMatchObject({
			aud: ["a"],
			user_login: "jane",
			exp: NOW + 10,
		});
		expect(payload).not.toHaveProperty("job_project_path");
	});

	test("means the baseline where no scenario is named", async () => {
		const { body } = await post({});
		expect(body.scenario).toBe("valid/baseline");
		await verify(body.token);
	});

	test("forges as well", async () => {
		const { body } = await post({ scenario: "alg-none" });
		expect(decodeProtectedHeader(body.token).alg).toBe("none");
		expect(body.token).toMatch(/\.$/);
	});

	test.for([
		[{ scenari: "x" }, "scenari: unknown key"],
		[{ scenario: 7 }, "scenario: "],
		[{ job: { ref: 7 } }, "job.ref: "],
		[{ job: { project_path: "a/b" } }, "job.project_path: unknown key"],
		[{ token: { sign: "never" } }, "token.sign: "],
		[{ instance: { gitlab_version: "9.0" } }, "instance.gitlab_version: "],
		[{ job: { runner: { id: { append: "x" } } } }, "job.runner.id"],
	] as const)("refuses %j", async ([body, message]) => {
		const answer = await post(body);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toBe("invalid_request");
		expect(answer.body.error_description).toContain(message);
	});
});

describe("GET /_mock/scenarios", () => {
	test("lists them", async () => {
		const { body } = await request(app).get("/_mock/scenarios");
		expect(body.scenarios).toContainEqual({
			id: "time/expired",
			title: "A token that expired an hour ago",
			expect: "reject",
			rule: "expiry",
			impact: "replay",
		});
	});

	test("shows one, without the place of its file", async () => {
		const { body } = await request(app).get("/_mock/scenarios/expired");
		expect(body).toMatchObject({
			id: "time/expired",
			token: { issued: "now-2h" },
		});
		expect(body).not.toHaveProperty("file");
	});
});

describe("GET /_mock/health", () => {
	test("is 200 when all is there", async () => {
		const { status, body } = await request(app).get("/_mock/health");
		expect(status).toBe(200);
		expect(body).toMatchObject({
			status: "ok",
			issuer: "https://gitlab.example.com",
			gitlab_version: "19.5",
			problems: [],
		});
	});

	test("is 503 while keys are made, and discovery answers already", async () => {
		const starting = testApp({ keys: new Promise(() => {}) });
		const { status, body } = await request(starting).get("/_mock/health");
		expect([status, body.status]).toEqual([503, "starting"]);
		const discovery = await request(starting).get(
			"/.well-known/openid-configuration",
		);
		expect(discovery.status).toBe(200);
	});
});

test("GET /_mock/keys says what each key signs", async () => {
	const { body } = await request(app).get("/_mock/keys");
	expect(body.keys.map(({ signs }: { signs: string[] }) => signs)).toEqual([
		["sign-in"],
		["ci"],
	]);
});

test("an instance with another issuer than its own URL says so in its tokens", async () => {
	const app = testApp({
		issuer: "https://bucket.example",
		url: "https://gitlab.corp.test",
	});
	const { text } = await request(app).get("/_mock/token");
	const { iss, ci_config_ref_uri } = decodeJwt(text);
	expect(iss).toBe("https://bucket.example");
	expect(ci_config_ref_uri).toMatch(/^gitlab\.corp\.test\/my-group\//);
	const { body } = await request(app).get("/.well-known/openid-configuration");
	expect(body.issuer).toBe(iss);
});

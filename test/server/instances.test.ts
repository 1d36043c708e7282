// Many GitLabs in one process: below paths and at host names, each with its own everything.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";

let gitlab: GitLab;
beforeAll(async () => {
	gitlab = await startGitLab();
});
afterAll(() => gitlab.close());

const json = async (url: string, method = "GET", body?: object) => {
	const response = await fetch(url, {
		method,
		...(body && {
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body),
		}),
	});
	return {
		status: response.status,
		body: (await response.json()) as Record<string, unknown>,
	};
};
const DISCOVERY = "/.well-known/openid-configuration";

test("each has its own issuer, version, clock, faults, requests and queue", async () => {
	const { status, body } = await json(`${gitlab.url}/_mock/instances`, "POST", {
		name: "old",
		gitlab_version: "16.0",
		audience: "theirs",
	});
	expect([status, body]).toEqual([
		201,
		{ name: "old", issuer: `${gitlab.url}/old`, gitlab_version: "16.0" },
	]);
	const old = `${gitlab.url}/old`;
	const discovery = await json(old + DISCOVERY);
	expect(discovery.body).toMatchObject({
		issuer: old,
		jwks_uri: `${old}/oauth/discovery/keys`,
	});

	const jwt = await (await fetch(`${old}/_mock/token/baseline`)).text();
	const keys = createRemoteJWKSet(new URL(`${old}/oauth/discovery/keys`));
	const { payload } = await jwtVerify(jwt, keys, {
		issuer: old,
		audience: "theirs",
	});
	expect(payload).not.toHaveProperty("user_access_level");

	await json(`${old}/_mock/clock`, "PUT", { now: 1000 });
	await json(`${old}/_mock/faults`, "PUT", { [DISCOVERY]: { status: 500 } });
	await json(`${old}/_mock/next`, "POST", { scenario: "protected-tag" });
	const next = decodeJwt(await (await fetch(`${old}/_mock/token`)).text());
	expect(next).toMatchObject({ iat: 1000, ref_type: "tag" });
	expect((await fetch(old + DISCOVERY)).status).toBe(500);
	expect((await fetch(gitlab.url + DISCOVERY)).status).toBe(200);
	expect(decodeJwt(await gitlab.token()).iat).toBeGreaterThan(1_700_000_000);
	const log = await json(`${old}/_mock/requests?path=${DISCOVERY}`);
	expect(log.body.requests).toMatchObject([
		{ instance: "old", status: 200 },
		{ instance: "old", status: 500 },
	]);
	expect(gitlab.requests.count(DISCOVERY)).toBe(1);

	expect(
		(await json(`${gitlab.url}/_mock/instances/old`, "DELETE")).body,
	).toEqual({ deleted: 1 });
	expect((await fetch(old + DISCOVERY)).status).toBe(404);
	expect(
		(await json(`${gitlab.url}/_mock/instances/old`, "DELETE")).status,
	).toBe(404);
});

test("each can have keys of its own, and rotates alone", async () => {
	await using one = await gitlab.instance({ keys: "new" });
	await using two = await gitlab.instance({ keys: "new" });
	const kids = [gitlab, one, two].map(({ keys }) => keys.ci.kid);
	expect(new Set(kids).size).toBe(3);
	await one.keys.rotate();
	expect(two.keys.ci.kid).toBe(kids[2]);
	expect(one.keys.ci.kid).not.toBe(kids[1]);
});

test("at a host name", async () => {
	await using named = await gitlab.instance({ host: "gitlab.acme.test" });
	const { port } = new URL(gitlab.url);
	expect(named.issuer).toBe(`http://gitlab.acme.test:${port}`);
	const issuer = await new Promise<string>((resolve, reject) => {
		httpRequest(
			gitlab.url + DISCOVERY,
			{ headers: { Host: `gitlab.acme.test:${port}` } },
			(response) => {
				let text = "";
				response.on("data", (chunk) => {
					text += chunk;
				});
				response.on("end", () => resolve(JSON.parse(text).issuer));
			},
		)
			.on("error", reject)
			.end();
	});
	expect(issuer).toBe(named.issuer);
	expect(decodeJwt(await named.token()).iss).toBe(named.issuer);
});

test("below a relative-URL GitLab, and with a custom issuer", async () => {
	await using relative = await startGitLab({
		issuer: "https://example.com/gitlab",
	});
	await using below = await relative.instance("one");
	expect(below.issuer).toBe("https://example.com/gitlab/one");
	const { body } = await json(`${relative.url}/gitlab/one${DISCOVERY}`);
	expect(body.issuer).toBe(below.issuer);
	await using custom = await gitlab.instance({
		issuer: "https://oidc.example.com",
	});
	expect(decodeJwt(await custom.token()).iss).toBe("https://oidc.example.com");
});

test.for([
	[{ name: "_mock" }, "name"],
	[{ name: "oauth" }, "GitLab's or the mock's own"],
	[{ name: "a/b" }, "lower-case letters"],
	[{ name: "../x" }, "lower-case letters"],
	[{ name: "a", host: "b" }, "exclude"],
	[{ host: "A B" }, "host"],
	[{ gitlab_version: "1.0" }, "gitlab_version"],
	[{ issuer: "x" }, "issuer"],
	[{ nam: "x" }, "nam: unknown key"],
	[{ faults: { x: {} } }, "faults"],
] as const)("refuses %j", async ([config, message]) => {
	const { status, body } = await json(
		`${gitlab.url}/_mock/instances`,
		"POST",
		config,
	);
	expect([status, body.error]).toEqual([400, "invalid_request"]);
	expect(body.error_description).toContain(message);
});

test("refuses a name that is taken", async () => {
	await using taken = await gitlab.instance("taken");
	expect(taken.issuer).toBe(`${gitlab.url}/taken`);
	await expect(gitlab.instance("taken")).rejects.toMatchObject({
		code: "invalid_request",
	});
});

test("10,000 of them answer, and are dropped", async () => {
	for (let made = 0; made < 10_000; made++)
		await gitlab.instance(`many-${made}`);
	const { body } = await json(`${gitlab.url}/many-9999${DISCOVERY}`);
	expect(body.issuer).toBe(`${gitlab.url}/many-9999`);
	const dropped = await json(`${gitlab.url}/_mock/instances`, "DELETE");
	expect(dropped.body.deleted).toBe(10_000);
	expect((await fetch(`${gitlab.url}/many-9999${DISCOVERY}`)).status).toBe(404);
});

describe("from a file", () => {
	test("they are there from the start", async () => {
		const folder = await mkdtemp(join(tmpdir(), "config-"));
		const config = join(folder, "config.yaml");
		await writeFile(
			config,
			"instances:\n  - name: old\n    gitlab_version: '15.7'\n  - host: gitlab.test\n",
		);
		await using configured = await startGitLab({ config });
		const { body } = await json(`${configured.url}/_mock/instances`);
		expect(body.instances).toMatchObject([
			{ name: "gitlab.test" },
			{ name: "old", gitlab_version: "15.7" },
		]);
		await writeFile(config, "instances:\n  - nam: old\n  - name: A\n");
		await expect(startGitLab({ config })).rejects.toMatchObject({
			code: "invalid_option",
			message: expect.stringMatching(
				/config\.yaml:2:5: instances\.0\.nam: unknown key\n.*config\.yaml:3:11: instances\.1\.name: /,
			),
		});
		await rm(folder, { recursive: true });
	});
});

// Many GitLabs in one process: below paths and at host names, each with its own everything.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	createLocalJWKSet,
	createRemoteJWKSet,
	decodeJwt,
	jwtVerify,
} from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addInstance } from "../../src/server/instance/add-instance.js";
import { startServer } from "../../src/server/start.js";
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

describe("keys", () => {
	const jwksAt = async (url: string) =>
		(await json(`${url}/oauth/discovery/keys`)).body as unknown as {
			keys: { kid: string }[];
		};

	test("are each one's own: of instances, of a server with a key file, of another server", async () => {
		const folder = await mkdtemp(join(tmpdir(), "keys-"));
		await using kept = await startGitLab({ keys: join(folder, "keys.json") });
		await using other = await startGitLab();
		const made = await Promise.all([
			gitlab.instance(),
			gitlab.instance(),
			other.instance(),
			kept.instance(),
		]);
		const all = [gitlab, kept, other, ...made];
		const published = await Promise.all(all.map(({ url }) => jwksAt(url)));
		const kids = published.flatMap(({ keys }) => keys.map(({ kid }) => kid));
		expect(kids).toHaveLength(14);
		expect(new Set(kids).size).toBe(14);

		for (const [place, issuing] of all.entries()) {
			const token = await issuing.token();
			const taken = await Promise.all(
				published.map((jwks) =>
					jwtVerify(token, createLocalJWKSet(jwks as never)).then(
						() => true,
						() => false,
					),
				),
			);
			expect(taken).toEqual(all.map((_, at) => at === place));
		}
		await Promise.all(made.map((instance) => instance.close()));
		await rm(folder, { recursive: true });
	});

	test("are those of one who rotates alone", async () => {
		await using one = await gitlab.instance();
		await using two = await gitlab.instance();
		const before = [one, two].map(({ keys }) => keys.ci.kid);
		await one.keys.rotate();
		expect(two.keys.ci.kid).toBe(before[1]);
		expect(one.keys.ci.kid).not.toBe(before[0]);
	});
});

/** What a request for `path` under a host name is answered. */
const asked = (
	path: string,
	headers: Record<string, string>,
	at = gitlab.url,
): Promise<Record<string, unknown>> =>
	askedText(path, headers, at).then(JSON.parse);

const askedText = (
	path: string,
	headers: Record<string, string>,
	at: string,
): Promise<string> =>
	new Promise((resolve, reject) => {
		httpRequest(at + path, { headers }, (response) => {
			let text = "";
			response.on("data", (chunk) => {
				text += chunk;
			});
			response.on("end", () => resolve(text));
		})
			.on("error", reject)
			.end();
	});

test("at a host name", async () => {
	await using named = await gitlab.instance({ host: "gitlab.acme.test" });
	const { port } = new URL(gitlab.url);
	expect(named.issuer).toBe(`http://gitlab.acme.test:${port}`);
	const headers = { Host: `gitlab.acme.test:${port}` };
	expect(await asked(DISCOVERY, headers)).toHaveProperty(
		"issuer",
		named.issuer,
	);
	expect(decodeJwt(await named.token()).iss).toBe(named.issuer);
});

describe("one and the same name is told", () => {
	/** What library, discovery, webfinger, the list of instances and a token call the instance of that name. */
	async function names(one: GitLab, name: string) {
		const host = { Host: new URL(one.url).host };
		const url = new URL(one.url);
		const at = `http://127.0.0.1:${url.port}`;
		const below = url.pathname.replace(/\/$/, "");
		const get = (path: string) => asked(below + path, host, at);
		const jrd = await get("/.well-known/webfinger?resource=acct:a@b.test");
		const list = (
			await asked("/_mock/instances", { Host: `127.0.0.1:${url.port}` }, at)
		).instances as { name: string; issuer: string }[];
		const minted = await askedText(`${below}/_mock/token`, host, at);
		const links = jrd.links as { href: string }[];
		return {
			discovery: (await get(DISCOVERY)).issuer,
			webfinger: links[0]?.href,
			list: list.find((entry) => entry.name === name)?.issuer,
			health: (await get("/_mock/health")).issuer,
			library: decodeJwt(await one.token()).iss,
			http: decodeJwt(minted).iss,
		};
	}
	test.for([
		[{}, { name: "i1" }, "ORIGIN/i1"],
		[{}, { host: "a.test" }, "http://a.test:PORT"],
		[
			{ issuer: "https://gitlab.example.com" },
			{ name: "i1" },
			"https://gitlab.example.com/i1",
		],
		[
			{ issuer: "https://gitlab.example.com" },
			{ host: "a.test" },
			"http://a.test:PORT",
		],
		[
			{ issuer: "https://example.com/gitlab" },
			{ name: "i1" },
			"https://example.com/gitlab/i1",
		],
		[
			{},
			{ name: "i1", issuer: "https://oidc.example.com" },
			"https://oidc.example.com",
		],
	] as const)("of %j with %j: %s", async ([root, config, expected]) => {
		await using server = await startGitLab(root);
		await using one = await server.instance(config);
		const { port } = new URL(server.url);
		const issuer = expected
			.replace("ORIGIN", `http://127.0.0.1:${port}`)
			.replace("PORT", port);
		expect(one.issuer).toBe(issuer);
		const name = "host" in config ? config.host : config.name;
		const told = await names(one, name);
		expect(told).toEqual({
			discovery: issuer,
			webfinger: issuer,
			list: issuer,
			health: issuer,
			library: issuer,
			http: issuer,
		});
	});

	test("an instance makes one beside itself, at a name that is found", async () => {
		await using one = await gitlab.instance("one");
		await using two = await one.instance("two");
		await using at = await one.instance({ host: "beside.test" });
		await using three = await at.instance("three");
		for (const made of [two, three]) {
			expect((await json(made.issuer + DISCOVERY)).body.issuer).toBe(
				made.issuer,
			);
		}
		// Under a host instance's name there is that one alone, and the list does not claim otherwise.
		const { port } = new URL(gitlab.url);
		const { instances } = await asked("/_mock/instances", {
			Host: `beside.test:${port}`,
		});
		expect(instances).toContainEqual(
			expect.objectContaining({ name: "three", issuer: three.issuer }),
		);
	});

	test("a trusted proxy's name finds the instance at that host", async () => {
		await using behind = await startGitLab({ trustProxy: true });
		await using _ = await behind.instance({ host: "a.test" });
		const forwarded = {
			"X-Forwarded-Host": "a.test",
			"X-Forwarded-Proto": "https",
		};
		const document = await asked(DISCOVERY, forwarded, behind.url);
		expect(document.issuer).toBe("https://a.test");
		const keys = await asked("/oauth/discovery/keys", forwarded, behind.url);
		expect(keys).toEqual(_.keys.jwks);
		// Who does not trust proxies is not led there.
		await using alone = await startGitLab();
		await using there = await alone.instance({ host: "a.test" });
		expect(
			await asked("/oauth/discovery/keys", forwarded, alone.url),
		).not.toEqual(there.keys.jwks);
	});
});

test("below a relative-URL GitLab, and with a custom issuer", async () => {
	await using relative = await startGitLab({
		issuer: "https://example.com/gitlab",
	});
	await using below = await relative.instance("one");
	expect(below.issuer).toBe("https://example.com/gitlab/one");
	const { body } = await json(`${below.url}${DISCOVERY}`);
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
	const { url, registry, close } = await startServer();
	for (let made = 0; made < 10_000; made++)
		await addInstance(registry, { name: `many-${made}` });
	const last = `${url}/many-9999`;
	expect((await json(last + DISCOVERY)).body.issuer).toBe(last);
	expect((await json(`${last}/oauth/discovery/keys`)).status).toBe(200);
	const dropped = await json(`${url}/_mock/instances`, "DELETE");
	expect(dropped.body.deleted).toBe(10_000);
	expect((await fetch(last + DISCOVERY)).status).toBe(404);
	await close();
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
				/config\.yaml:2:5: instances\.0\.nam: unknown key; nearest: name\n.*config\.yaml:3:11: instances\.1\.name: /,
			),
		});
		await rm(folder, { recursive: true });
	});
});

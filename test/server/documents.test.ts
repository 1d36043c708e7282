// GitLab's documents over HTTP: bytes, caching, HEAD, CORS, for every kind of issuer.
import { readFileSync } from "node:fs";
import { calculateJwkThumbprint } from "jose";
import request from "supertest";
import { describe, expect, test } from "vitest";
import { type Clock, frozenClock, systemClock } from "../../src/clock.js";
import { NOW, testApp, testKeys } from "./instance.js";

const published = readFileSync(
	new URL("../data/gitlab-discovery-2026.json", import.meta.url),
	"utf8",
);
const expected = (issuer: string) =>
	JSON.stringify(
		JSON.parse(published.replaceAll("https://gitlab.com", issuer)),
	);

const DISCOVERY = "/.well-known/openid-configuration";
const FOR_CLIENTS = "/.well-known/oauth-authorization-server";
const A_DAY = "max-age=86400, public, must-revalidate, no-transform";
const KEYS = "/oauth/discovery/keys";
const WEBFINGER = "/.well-known/webfinger?resource=acct:jane@example.com";

describe("discovery", () => {
	test.for([
		["https://gitlab.com", ""],
		["http://localhost:8080", ""],
		["https://gitlab.example.com:8443", ""],
		["https://example.com/gitlab", "/gitlab"],
		["http://127.0.0.1:1/a/b", "/a/b"],
	] as const)("of %s is GitLab's, byte for byte", async ([issuer, base]) => {
		for (const path of [DISCOVERY, `${DISCOVERY}/api/v4/mcp`]) {
			const { text, headers, status } = await request(testApp({ issuer })).get(
				base + path,
			);
			expect(status).toBe(200);
			expect(text).toBe(expected(issuer));
			expect(headers["content-type"]).toBe("application/json; charset=utf-8");
			expect(headers["cache-control"]).toBe(
				"max-age=0, private, must-revalidate",
			);
		}
	});

	test.for([FOR_CLIENTS, `${FOR_CLIENTS}/api/v4/mcp`])(
		"for OAuth clients, at %s, says where they register, and is not for pages",
		async (path) => {
			const issuer = "https://gitlab.com";
			const app = testApp({ issuer });
			for (const method of ["get", "options"] as const) {
				const { text, headers, status } = await request(app)
					[method](path)
					.set("Origin", "https://app.example");
				expect(status).toBe(200);
				expect(headers).not.toHaveProperty("access-control-allow-origin");
				expect(headers).not.toHaveProperty("access-control-allow-methods");
				if (method === "options") continue;
				expect(text).toBe(
					expected(issuer).replace(
						/}$/,
						`,"registration_endpoint":"${issuer}/oauth/register"}`,
					),
				);
				expect(headers["cache-control"]).toBe(A_DAY);
			}
		},
	);

	test("of an old GitLab is what it was, open at both paths", async () => {
		const app = testApp({ version: "16.0", issuer: "https://gitlab.com" });
		const one = await request(app).get(DISCOVERY);
		const other = await request(app).get(FOR_CLIENTS);
		expect(other.text).toBe(one.text);
		expect(other.headers["access-control-allow-origin"]).toBe("*");
		expect(one.body.grant_types_supported).toContain("password");
		expect(one.body.scopes_supported).not.toContain("mcp");
		const behind = await request(app).get(`${DISCOVERY}/api/v4/mcp`);
		expect(behind.status).toBe(404);
	});

	test("is below the issuer's path only", async () => {
		const app = testApp({ issuer: "https://example.com/gitlab" });
		expect((await request(app).get(DISCOVERY)).status).toBe(404);
		expect((await request(app).get(`/gitlab${DISCOVERY}`)).status).toBe(200);
	});

	test.for(["gitlab:8080", "localhost", "[::1]:8080", "my_host.local:1"])(
		"names the host that the client called: %s",
		async (host) => {
			const { body } = await request(testApp())
				.get(DISCOVERY)
				.set("Host", host);
			expect(body.issuer).toBe(`http://${host}`);
			expect(body.jwks_uri).toBe(`http://${host}${KEYS}`);
		},
	);

	test("believes a proxy only when told to", async () => {
		const ask = (trustProxy: boolean) =>
			request(testApp({}, { trustProxy }))
				.get(DISCOVERY)
				.set("Host", "inside:1")
				.set("X-Forwarded-Proto", "https")
				.set("X-Forwarded-Host", "gitlab.example.com");
		expect((await ask(false)).body.issuer).toBe("http://inside:1");
		expect((await ask(true)).body.issuer).toBe("https://gitlab.example.com");
	});
});

describe("a proxy that is believed", () => {
	test.for([
		["X-Forwarded-Proto", "javascript", 400],
		["X-Forwarded-Proto", "ftp", 400],
		["X-Forwarded-Proto", "https", 200],
		["X-Forwarded-Proto", "HTTP, https", 200],
		["X-Forwarded-Host", "evil.test/path", 400],
		["X-Forwarded-Host", "user@evil.test", 400],
		["X-Forwarded-Host", "1.2.3.999", 400],
		["X-Forwarded-Host", "gitlab:99999", 400],
		["X-Forwarded-Host", "gitlab:8443, inside", 200],
	] as const)("%s: %s", async ([name, value, status]) => {
		const app = testApp({}, { trustProxy: true });
		for (const path of [DISCOVERY, "/_mock/token", "/_mock/health"]) {
			const answer = await request(app)
				.get(path)
				.set("Host", "inside")
				.set(name, value);
			expect(answer.status).toBe(status);
		}
	});
});

test("Date follows the instance's clock, whether that was moved or came so", async () => {
	const date = async (clock: Clock) =>
		Date.parse(
			(await request(testApp({ clock })).get("/nowhere")).headers.date ?? "",
		) / 1000;
	expect(await date(frozenClock(NOW))).toBe(NOW);
	expect(await date(systemClock)).toBeCloseTo(Date.now() / 1000, -1);
});

describe("keys", () => {
	test("are two, in GitLab's order, with its six members", async () => {
		const { body, headers } = await request(testApp()).get(KEYS);
		const { signIn, ci } = await testKeys;
		expect(body.keys.map((key: { kid: string }) => key.kid)).toEqual([
			signIn.kid,
			ci.kid,
		]);
		for (const key of body.keys) {
			expect(Object.keys(key)).toEqual(["kty", "kid", "e", "n", "use", "alg"]);
			expect(key).toMatchObject({ kty: "RSA", use: "sig", alg: "RS256" });
			expect(key.kid).toBe(await calculateJwkThumbprint(key, "sha256"));
		}
		expect(headers["cache-control"]).toBe(
			"max-age=86400, public, must-revalidate, no-transform",
		);
	});

	test.for([
		["16.11", 200],
		["17.0", 404],
	] as const)("are at /-/jwks too in %s: %i", async ([version, status]) => {
		const app = testApp({ version });
		const old = await request(app).get("/-/jwks");
		expect(old.status).toBe(status);
		if (status === 200)
			expect(old.text).toBe((await request(app).get(KEYS)).text);
	});

	test("come as PEM too, one file a kid", async () => {
		const { ci } = await testKeys;
		const good = await request(testApp())
			.get(`/_mock/keys/${ci.kid}.pem`)
			.responseType("blob");
		expect(good.status).toBe(200);
		expect(good.headers["content-type"]).toContain("application/x-pem-file");
		expect(String(good.body)).toBe(
			ci.publicKey.export({ type: "spki", format: "pem" }),
		);
		const missing = await request(testApp()).get("/_mock/keys/other.pem");
		expect(missing.status).toBe(404);
		expect(missing.body).toMatchObject({ error: "not_found" });
		expect(missing.body.error_description).toContain(`${ci.kid}.pem`);
	});
});

describe("webfinger", () => {
	test("names the issuer", async () => {
		const { text } = await request(
			testApp({ issuer: "https://gitlab.example.com" }),
		).get(WEBFINGER);
		expect(text).toBe(
			'{"subject":"acct:jane@example.com","links":[{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"https://gitlab.example.com"}]}',
		);
	});

	test.for(["", "?resource="])("is 400 without resource: %s", async (query) => {
		const { status, body } = await request(testApp()).get(
			`/.well-known/webfinger${query}`,
		);
		expect(status).toBe(400);
		expect(body).toEqual({
			error: "invalid_request",
			error_description: "the query parameter resource is missing",
		});
	});
});

describe.for([DISCOVERY, FOR_CLIENTS, KEYS, WEBFINGER])("%s", (path) => {
	test("answers 304 to its own ETag, and 200 to another", async () => {
		const app = testApp();
		const ask = () => request(app).get(path).set("Host", "gitlab");
		const first = await ask();
		const etag = first.headers.etag ?? "";
		expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/);
		const same = await ask().set("If-None-Match", etag);
		expect(same.status).toBe(304);
		expect(same.text).toBe("");
		expect(same.headers.etag).toBe(etag);
		expect(same.headers["cache-control"]).toBe(first.headers["cache-control"]);
		expect((await ask().set("If-None-Match", 'W/"x"')).status).toBe(200);
		// As Rack has it, which compares the text: neither lists nor * are looked into.
		for (const other of ["*", etag.slice(2), `"x", ${etag}`]) {
			expect((await ask().set("If-None-Match", other)).status).toBe(200);
		}
		const reloaded = ask()
			.set("If-None-Match", etag)
			.set("Cache-Control", "no-cache");
		expect((await reloaded).status).toBe(304);
	});

	test("answers HEAD with the headers of GET", async () => {
		const app = testApp();
		const get = await request(app).get(path).set("Host", "gitlab");
		const head = await request(app).head(path).set("Host", "gitlab");
		expect(head.status).toBe(200);
		expect(head.text ?? "").toBe("");
		for (const name of ["etag", "content-length", "content-type"]) {
			expect(head.headers[name]).toBe(get.headers[name]);
		}
	});

	test("refuses other methods", async () => {
		const { status, headers, body } = await request(testApp()).post(path);
		expect(status).toBe(405);
		expect(headers.allow).toBe("GET, HEAD");
		expect(body.error).toBe("method_not_allowed");
	});
});

test.for([DISCOVERY, KEYS, WEBFINGER])(
	"%s is open to every origin, preflight too",
	async (path) => {
		for (const method of ["get", "options"] as const) {
			const { status, headers } = await request(testApp())
				[method](path)
				.set("Origin", "https://app.example");
			expect(status).toBe(200);
			expect(headers["access-control-allow-origin"]).toBe("*");
			expect(headers["access-control-allow-methods"]).toBe("GET, HEAD");
			expect(headers["x-mock-oidc"]).toBe("testing-only");
		}
	},
);

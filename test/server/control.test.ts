// Clock, keys, queue and reset over HTTP: after each step tokens, JWKS and ETag agree.
import {
	createLocalJWKSet,
	decodeJwt,
	decodeProtectedHeader,
	jwtVerify,
} from "jose";
import request from "supertest";
import { beforeEach, describe, expect, test } from "vitest";
import { NOW, testApp } from "./instance.js";

type App = ReturnType<typeof testApp>;
let app: App;
beforeEach(() => {
	app = testApp();
});

const get = (path: string) => request(app).get(path).set("Host", "gitlab");
const send = (method: "post" | "put" | "delete", path: string, body?: object) =>
	request(app)[method](path).set("Host", "gitlab").send(body);
const token = async (name = "baseline") =>
	(await get(`/_mock/token/${name}`)).text;

describe("clock", () => {
	test.for([
		[{ now: 1_700_000_000 }, 1_700_000_000, true],
		[{ now: "2030-01-01T00:00:00Z" }, 1_893_456_000, true],
		[{ now: "2030-01-01T01:00:00+01:00" }, 1_893_456_000, true],
		[{ offset: "-1h" }, NOW - 3600, false],
		[{ offset: "1h30m" }, NOW + 5400, false],
		[{ advance: "5m" }, NOW + 300, false],
		[{ advance: "-5m" }, NOW - 300, false],
	] as const)(
		"%j moves every time in every token and header",
		async ([change, now, frozen]) => {
			const { status, body } = await send("put", "/_mock/clock", change);
			expect(status).toBe(200);
			expect(body).toMatchObject({
				now,
				frozen,
				iso: new Date(now * 1000).toISOString(),
			});
			expect(decodeJwt(await token())).toMatchObject({
				iat: now,
				nbf: now - 5,
				exp: now + 3600,
			});
			expect(decodeJwt(await token("expired"))).toMatchObject({
				iat: now - 7200,
				exp: now - 3600,
			});
			for (const path of ["/oauth/discovery/keys", "/_mock/health"]) {
				expect((await get(path)).headers.date).toBe(
					new Date(now * 1000).toUTCString(),
				);
			}
			expect((await get("/_mock/clock")).body).toEqual(body);
		},
	);

	test("advances from where it stands, and goes back", async () => {
		await send("put", "/_mock/clock", { now: 1000 });
		expect(
			(await send("put", "/_mock/clock", { advance: "1m" })).body.now,
		).toBe(1060);
		expect((await send("delete", "/_mock/clock")).body).toMatchObject({
			now: NOW,
			frozen: false,
			offset: 0,
		});
		expect(decodeJwt(await token()).iat).toBe(NOW);
	});

	test.for([
		[{ now: "soon" }, "now: "],
		[{ offset: "an hour" }, "expected a duration such as 5m"],
		[{ advance: 5 }, "advance: "],
		[{ now: 1, offset: "1h" }, "body: "],
		[{}, "body: "],
		[{ now: -1 }, "from 1970 to 9999"],
		[{ now: 1e15 }, "from 1970 to 9999"],
		[{ offset: "99999y" }, "from 1970 to 9999"],
	] as const)("refuses %j", async ([change, message]) => {
		const { status, body } = await send("put", "/_mock/clock", change);
		expect([status, body.error]).toEqual([400, "invalid_request"]);
		expect(body.error_description).toContain(message);
		expect((await get("/_mock/clock")).body.now).toBe(NOW);
	});
});

describe("keys", () => {
	interface Described {
		kid: string;
		published: boolean;
		signs: string[];
	}
	const keys = async (): Promise<Described[]> =>
		(await get("/_mock/keys")).body.keys;
	const jwks = async () => (await get("/oauth/discovery/keys")).body;
	const kids = async (): Promise<string[]> =>
		(await jwks()).keys.map(({ kid }: { kid: string }) => kid);
	const etag = async () => (await get("/oauth/discovery/keys")).headers.etag;
	const signer = async () => decodeProtectedHeader(await token()).kid as string;
	const accepted = async (jwt: string) =>
		jwtVerify(jwt, createLocalJWKSet(await jwks()), {
			currentDate: new Date(NOW * 1000),
		}).then(
			() => true,
			() => false,
		);
	const step = async (path: string, body: object) => {
		const answer = await send("post", `/_mock/keys/${path}`, body);
		expect(answer.status, answer.text).toBe(200);
		expect(answer.body.keys).toEqual(await keys());
	};
	const newest = async () => (await keys()).at(-1)?.kid as string;

	test("at-once: the new key is published and signs, the old one verifies until it is retired", async () => {
		const [old, before, tag] = [await signer(), await token(), await etag()];
		await step("rotate", {});
		const fresh = await signer();
		expect(fresh).not.toBe(old);
		expect(await kids()).toEqual([expect.any(String), old, fresh]);
		expect(await etag()).not.toBe(tag);
		expect([await accepted(before), await accepted(await token())]).toEqual([
			true,
			true,
		]);
		await step("retire", { kid: old });
		expect(await kids()).not.toContain(old);
		expect([await accepted(before), await accepted(await token())]).toEqual([
			false,
			true,
		]);
		await step("publish", { kid: old });
		expect(await accepted(before)).toBe(true);
	});

	test("publish-first: it is published before it signs", async () => {
		const old = await signer();
		await step("rotate", { order: "publish-first" });
		const fresh = await newest();
		expect(await kids()).toContain(fresh);
		expect(await signer()).toBe(old);
		await step("sign", { kid: fresh });
		expect(await signer()).toBe(fresh);
		expect(await accepted(await token())).toBe(true);
	});

	test("sign-first: it signs before it is published", async () => {
		const tag = await etag();
		await step("rotate", { order: "sign-first" });
		const fresh = await newest();
		expect(await signer()).toBe(fresh);
		expect(await etag()).toBe(tag);
		expect(await accepted(await token())).toBe(false);
		await step("publish", { kid: fresh });
		expect(await accepted(await token())).toBe(true);
	});

	test("the sign-in key rotates too, and CI tokens do not notice", async () => {
		const old = await signer();
		const [signIn] = await kids();
		await step("rotate", { key: "sign-in" });
		expect(await signer()).toBe(old);
		expect(
			(await keys()).find(({ signs }) => signs.includes("sign-in"))?.kid,
		).not.toBe(signIn);
	});

	test("one more key is published and never signs", async () => {
		const old = await signer();
		await step("add", {});
		expect(await kids()).toHaveLength(3);
		expect(await signer()).toBe(old);
		expect((await keys()).at(-1)).toMatchObject({ published: true, signs: [] });
	});

	test("another key under the same kid", async () => {
		const [kid, before, tag] = [await signer(), await token(), await etag()];
		await step("replace", { kid });
		expect(await signer()).toBe(kid);
		expect(await kids()).toContain(kid);
		expect(await etag()).not.toBe(tag);
		expect([await accepted(before), await accepted(await token())]).toEqual([
			false,
			true,
		]);
	});

	test.for(["sign", "publish", "retire", "replace"])(
		"%s refuses a kid that is none",
		async (path) => {
			const { status, body } = await send("post", `/_mock/keys/${path}`, {
				kid: "x",
			});
			expect([status, body.error]).toEqual([404, "not_found"]);
			expect(body.error_description).toContain(await signer());
		},
	);

	test("many rotations at once all take place", async () => {
		await Promise.all(
			Array.from({ length: 5 }, () =>
				step("rotate", {}).catch(() => undefined),
			),
		);
		expect(await kids()).toHaveLength(7);
		expect(await accepted(await token())).toBe(true);
	});

	test("every key there ever was comes as PEM", async () => {
		await step("rotate", {});
		for (const { kid } of await keys()) {
			expect((await get(`/_mock/keys/${kid}.pem`)).status).toBe(200);
		}
	});
});

describe("next", () => {
	test("plain requests get the queued scenarios, each once and in order", async () => {
		const { body } = await send("post", "/_mock/next", {
			scenario: ["expired", "ref/protected-tag"],
		});
		expect(body.queue).toEqual(["time/expired", "ref/protected-tag"]);
		const named = await send("post", "/_mock/token", {
			scenario: "unprotected-branch",
		});
		expect(named.body.scenario).toBe("ref/unprotected-branch");
		expect((await send("post", "/_mock/token", {})).body.scenario).toBe(
			"time/expired",
		);
		expect(decodeJwt((await get("/_mock/token")).text).ref_type).toBe("tag");
		expect((await send("post", "/_mock/token", {})).body.scenario).toBe(
			"valid/baseline",
		);
	});

	test("refuses an unknown scenario, and queues nothing", async () => {
		const { status } = await send("post", "/_mock/next", {
			scenario: ["expired", "nope"],
		});
		expect(status).toBe(404);
		expect((await send("post", "/_mock/token", {})).body.scenario).toBe(
			"valid/baseline",
		);
	});

	test("has a limit", async () => {
		const scenario = Array.from({ length: 1000 }, () => "expired");
		for (let sent = 0; sent < 10; sent++)
			await send("post", "/_mock/next", { scenario });
		const { status, body } = await send("post", "/_mock/next", {
			scenario: "expired",
		});
		expect([status, body.error]).toEqual([413, "too_large"]);
	});
});

test("reset puts everything back, and the keys only if asked", async () => {
	const jwks = async () => (await get("/oauth/discovery/keys")).text;
	const before = await jwks();
	await send("put", "/_mock/clock", { now: 1 });
	await send("put", "/_mock/faults", { "/x": { status: 500 } });
	await send("post", "/_mock/next", { scenario: "expired" });
	await send("post", "/_mock/keys/rotate", {});
	const rotated = await jwks();
	await send("post", "/_mock/reset", {});
	expect((await get("/_mock/clock")).body.now).toBe(NOW);
	expect((await get("/_mock/faults")).body).toEqual({});
	expect((await send("post", "/_mock/token", {})).body.scenario).toBe(
		"valid/baseline",
	);
	expect(await jwks()).toBe(rotated);
	await send("post", "/_mock/reset", { keys: true });
	expect(await jwks()).toBe(before);
});

test("keys have a limit, and retired ones make room", async () => {
	const rotate = () => send("post", "/_mock/keys/add", {});
	let last = await rotate();
	for (let made = 3; made < 100; made++) last = await rotate();
	expect(last.body.keys).toHaveLength(100);
	const { status, body } = await rotate();
	expect([status, body.error]).toEqual([413, "too_large"]);
	await send("post", "/_mock/keys/retire", { kid: last.body.keys[5].kid });
	const again = await rotate();
	expect(again.status).toBe(200);
	expect(again.body.keys).toHaveLength(100);
});

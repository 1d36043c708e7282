// Request ids: GitLab's form, each another, and a client's only where a proxy is believed.
import request from "supertest";
import { describe, expect, test } from "vitest";
import {
	newRequestId,
	requestId,
} from "../../../src/server/traffic/request-id.js";
import { testApp } from "../instance.js";

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

test("begin with the time, as ULIDs do", () => {
	// The specification's example, and one that a GitLab answered with in the second of its Date, 2025-01-06T16:51:29.
	for (const [time, start] of [
		[1_469_918_176_385, "01ARYZ6S41"],
		[1736182289800, "01JGY8ENC8"],
	] as const) {
		const id = newRequestId(time);
		expect(id).toMatch(ULID);
		expect(id.slice(0, 10)).toBe(start);
	}
});

test("are each another, also when many come within a millisecond", () => {
	const ids = Array.from({ length: 2000 }, () => newRequestId(1));
	expect(new Set(ids).size).toBe(2000);
});

describe("a client's own", () => {
	test.for([
		["a43bf264fa610959-HKG", true],
		["user@host_1", true],
		["", false],
		["a b", false],
		["eyJhbGciOiJub25lIn0.e30.", false],
		["x".repeat(256), false],
	] as const)("%s is taken where it is well formed", ([given, taken]) => {
		expect(requestId(given, true) === given).toBe(taken);
		expect(requestId(given, false)).toMatch(ULID);
	});
});

test.for([
	["/oauth/discovery/keys", 200],
	["/.well-known/webfinger", 400],
	["/_mock/clock", 200],
	["/nowhere", 404],
] as const)("is in the answer of %s, %i", async ([path, status]) => {
	const ask = (trustProxy: boolean) =>
		request(testApp({}, { trustProxy }))
			.get(path)
			.set("Host", "localhost")
			.set("X-Request-Id", "from-ingress-1");
	const own = await ask(false);
	expect(own.status).toBe(status);
	expect(own.headers["x-request-id"]).toMatch(ULID);
	const taken = await ask(true);
	expect(taken.headers["x-request-id"]).toBe("from-ingress-1");
});

// Faults over real connections: each kind, how often, on which path, and that the next answer is honest.
import {
	afterAll,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";

let gitlab: GitLab;
beforeAll(async () => {
	gitlab = await startGitLab();
});
beforeEach(() => gitlab.reset());
afterAll(() => gitlab.close());

const KEYS = "/oauth/discovery/keys";
const DISCOVERY = "/.well-known/openid-configuration";
const ask = (path = KEYS) => fetch(gitlab.url + path, { redirect: "manual" });
const honest = async (path = KEYS) => {
	const response = await ask(path);
	return response.status === 200 && typeof (await response.json()) === "object";
};

describe("kinds", () => {
	test("status, body and headers", async () => {
		gitlab.faults.set({
			[KEYS]: {
				status: 503,
				body: "<h1>busy</h1>",
				headers: { "Retry-After": "7" },
			},
			[DISCOVERY]: { body: { issuer: "https://evil.test" } },
		});
		const busy = await ask();
		expect(busy.status).toBe(503);
		expect(await busy.text()).toBe("<h1>busy</h1>");
		expect(busy.headers.get("retry-after")).toBe("7");
		expect(busy.headers.get("content-type")).toContain("text/html");
		const wrong = await ask(DISCOVERY);
		expect(await wrong.json()).toEqual({ issuer: "https://evil.test" });
		gitlab.faults.remove(KEYS);
		expect(await honest()).toBe(true);
		expect(await (await ask(DISCOVERY)).json()).toEqual({
			issuer: "https://evil.test",
		});
	});

	test("headers alone leave the answer as it is", async () => {
		gitlab.faults.set({ [KEYS]: { headers: { "Cache-Control": "no-store" } } });
		const response = await ask();
		expect(response.headers.get("cache-control")).toBe("no-store");
		expect(await response.json()).toEqual(gitlab.keys.jwks);
	});

	test("redirect", async () => {
		gitlab.faults.set({ [DISCOVERY]: { redirect: "https://evil.test/x" } });
		const { status, headers } = await ask(DISCOVERY);
		expect([status, headers.get("location")]).toEqual([
			302,
			"https://evil.test/x",
		]);
	});

	test("delay: the answer is honest but late", async () => {
		gitlab.faults.set({ [KEYS]: { delay: 0.2 } });
		const begun = performance.now();
		expect(await honest()).toBe(true);
		expect(performance.now() - begun).toBeGreaterThan(190);
	});

	test("delay: a client that leaves is noticed", async () => {
		gitlab.faults.set({ [KEYS]: { delay: "1m" } });
		await expect(
			fetch(gitlab.url + KEYS, { signal: AbortSignal.timeout(100) }),
		).rejects.toThrow();
		await expect
			.poll(() => gitlab.requests.list({ path: KEYS })[0]?.duration)
			.not.toBe(null);
	});

	test("drip: all of it, in pieces", async () => {
		gitlab.faults.set({ [KEYS]: { drip: { bytes: 100, every: 0.005 } } });
		const response = await ask();
		let pieces = 0;
		let text = "";
		for await (const piece of response.body ?? []) {
			pieces += 1;
			text += Buffer.from(piece).toString();
		}
		expect(pieces).toBeGreaterThan(3);
		expect(JSON.parse(text)).toEqual(gitlab.keys.jwks);
	});

	test("truncate: fewer bytes than were promised", async () => {
		gitlab.faults.set({ [KEYS]: { truncate: 30 } });
		const response = await ask();
		expect(Number(response.headers.get("content-length"))).toBeGreaterThan(30);
		await expect(response.text()).rejects.toThrow();
	});

	test("reset: no answer at all", async () => {
		gitlab.faults.set({ [KEYS]: { reset: true } });
		await expect(ask()).rejects.toMatchObject({
			cause: { code: "ECONNRESET" },
		});
		expect(gitlab.requests.list({ path: KEYS })).toMatchObject([
			{ status: null },
		]);
	});
});

describe("how often", () => {
	test("so many times, and then no more", async () => {
		gitlab.faults.set({ [KEYS]: { status: 500, times: 2 } });
		const statuses = [];
		for (let turn = 0; turn < 3; turn++) statuses.push((await ask()).status);
		expect(statuses).toEqual([500, 500, 200]);
		expect(gitlab.faults.current()).toEqual({});
	});

	test("by chance, the same in each run with the same seed", async () => {
		const run = async (seed: number) => {
			gitlab.faults.set({ [KEYS]: { status: 500, probability: 0.5, seed } });
			const statuses = [];
			for (let turn = 0; turn < 40; turn++) statuses.push((await ask()).status);
			return statuses.join();
		};
		const first = await run(1);
		expect(await run(1)).toBe(first);
		expect(await run(2)).not.toBe(first);
		expect(first.match(/500/g)?.length).toBeGreaterThan(8);
		expect(first.match(/200/g)?.length).toBeGreaterThan(8);
	});

	test("on every path below one", async () => {
		gitlab.faults.set({ "/*": { status: 500 }, [DISCOVERY]: { status: 404 } });
		expect([(await ask()).status, (await ask(DISCOVERY)).status]).toEqual([
			500, 404,
		]);
		expect((await ask("/_mock/health")).status).toBe(200);
	});
});

test.for([
	[{ "/_mock/health": { status: 500 } }, "a path below the instance"],
	[{ oauth: { status: 500 } }, "a path below the instance"],
	[{ [KEYS]: { status: 99 } }, "status"],
	[{ [KEYS]: { stauts: 500 } }, "stauts: unknown key"],
	[{ [KEYS]: { delay: "1h" } }, "300 seconds"],
	[{ [KEYS]: { delay: -1 } }, "delay"],
	[{ [KEYS]: { headers: { "a\r\nb": "c" } } }, "headers"],
	[{ [KEYS]: { headers: { a: "c\r\nd: e" } } }, "headers"],
	[{ [KEYS]: { redirect: "a\r\nb" } }, "redirect"],
	[{ [KEYS]: { probability: 2 } }, "probability"],
] as const)("refuses %j", async ([faults, message]) => {
	const { status, ...response } = await fetch(`${gitlab.url}/_mock/faults`, {
		method: "PUT",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(faults),
	}).then(async (answer) => ({
		status: answer.status,
		body: await answer.json(),
	}));
	expect(status).toBe(400);
	expect(response.body).toMatchObject({
		error: "invalid_request",
		error_description: expect.stringContaining(message),
	});
	expect(gitlab.faults.current()).toEqual({});
});

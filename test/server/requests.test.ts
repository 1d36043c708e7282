// The request log: what it keeps, what it hides, how it is waited for.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { requestLog } from "../../src/server/instance/request-log.js";
import { startServer } from "../../src/server/start.js";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";

let gitlab: GitLab;
beforeAll(async () => {
	gitlab = await startGitLab();
});
beforeEach(() => gitlab.reset());
afterAll(() => gitlab.close());

const KEYS = "/oauth/discovery/keys";
const DISCOVERY = "/.well-known/openid-configuration";
const log = async (query = "") =>
	(await (await fetch(`${gitlab.url}/_mock/requests${query}`)).json()) as {
		requests: { id: number; path: string; method: string; status: number }[];
		counts: Record<string, number>;
	};

test("keeps method, path, query, status, headers, time and how long it took", async () => {
	const before = new Date().toISOString();
	await fetch(`${gitlab.url}${KEYS}?a=1`, {
		headers: { "User-Agent": "Go-http-client/1.1" },
	});
	const { requests, counts } = await log();
	expect(requests).toEqual([
		{
			id: expect.any(Number),
			request_id: expect.any(String),
			instance: "",
			time: expect.any(String),
			method: "GET",
			path: KEYS,
			query: "a=1",
			status: 200,
			duration: expect.any(Number),
			headers: expect.objectContaining({ "user-agent": "Go-http-client/1.1" }),
		},
	]);
	expect((requests[0] as unknown as { time: string }).time >= before).toBe(
		true,
	);
	expect(counts).toEqual({ [KEYS]: 1 });
});

test("hides credentials and tokens, wherever they are", async () => {
	const jwt = await gitlab.token();
	await fetch(`${gitlab.url}/login?jwt=${jwt}`, {
		headers: {
			Authorization: `Bearer ${jwt}`,
			Cookie: "session=hush",
			"Private-Token": "hush",
			"X-Vault-Token": "hush",
			"X-Note": `see ${jwt}`,
		},
	});
	const text = JSON.stringify(await log());
	expect(text).toContain("[redacted]");
	expect(text).not.toContain("hush");
	expect(text).not.toContain(jwt.slice(0, 40));
});

test("hides what parameters are called by", async () => {
	const secret = [
		...["access_token", "private_token", "client_secret", "code", "password"],
		...[
			"job_token",
			"id_token",
			"refresh_token",
			"client_assertion",
			"api_key",
		],
		...["user[password]", "user%5Bpassword%5D", "CODE", "code_verifier", "%zz"],
	];
	const open = ["ref", "country", "decoder", "monkey", "state", "resource"];
	const query = [...secret, ...open].map((name) => `${name}=hush-${name}`);
	await fetch(`${gitlab.url}/x?${query.join("&")}`, {
		headers: { Referer: `https://rp.test/?a=b&code=hush-referer` },
	});
	const entry = gitlab.requests.list({ path: "/x" })[0];
	expect(entry?.query).toBe(
		[
			...secret.map((name) => `${name}=[redacted]`),
			...open.map((name) => `${name}=hush-${name}`),
		].join("&"),
	);
	expect(entry?.headers.referer).toBe("https://rp.test/?a=b&code=[redacted]");
});

test("keeps only so much of a request, and does not look at it again and again", () => {
	const log = requestLog("", 1000);
	const text = "-eyJaaaaaaaa".repeat(1100);
	const headers = { "x-note": text, referer: "a".repeat(16_000) };
	const request = {
		requestId: "1",
		method: "GET",
		path: `/${text}`,
		query: text,
		headers,
	};
	// In the square of the length, these alone would take a minute.
	for (let turn = 0; turn < 1000; turn++) log.begin(request).end(200);
	const [first] = log.list();
	expect(first?.path).toBe("/-[redacted]…");
	expect(first?.query).toBe("-[redacted]…");
	expect(first?.headers.referer).toBe(`${"a".repeat(2000)}…`);
	expect(log.list()).toHaveLength(1000);
});

test("an answer that broke off is logged as one", async () => {
	for (const fault of [{ truncate: 10 }, { reset: true }] as const) {
		gitlab.faults.set({ [KEYS]: fault });
		await expect(
			fetch(gitlab.url + KEYS).then((response) => response.text()),
		).rejects.toThrow();
	}
	const since = gitlab.requests.list().at(-1)?.id;
	gitlab.faults.set({ [KEYS]: { delay: 60 } });
	const leaving = new AbortController();
	const left = fetch(gitlab.url + KEYS, { signal: leaving.signal });
	await gitlab.requests.wait({ path: KEYS, since });
	leaving.abort();
	await expect(left).rejects.toThrow();
	gitlab.faults.remove();
	await fetch(gitlab.url + KEYS);
	await expect
		.poll(() =>
			gitlab.requests
				.list({ path: KEYS })
				.map(({ status, duration }) => [status, duration !== null]),
		)
		.toEqual([
			[null, true],
			[null, true],
			[null, true],
			[200, true],
		]);
});

test("a wait ends with its client", async () => {
	const server = await startServer();
	await server.ready;
	const { requests } = server.registry.root;
	const wait = vi.spyOn(requests, "wait");
	const leaving = new AbortController();
	const left = fetch(`${server.url}/_mock/requests?path=/never&wait=60s`, {
		signal: leaving.signal,
	});
	await expect.poll(() => wait.mock.results.length).toBe(1);
	leaving.abort();
	await expect(left).rejects.toThrow();
	expect(await wait.mock.results[0]?.value).toEqual([]);
	await server.close();
});

test("filters by path, method, status and id", async () => {
	await fetch(gitlab.url + KEYS);
	await fetch(gitlab.url + DISCOVERY);
	await fetch(gitlab.url + KEYS, { method: "POST" });
	const ids = async (query: string) => (await log(query)).requests.length;
	expect(await ids(`?path=${KEYS}`)).toBe(2);
	expect(await ids("?method=POST")).toBe(1);
	expect(await ids("?status=405")).toBe(1);
	const first = (await log()).requests[0]?.id;
	expect(await ids(`?since=${first}`)).toBe(2);
	expect((await log(`?path=${KEYS}`)).counts).toEqual({ [KEYS]: 2 });
	expect(gitlab.requests.count(KEYS)).toBe(2);
	expect(gitlab.requests.count()).toBe(3);
	await fetch(`${gitlab.url}/_mock/requests`, { method: "DELETE" });
	expect(gitlab.requests.count()).toBe(0);
});

test("is waited for, over HTTP and in the library", async () => {
	const overHttp = log(`?path=${KEYS}&wait=10s`);
	const inLibrary = gitlab.requests.wait({ path: KEYS });
	await fetch(gitlab.url + DISCOVERY);
	await fetch(gitlab.url + KEYS);
	expect((await overHttp).requests).toMatchObject([{ path: KEYS }]);
	expect(await inLibrary).toMatchObject([{ path: KEYS }]);
	expect((await log(`?path=${KEYS}&wait=10s`)).requests).toHaveLength(1);
});

test("a wait ends with nothing", async () => {
	expect(await gitlab.requests.wait({ path: "/never" }, 0.01)).toEqual([]);
	const { status } = await fetch(`${gitlab.url}/_mock/requests?wait=2h`);
	expect(status).toBe(400);
});

test("keeps the newest and forgets the others", () => {
	const ring = requestLog("", 3);
	for (let turn = 0; turn < 10; turn++) {
		ring
			.begin({
				requestId: "1",
				method: "GET",
				path: `/${turn}`,
				query: "",
				headers: {},
			})
			.end(200);
	}
	expect(ring.list().map(({ id, path }) => [id, path])).toEqual([
		[8, "/7"],
		[9, "/8"],
		[10, "/9"],
	]);
	expect(ring.counts()).toEqual({ "/7": 1, "/8": 1, "/9": 1 });
});

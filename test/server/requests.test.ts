// The request log: what it keeps, what it hides, how it is waited for.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestLog } from "../../src/server/instance/request-log.js";
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
			.begin({ method: "GET", path: `/${turn}`, query: "", headers: {} })
			.end(200);
	}
	expect(ring.list().map(({ id, path }) => [id, path])).toEqual([
		[8, "/7"],
		[9, "/8"],
		[10, "/9"],
	]);
	expect(ring.counts()).toEqual({ "/7": 1, "/8": 1, "/9": 1 });
});

// GET /_mock/metrics: what has been counted, in a form that Prometheus reads.
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startServer } from "../../../src/server/start.js";
import { startGitLab } from "../../../src/server/start-gitlab.js";
import type { EndedRequest } from "../../../src/server/traffic/ended-request.js";
import { VERSION } from "../../../src/version.js";

const SAMPLE =
	/^[a-zA-Z_:][\w:]*(\{(\w+="(\\.|[^"\\])*",?)*\})? (-?[\d.]+(e[+-]?\d+)?|Na[Nn]|[+-]Inf)$/;

/** Each of our own samples, by its name and labels. */
async function metricsOf(url: string): Promise<Map<string, number>> {
	const response = await fetch(`${url}/_mock/metrics`);
	expect(response.status).toBe(200);
	expect(response.headers.get("content-type")).toBe(
		"text/plain; version=0.0.4; charset=utf-8",
	);
	const text = await response.text();
	const lines = text.split("\n").filter((line) => line !== "");
	const samples = lines.filter((line) => !line.startsWith("#"));
	expect(samples.filter((line) => !SAMPLE.test(line))).toEqual([]);
	const types = lines.filter((line) => line.startsWith("# TYPE "));
	expect(new Set(types).size).toBe(types.length);
	expect(text).toContain("process_cpu_seconds_total");
	expect(text.endsWith("\n")).toBe(true);
	return new Map(
		samples.map((line) => {
			const end = line.lastIndexOf(" ");
			const name = line.slice(0, end).replace("gitlab_oidc_mock_", "");
			return [name, Number(line.slice(end + 1))];
		}),
	);
}

test("counts requests, tokens, keys, faults and instances of all of them", async () => {
	await using gitlab = await startGitLab();
	const before = await metricsOf(gitlab.url);
	expect(before.get("instances")).toBe(1);
	expect(before.get("keys_published")).toBe(2);
	expect(before.get("faults_active")).toBe(0);
	expect(before.get('tokens_total{expect="accept"}')).toBe(0);
	expect(before.get("uptime_seconds")).toBeGreaterThanOrEqual(0);
	expect([...before.keys()].join()).toContain(`info{version="${VERSION}"`);

	const other = await gitlab.instance("other");
	await other.token("time/expired");
	await gitlab.token("valid/baseline");
	await fetch(`${other.url}/_mock/token/protected-tag`);
	for (const { url } of [gitlab, other, other])
		await fetch(`${url}/oauth/discovery/keys`);
	await fetch(`${gitlab.url}/made-up`);
	other.faults.set({ "/oauth/discovery/keys": { reset: true } });
	await fetch(`${other.url}/oauth/discovery/keys`).catch(() => undefined);

	await expect
		.poll(async () =>
			(await metricsOf(other.url)).get(
				'requests_total{path="/oauth/discovery/keys",status="none"}',
			),
		)
		.toBe(1);
	const now = await metricsOf(other.url);
	for (const [name, value] of [
		["instances", 2],
		["keys_published", 4],
		["faults_active", 1],
		['tokens_total{expect="accept"}', 1],
		['tokens_total{expect="policy"}', 1],
		['tokens_total{expect="reject"}', 1],
		['requests_total{path="/oauth/discovery/keys",status="2xx"}', 3],
		['requests_total{path="/_mock/token",status="2xx"}', 1],
		['requests_total{path="other",status="4xx"}', 1],
	] as const)
		expect([name, now.get(name)]).toEqual([name, value]);
	// It is no client's request.
	expect(gitlab.requests.count("/_mock/metrics")).toBe(0);

	await other.close();
	const after = await metricsOf(gitlab.url);
	expect(after.get("instances")).toBe(1);
	expect(after.get('tokens_total{expect="reject"}')).toBe(1);
});

test("a request has one id: in the answer, among the requests and in the log", async () => {
	const log: EndedRequest[] = [];
	const server = await startServer({ log: (request) => log.push(request) });
	try {
		await server.ready;
		const ask = async (path: string) => {
			const { headers } = await fetch(server.url + path);
			return headers.get("x-request-id");
		};
		const ids = [
			await ask("/oauth/discovery/keys?private_token=hush"),
			await ask("/login?jwt=eyJhbGciOiJub25lIn0.e30."),
			await ask("/_mock/health"),
		];
		const listed = await fetch(`${server.url}/_mock/requests`);
		const { requests } = (await listed.json()) as {
			requests: { request_id: string; path: string }[];
		};
		expect(requests.map(({ request_id }) => request_id)).toEqual(
			ids.slice(0, 2),
		);
		await expect.poll(() => log.length).toBe(4);
		expect(log.slice(0, 3)).toEqual([
			{
				time: expect.stringMatching(/^\d{4}-.*Z$/),
				instance: "",
				method: "GET",
				path: "/oauth/discovery/keys",
				query: "private_token=[redacted]",
				status: 200,
				duration: expect.any(Number),
				requestId: ids[0],
			},
			expect.objectContaining({
				path: "/login",
				query: "jwt=[redacted]",
				status: 404,
				requestId: ids[1],
			}),
			expect.objectContaining({ path: "/_mock/health", requestId: ids[2] }),
		]);
	} finally {
		await server.close();
	}
});

test("what never reaches the application is logged too, and answered with an id", async () => {
	const log: EndedRequest[] = [];
	const server = await startServer({ log: (request) => log.push(request) });
	try {
		const { hostname, port } = new URL(server.url);
		const send = (bytes: string) =>
			new Promise<string>((resolve, reject) => {
				let text = "";
				const socket = connect(Number(port), hostname, () =>
					socket.write(bytes),
				)
					.on("data", (chunk) => {
						text += chunk;
					})
					.on("error", reject)
					.on("end", () => resolve(text));
			});
		const answers = [
			await send("nonsense\r\n\r\n"),
			await send("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
			await send("GET /x?code=1 HTTP/1.1\r\nConnection: close\r\n\r\n"),
		];
		await expect.poll(() => log.length).toBe(3);
		expect(log).toMatchObject([
			{ method: null, path: null, status: 400 },
			{ method: "CONNECT", path: "a:1", status: 405 },
			{ method: "GET", path: "/x", query: "code=[redacted]", status: 400 },
		]);
		for (const [index, { requestId }] of log.entries())
			expect(answers[index]?.toLowerCase()).toContain(
				`\r\nx-request-id: ${requestId.toLowerCase()}\r\n`,
			);
	} finally {
		await server.close();
	}
});

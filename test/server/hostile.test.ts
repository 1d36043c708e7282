// Bad input gets a clear 4xx in JSON, and the server goes on.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/server/start.js";

let server: RunningServer;
const reports: string[] = [];

beforeAll(async () => {
	server = await startServer({ report: (line) => reports.push(line) });
	await server.ready;
});
afterAll(() => server.close());

/** Sends bytes as they are and gives the whole answer. */
function raw(
	bytes: string,
): Promise<{ status: number; head: string; body: string }> {
	const { hostname, port } = new URL(server.url);
	return new Promise((resolve, reject) => {
		const socket = connect(Number(port), hostname, () => socket.write(bytes));
		let answer = "";
		socket.on("data", (chunk) => {
			answer += chunk;
		});
		socket.on("error", reject);
		socket.on("close", () =>
			resolve({
				status: Number(answer.split(" ")[1]),
				head: answer.slice(0, answer.indexOf("\r\n\r\n") + 2),
				body: answer.slice(answer.indexOf("\r\n\r\n") + 4),
			}),
		);
	});
}

const get = (path: string, host = "localhost") =>
	raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

async function expectFailure(
	answer: Promise<{ status: number; body: string }>,
	status: number,
	error: string,
	description: string,
) {
	const { status: got, body } = await answer;
	expect(got, body).toBe(status);
	const failure = JSON.parse(body);
	expect(Object.keys(failure)).toEqual(["error", "error_description"]);
	expect(failure.error).toBe(error);
	expect(failure.error_description).toContain(description);
	expect(body).not.toMatch(/node_modules|\.ts:|\.js:| {4}at /);
	const alive = await get("/_mock/token/baseline");
	expect(alive.status).toBe(200);
}

describe("paths", () => {
	test.for([
		["/nowhere", 404, "not_found", "not emulated"],
		["/_mock/", 404, "not_found", "not emulated"],
		["/_mock/token/nope", 404, "unknown_scenario", "nearest:"],
		["/_mock/token/../../package.json", 404, "unknown_scenario", "no scenario"],
		["/_mock/token/..%2f..%2fpackage.json", 404, "unknown_scenario", ""],
		["/_mock/token/%2e%2e/%2e%2e/etc/passwd", 404, "unknown_scenario", ""],
		["/_mock/token/%00", 404, "unknown_scenario", ""],
		["/_mock/token/%zz", 404, "unknown_scenario", ""],
		["/_mock/scenarios/../../etc/passwd", 404, "unknown_scenario", ""],
		["/_mock/token/constructor", 404, "unknown_scenario", ""],
		["/_mock/keys/..%2f..%2fetc%2fpasswd", 404, "not_found", "no such key"],
		["/_mock/ca.pem", 404, "not_found", "--tls"],
		[
			"/_mock/token/baseline?audience=x",
			400,
			"invalid_request",
			"audience: unknown key",
		],
		["/_mock/token/baseline?set=ref", 400, "invalid_request", "KEY=VALUE"],
		["/_mock/token/baseline?set==x", 400, "invalid_request", "KEY=VALUE"],
		[
			"/_mock/token/baseline?set=__proto__.x=1",
			400,
			"invalid_request",
			"__proto__",
		],
		[
			"/_mock/token/baseline?set=constructor.prototype.x=1",
			400,
			"invalid_request",
			"constructor",
		],
		[
			"/_mock/token/baseline?set=token.claims.__proto__=1",
			400,
			"invalid_request",
			"__proto__",
		],
		["/_mock/token/baseline?set=ref={__proto__:%20{x:%201}}", 200, "", ""],
		["/_mock/token/baseline?set=ref=[1,2]", 200, "", ""],
	] as const)("%s", async ([path, status, error, description]) => {
		if (status === 200) expect((await get(path)).status).toBe(200);
		else await expectFailure(get(path), status, error, description);
	});

	test("nothing was polluted", () => {
		expect(({} as Record<string, unknown>).x).toBeUndefined();
	});

	test("a query of 64 KiB", () =>
		expectFailure(
			get(`/_mock/token/baseline?set=${"x".repeat(65_536)}`),
			431,
			"invalid_request",
			"16 KiB",
		));

	test("what is not HTTP", () =>
		expectFailure(raw("BREW /pot\r\n\r\n"), 400, "invalid_request", "HTTP"));
});

describe("Host", () => {
	test.for([
		"gitlab.example.com/evil",
		"evil\\@gitlab",
		"user@gitlab",
		"gitlab:port",
		"a b",
		"gitlab?x",
		'gitlab"',
		"-->",
		"[::1",
		"[:::]",
		"1.2.3.999",
		"gitlab:99999",
		// Punycode that is none is a host name for newer Nodes.
		...(URL.canParse("http://xn--a") ? [] : ["xn--a"]),
		"x".repeat(300),
		"",
	])("%j", (host) =>
		expectFailure(
			get("/.well-known/openid-configuration", host),
			400,
			"invalid_request",
			"Host",
		),
	);

	test("with a newline", () =>
		expectFailure(
			get("/.well-known/openid-configuration", "a\n b\u0000"),
			400,
			"invalid_request",
			"HTTP",
		));

	test("missing", () =>
		expectFailure(
			raw("GET /.well-known/openid-configuration HTTP/1.0\r\n\r\n"),
			400,
			"invalid_request",
			"Host",
		));
});

describe("what Node would refuse in its own words", () => {
	test.for([
		["GET http://[/ HTTP/1.1\r\nHost: a", 400, "neither a path nor a URL"],
		["GET http://a:b/ HTTP/1.1\r\nHost: a", 400, "neither a path nor a URL"],
		["GET /oauth/discovery/keys HTTP/1.1", 400, "Host"],
		["GET / HTTP/1.1\r\nHost: a\r\nExpect: more", 417, "Expect"],
		["CONNECT a:1 HTTP/1.1\r\nHost: a:1", 405, "CONNECT"],
		["GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x", 400, "HTTP"],
	] as const)("%s", async ([head, status, description]) => {
		const answer = raw(`${head}\r\nConnection: close\r\n\r\n`);
		expect((await answer).head).toMatch(/\r\nX-Mock-Oidc: testing-only\r\n/i);
		const error = status === 405 ? "method_not_allowed" : "invalid_request";
		await expectFailure(answer, status, error, description);
	});
});

test.for(["/_mock/instances", "/_mock/health", "/_mock/attacker/keys"])(
	"%s under a name that is none is never the mock's own failure",
	async (path) => {
		await fetch(`${server.url}/_mock/instances`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: '{"name":"one"}',
		});
		for (const host of ["a b", "[:::]", "1.2.3.999", "a:99999", "@", ""]) {
			expect((await get(path, host)).status).toBeLessThan(500);
		}
	},
);

test.for([
	["PATCH", "/_mock/clock", "GET, HEAD, PUT, DELETE"],
	["GET", "/_mock/reset", "POST"],
	["DELETE", "/_mock/token/baseline", "GET, HEAD"],
	["PROPFIND", "/_mock/health", "GET, HEAD"],
	["OPTIONS", "/_mock/next", "POST"],
] as const)("%s %s says what is allowed", async ([method, path, allow]) => {
	const { status, head } = await raw(
		`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
	);
	const given = /\r\nAllow: ([^\r]*)/i.exec(head)?.[1]?.split(", ").sort();
	expect(status).toBe(method === "OPTIONS" ? 200 : 405);
	expect(given).toEqual(allow.split(", ").sort());
});

describe("bodies", () => {
	const post = (body: string, type = "application/json") =>
		raw(
			`POST /_mock/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
		);

	test("the accepted twin", async () => {
		expect((await post("{}")).status).toBe(200);
	});

	test.for([
		["{", 400, "invalid_request", "not JSON"],
		["[]", 400, "invalid_request", "expected object"],
		["null", 400, "invalid_request", "expected object"],
		[" ", 400, "invalid_request", "not JSON"],
		[
			'{"token":{"claims":{"__proto__":1}}}',
			400,
			"invalid_request",
			"__proto__",
		],
		['{"job":{"__proto__":{"x":1}}}', 400, "invalid_request", "__proto__"],
		[`{"scenario":"${"x".repeat(10_000)}"}`, 404, "unknown_scenario", "…"],
		[`{"a":${"[".repeat(50_000)}`, 400, "invalid_request", "not JSON"],
		[
			`{"job":{"ref":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`,
			400,
			"invalid_request",
			"",
		],
		[" ".repeat(1024 * 1024 + 1), 413, "too_large", "1 MiB"],
	] as const)("%#: %o %o", ([body, status, error, description]) =>
		expectFailure(post(body), status, error, description),
	);

	test.for(["{}", ""])("%j of another type", (body) =>
		expectFailure(post(body, "text/plain"), 400, "invalid_request", "JSON"),
	);

	test("that are empty, of no type", () =>
		expectFailure(
			raw(
				"POST /_mock/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
			),
			400,
			"invalid_request",
			"JSON",
		));

	test("that are empty, and said to be JSON", async () => {
		expect((await post("")).status).toBe(200);
	});

	test("chunked without end are cut at 1 MiB", () => {
		const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
		return expectFailure(
			raw(
				`POST /_mock/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}`,
			),
			413,
			"too_large",
			"1 MiB",
		);
	});
});

test("none of it was the mock's own failure", () => {
	expect(reports).toEqual([]);
});

test("a setting that would overwhelm a YAML parser is a text like others", async () => {
	const deep = "{".repeat(20_000);
	const token = (set: string) =>
		fetch(`${server.url}/_mock/token`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ set: [set] }),
		});
	const taken = await token(`ref=${deep}`);
	expect(taken.status).toBe(200);
	expect(await taken.json()).toMatchObject({ claims: { ref: deep } });
	expect((await token(`user.id=${deep}`)).status).toBe(400);
	expect((await token("user.id=7")).status).toBe(200);
});

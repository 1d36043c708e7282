// Whatever a fault does, it ends its own connection at most: never the process, never another's answer.
import { once } from "node:events";
import { get } from "node:https";
import { type AddressInfo, connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import {
	afterAll,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { type FaultMap, faultsSchema } from "../../src/scenario/fault.js";
import { readScenario } from "../../src/scenario/read.js";
import { endConnection } from "../../src/server/end-connection.js";
import { type RunningServer, startServer } from "../../src/server/start.js";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";
import { JWKS_CHANGES } from "../../src/token/jwks.js";
import { anyText } from "../any-text.js";

const KEYS = "/oauth/discovery/keys";
const DISCOVERY = "/.well-known/openid-configuration";

const reports: string[] = [];
const thrown: unknown[] = [];
const catching = (error: unknown) => void thrown.push(error);
let gitlab: GitLab;
beforeAll(async () => {
	process.on("uncaughtException", catching);
	gitlab = await startGitLab({ report: (line) => reports.push(line) });
});
beforeEach(() => gitlab.reset());
afterAll(async () => {
	await gitlab.close();
	process.off("uncaughtException", catching);
});

/** Sends a request over a connection of its own and gives all that came until that ended. */
function ask(
	method: string,
	path = KEYS,
	headers = "",
	{ url = gitlab.url, idle = 10_000 } = {},
): Promise<string> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve) => {
		let answer = "";
		const socket = connect(Number(port), hostname, () =>
			socket.write(
				`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`,
			),
		);
		socket.setEncoding("latin1").on("data", (text) => {
			answer += text;
		});
		socket.on("error", () => undefined);
		socket.setTimeout(idle, () => socket.destroy());
		socket.on("close", () => resolve(answer));
	});
}

async function isWell() {
	expect(thrown).toEqual([]);
	expect(reports).toEqual([]);
	expect(await ask("GET", "/_mock/clock")).toMatch(/^HTTP\/1.1 200 OK\r\n/);
}

describe("what ended the process", () => {
	let server: RunningServer;
	beforeAll(async () => {
		server = await startServer({ report: (line) => reports.push(line) });
		await server.ready;
	});
	afterAll(() => server.close());

	const TRAILER = { headers: { Trailer: "x" } };
	const FAULTS: [string, string, FaultMap[string]][] = [
		["GET", "cut off at once", { ...TRAILER, truncate: 0 }],
		["OPTIONS", "cut off", { ...TRAILER, truncate: 3 }],
		["GET", "nothing", { ...TRAILER, body: "", drip: { bytes: 1, every: 0 } }],
		["HEAD", "slowly", { ...TRAILER, drip: { bytes: 1, every: 0 } }],
		["GET", "no content", { ...TRAILER, status: 204, truncate: 0 }],
		["GET", "not modified, large", { ...TRAILER, status: 304, size: 70_000 }],
	];
	test.for(FAULTS)("%s: %s", async ([method, , fault]) => {
		// Set behind the back of what refuses it.
		server.registry.root.faults.set({ [KEYS]: fault });
		expect(await ask(method, KEYS, "", server)).not.toContain('"keys"');
		server.registry.root.faults.remove();
		const next = await ask("GET", KEYS, "", server);
		expect(next).toMatch(/^HTTP\/1.1 200 OK\r\n/);
		await isWell();
	});

	test("headers that node refuses are refused with the fault", () => {
		const withHeader = (name: string) => ({
			[KEYS]: { truncate: 0, headers: { [name]: "x" } },
		});
		for (const name of ["Trailer", "trailer", "TRAILER"]) {
			expect(() => gitlab.faults.set(withHeader(name))).toThrow(
				`${KEYS}.headers.${name}: node sends no trailers`,
			);
		}
		expect(gitlab.faults.current()).toEqual({});
		gitlab.faults.set(withHeader("Trailers-Are"));
	});

	test("in a scenario file too", () => {
		const scenario = (name: string) =>
			readScenario(
				"a/b",
				"a/b.yaml",
				`{ title: t, expect: policy, why: w, spec: [RFC 9110], instance: { faults: { ${KEYS}: { headers: { ${name}: x } } } } }`,
			);
		expect(scenario("Trailer")).toMatchObject([
			{ message: expect.stringContaining("trailers") },
		]);
		expect(scenario("Retry-After")).toMatchObject({ id: "a/b" });
	});
});

test("over TLS, a connection that is reset or cut off ends for the client", async () => {
	await using secure = await startGitLab({
		tls: {},
		report: (line) => reports.push(line),
	});
	const read = () =>
		new Promise<string>((resolve, reject) => {
			get(secure.issuer + KEYS, { ca: secure.ca, agent: false }, (response) =>
				text(response).then(resolve, reject),
			).on("error", reject);
		});
	for (const fault of [{ reset: true }, { truncate: 10 }] as const) {
		secure.faults.set({ [KEYS]: fault });
		await expect(read()).rejects.toMatchObject({ code: "ECONNRESET" });
	}
	secure.faults.remove();
	expect(JSON.parse(await read())).toEqual(secure.keys.jwks);
	expect(reports).toEqual([]);
});

test("a reset of a connection that is ending already leaves nothing open", async () => {
	const errors: unknown[] = [];
	const bare = createServer({ allowHalfOpen: true }, (socket) => {
		socket.on("error", (error) => errors.push(error));
		socket.end("an answer");
		endConnection(socket);
	});
	await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
	const { port } = bare.address() as AddressInfo;
	const client = connect(port, "127.0.0.1").resume();
	client.on("error", () => undefined);
	await once(client, "close");
	bare.close();
	await once(bare, "close"); // once no connection is left
	expect(errors).toEqual([]);
});

test("a body in pieces keeps its type, with the charset", async () => {
	const type = async (fault: FaultMap[string]) => {
		gitlab.faults.set({ [KEYS]: fault });
		return /\r\nContent-Type: ([^\r]*)/i.exec(await ask("GET"))?.[1];
	};
	for (const fault of [
		{ headers: {} },
		{ size: 2000 },
		{ drip: { bytes: 500, every: 0 } },
		{ truncate: 10 },
	]) {
		expect(await type(fault)).toBe("application/json; charset=utf-8");
	}
	expect(await type({ body: "é", drip: { bytes: 1, every: 0 } })).toBe(
		"text/plain; charset=utf-8",
	);
});

const duration = fc.constantFrom(0, "0s", 0.001);
const headerName = fc.oneof(
	fc.constantFrom(
		...["Trailer", "Transfer-Encoding", "Content-Length", "Connection"],
		...["Upgrade", "Expect", "Date", "Content-Type", "ETag", "Set-Cookie"],
		...["Content-Encoding", "Keep-Alive", "Location", "__proto__", "Status"],
	),
	fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/),
);
const headerValue = fc.oneof(
	fc.constantFrom("chunked", "0", "-1", "1", "close", "upgrade", "x", "gzip"),
	fc.stringMatching(/^[\t\x20-\x7e]{0,20}$/),
);
const fault = fc.record(
	{
		status: fc.oneof(
			fc.constantFrom(200, 204, 205, 206, 301, 304, 407, 426),
			fc.integer({ min: 200, max: 599 }),
		),
		body: fc.oneof(anyText(), fc.jsonValue()),
		headers: fc.dictionary(headerName, headerValue, { maxKeys: 3 }),
		redirect: fc.stringMatching(/^[\x21-\x7e]{1,20}$/),
		delay: duration,
		drip: fc.record({
			bytes: fc.integer({ min: 400, max: 65_536 }),
			every: fc.constant(0),
		}),
		truncate: fc.oneof(fc.constantFrom(0, 1), fc.nat()),
		members: fc.dictionary(
			fc.constantFrom("issuer", "keys", "jwks_uri", "x"),
			fc.oneof(fc.string(), fc.array(fc.jsonValue({ maxDepth: 1 }))),
		),
		publish: fc.constant(["ed25519" as const]),
		keys: fc.constantFrom(
			...Object.keys(JWKS_CHANGES).filter((name) => !name.startsWith("ten")),
		),
		size: fc.constantFrom(1, 2000, 70_000),
		times: fc.integer({ min: 1, max: 3 }),
		probability: fc.double({ min: 0, max: 1, noNaN: true }),
		seed: fc.oneof(fc.integer(), fc.string()),
	},
	{ requiredKeys: [] },
);
const faults = fc.oneof(
	{ weight: 19, arbitrary: fault },
	{ weight: 1, arbitrary: fc.record({ reset: fc.constant(true) }) },
);
const method = fc.constantFrom(
	...["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "PATCH"],
);
const asked = fc.constantFrom(
	"",
	"If-None-Match: *\r\n",
	"Expect: 100-continue\r\n",
	"Upgrade: websocket\r\n",
	"TE: trailers\r\n",
	"Range: bytes=0-1\r\n",
	"Content-Length: 2\r\n\r\n{}",
	"Transfer-Encoding: chunked\r\n\r\n0\r\n",
);

test("any fault, any method, any header", async () => {
	const seen = { set: 0, refused: 0 };
	await fc.assert(
		fc.asyncProperty(
			faults,
			method,
			asked,
			fc.constantFrom(KEYS, DISCOVERY, "/nowhere"),
			async (one, verb, headers, path) => {
				const map = { "/*": one } as FaultMap;
				const valid = faultsSchema.safeParse(map).success;
				seen[valid ? "set" : "refused"] += 1;
				if (!valid) {
					expect(() => gitlab.faults.set(map)).toThrow();
					return;
				}
				gitlab.faults.set(map);
				// The fault may say: Connection: keep-alive.
				await ask(verb, path, headers, { idle: 100 });
				expect(thrown).toEqual([]);
				expect(reports).toEqual([]);
			},
		),
		{ numRuns: 250 },
	);
	gitlab.faults.remove();
	await isWell();
	expect(seen.set).toBeGreaterThan(120);
});

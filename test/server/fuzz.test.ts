// Random requests and random scenario files: always a clear answer, never the mock's own failure.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MockError } from "../../src/errors.js";
import { compile } from "../../src/scenario/compile.js";
import { readScenario } from "../../src/scenario/read.js";
import { ROUTES } from "../../src/server/mock/routes.js";
import { type RunningServer, startServer } from "../../src/server/start.js";
import { anyText } from "../any-text.js";

let server: RunningServer;
const reports: string[] = [];
beforeAll(async () => {
	server = await startServer({ report: (line) => reports.push(line) });
	await server.ready;
});
afterAll(() => server.close());

const word = fc.oneof(
	anyText(40),
	fc.constantFrom(
		"__proto__",
		"constructor",
		"ref",
		"job",
		"token",
		"claims",
		"header",
		"sign",
		"mangle",
		"environment",
		"name",
		"aud",
		"exp",
		"now-1h",
		"remove",
		"append",
		"../..",
		"\u0000",
		"🦊",
	),
);
const json = fc.jsonValue({ maxDepth: 4, depthSize: "small" });
const blocks = fc.dictionary(word, fc.oneof(json, fc.dictionary(word, json)));

async function answered(path: string, init?: RequestInit) {
	const response = await fetch(server.url + path, init);
	const text = await response.text();
	expect(response.status, `${path}: ${text}`).toBeLessThan(500);
	if (response.status >= 400) {
		expect(Object.keys(JSON.parse(text))).toEqual([
			"error",
			"error_description",
		]);
	}
	expect(response.headers.get("x-mock-oidc")).toBe("testing-only");
}

const RUNS = { numRuns: 300 };

test("random paths and queries", async () => {
	const path = fc
		.tuple(
			fc.constantFrom(
				"/",
				"/_mock/token/",
				"/_mock/scenarios/",
				"/_mock/keys/",
				"/.well-known/",
				"/_mock/",
			),
			fc.array(word, { maxLength: 3 }),
			fc.array(
				fc.tuple(
					fc.constantFrom("aud", "aud[]", "set", "resource", "x"),
					word,
					word,
				),
				{ maxLength: 3 },
			),
		)
		.map(([base, rest, query]) => {
			const encoded = rest.map(encodeURIComponent).join("/");
			const pairs = query.map(
				([name, key, value]) =>
					`${name}=${encodeURIComponent(`${key}=${value}`)}`,
			);
			return `${base}${encoded}?${pairs.join("&")}`;
		});
	await fc.assert(
		fc.asyncProperty(path, (chosen) => answered(chosen)),
		RUNS,
	);
	expect(reports).toEqual([]);
});

test("random settings and blocks", async () => {
	const body = fc.record(
		{
			scenario: fc.constantFrom(
				"baseline",
				"expired",
				"alg-none",
				"merge-request-from-fork",
				"no-user",
			),
			aud: fc.oneof(word, fc.array(word)),
			set: fc.array(fc.tuple(word, word).map((pair) => pair.join("="))),
			job: fc.oneof(json, blocks),
			token: fc.oneof(
				json,
				fc.record({ claims: blocks, header: blocks }, { requiredKeys: [] }),
			),
			instance: blocks,
		},
		{ requiredKeys: [] },
	);
	await fc.assert(
		fc.asyncProperty(body, (chosen) =>
			answered("/_mock/token", {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: JSON.stringify(chosen),
			}),
		),
		RUNS,
	);
	expect(reports).toEqual([]);
	expect(Object.keys(Object.prototype)).toEqual([]);
});

test("random bodies for everything that changes something", async () => {
	const call = fc.tuple(
		fc.constantFrom(...ROUTES.filter(({ changes }) => changes)),
		fc.oneof(
			json,
			blocks,
			fc.dictionary(fc.constantFrom("/x", "/*", "/_mock/x"), blocks),
			fc.record(
				{
					name: word,
					host: word,
					issuer: word,
					now: json,
					offset: word,
					kid: word,
					key: json,
					order: json,
					scenario: fc.oneof(word, fc.array(word)),
				},
				{ requiredKeys: [] },
			),
		),
		word,
	);
	await fc.assert(
		fc.asyncProperty(call, ([{ method, path }, body, name]) =>
			answered(path.replace(/:\w+/, encodeURIComponent(name)), {
				method: method.toUpperCase(),
				headers: { "Content-Type": "application/json" },
				...(method !== "delete" && { body: JSON.stringify(body) }),
			}),
		),
		RUNS,
	);
	await answered("/_mock/reset", {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: '{"keys":true}',
	});
	await answered("/oauth/discovery/keys");
	expect(reports).toEqual([]);
});

const situation = {
	issuer: "https://gitlab.example.com",
	version: "19.1",
	plan: "ultimate",
	now: 1_800_000_000,
	audience: "a",
} as const;

test("random scenario files are read, or said to be wrong and where", () => {
	const text = fc.oneof(
		anyText(),
		json.map((value) => JSON.stringify(value)),
		fc
			.record({ job: blocks, token: blocks, claims: fc.dictionary(word, json) })
			.map(({ job, token, claims }) =>
				JSON.stringify({
					title: "t",
					expect: "policy",
					why: "w",
					spec: ["RFC"],
					job,
					token: { ...token, claims },
				}),
			),
	);
	fc.assert(
		fc.property(text, (chosen) => {
			const read = readScenario("a/b", "a/b.yaml", chosen);
			if (Array.isArray(read)) {
				expect(read.length).toBeGreaterThan(0);
				for (const { line, column, message } of read) {
					expect(line).toBeGreaterThan(0);
					expect(column).toBeGreaterThan(0);
					expect(message).not.toBe("");
				}
				return;
			}
			try {
				compile(read, situation);
			} catch (error) {
				expect(error).toBeInstanceOf(MockError);
			}
		}),
		{ numRuns: 1000 },
	);
});

// Scenario files: everything that is wrong with one, each at its place.
import { describe, expect, test } from "vitest";
import { readScenario } from "../../src/scenario/read.js";
import { LEAST, problemsOf, scenarioOf } from "./scenario.js";

test("a good file is what it says, its id and its file", () => {
	expect(readScenario("a/b", "b.yaml", LEAST)).toEqual({
		title: "t",
		expect: "policy",
		why: "w",
		spec: ["RFC 1"],
		id: "a/b",
		file: "b.yaml",
	});
});

describe("the schema's problems", () => {
	test("are all told, each at the value; an unknown key at the key", () => {
		const text = `${LEAST}job:
  reff: main
  ref_protected: maybe
  environment: { nam: x, action: go }
  user:
    id: -1
token:
  issued: yesterday
  sign: { key: mine }
  mangle: [flip, { claims: 7 }]
instance:
  gitlab_version: 17.10
`;
		// The list of all manglings is long, and its own.
		const told = problemsOf(text).map((line) =>
			line.replace(/(mangle\.0: ).*"flip-signature-bit".*/, "$1…"),
		);
		expect(told.sort()).toEqual(
			[
				"f.yaml:6:3: job.reff: unknown key; nearest: ref",
				"f.yaml:7:18: job.ref_protected: Invalid input: expected boolean, received string",
				"f.yaml:8:18: job.environment.nam: unknown key; nearest: name",
				'f.yaml:8:34: job.environment.action: Invalid option: expected one of "start"|"prepare"|"stop"|"verify"|"access"',
				"f.yaml:10:9: job.user.id: Too small: expected number to be >=0",
				"f.yaml:12:11: token.issued: expected a time such as now-1h or now+90s",
				'f.yaml:13:16: token.sign.key: Invalid option: expected one of "ci"|"sign-in"|"unpublished"|"retired"|"second"|"ec-p256"|"ed25519"|"rsa-512"|"rsa-1024"|"encryption"|"rsa-for-ps256"|"rsa-not-to-verify"|"exponent-1"|"exponent-3"',
				"f.yaml:14:12: token.mangle.0: …",
				"f.yaml:14:28: token.mangle.1.claims: Invalid input: expected record, received number",
				"f.yaml:16:19: instance.gitlab_version: Invalid input: expected string, received number",
			].sort(),
		);
	});

	test.for<[string, string[]]>([
		["", ["f.yaml:1:1: Invalid input: expected object, received null"]],
		["- a\n", ["f.yaml:1:1: Invalid input: expected object, received array"]],
		[
			"# a comment\n\ntitle: ''\nexpect: policy\nspec: []\n",
			[
				"f.yaml:3:8: title: Too small: expected string to have >=1 characters",
				"f.yaml:3:1: why: Invalid input: expected string, received undefined",
				"f.yaml:5:7: spec: Too small: expected array to have >=1 items",
			],
		],
		[`${LEAST}tokn: {}\n`, ["f.yaml:5:1: tokn: unknown key; nearest: token"]],
		[`${LEAST}job: { 7: 8 }\n`, ["f.yaml:5:8: job.7: unknown key"]],
		[
			`${LEAST}requires: [cold-cache, gitlab>18]\n`,
			[
				"f.yaml:5:24: requires.1: expected cold-cache, policy, policy.CLAIM, gitlab>=VERSION or baseline.branch, .tag, .group, .person",
			],
		],
		[
			`${LEAST}instance: { gitlab_version: "14.6" }\n`,
			[
				'f.yaml:5:29: instance.gitlab_version: expected "latest" or a version such as "17.11", 14.7 or newer',
			],
		],
		[
			LEAST.replace("title: t", `title: ${"t".repeat(81)}`),
			["f.yaml:1:8: title: Too big: expected string to have <=80 characters"],
		],
	])("%j", ([text, problems]) => {
		expect(problemsOf(text)).toEqual(problems);
	});

	test("are at the alias that brings them, too", () => {
		const text = `${LEAST}token:
  claims:
    a: &wrong { b: 1 }
    c: *wrong
`;
		expect(problemsOf(text)).toEqual([
			expect.stringMatching(/^f\.yaml:7:15: token\.claims\.a: /),
			expect.stringMatching(/^f\.yaml:8:8: token\.claims\.c: /),
		]);
	});
});

test("a key __proto__ is refused, not left out", () => {
	const claims = (name: string) =>
		`${LEAST}token:\n  claims:\n    ${name}: 1\n    a: { value: { ${name}: 1 } }\n`;
	expect(problemsOf(claims("__proto__"))).toEqual([
		'f.yaml:7:5: "__proto__" cannot be set',
		'f.yaml:8:19: "__proto__" cannot be set',
	]);
	expect(problemsOf(claims('"__pr\\x6fto__"'))).toHaveLength(2);
	expect(problemsOf(claims("proto"))).toEqual([]);
});

describe("the rule", () => {
	const reject = LEAST.replace("policy", "reject");
	const accept = LEAST.replace("policy", "accept");
	test.for<[string, string[]]>([
		[`${reject}rule: expiry\n`, []],
		[reject, ["f.yaml:1:1: rule: required with expect: reject"]],
		[accept, []],
		[
			`${accept}rule: expiry\n`,
			["f.yaml:5:7: rule: only with expect: reject, not with expect: accept"],
		],
		[
			`${LEAST}rule: expiry\n`,
			["f.yaml:5:7: rule: only with expect: reject, not with expect: policy"],
		],
	])("%j", ([text, problems]) => {
		expect(problemsOf(text)).toEqual(problems);
	});

	test("is one of the rules", () => {
		expect(problemsOf(`${reject}rule: expired\n`)).toEqual([
			expect.stringMatching(/^f\.yaml:5:7: rule: Invalid option: .*"expiry"/),
		]);
	});
});

describe("YAML", () => {
	test.for<[string, string, string]>([
		["a list without end", "title: [a\n", "f.yaml:2:1: Flow sequence"],
		["a tab", "title: t\n\texpect: x\n", "f.yaml:2:1: Tabs are not allowed"],
		[
			"a key twice",
			`${LEAST}title: x\n`,
			"f.yaml:5:1: Map keys must be unique",
		],
		[
			"two documents",
			`${LEAST}---\n${LEAST}`,
			"f.yaml:5:1: Source contains multiple documents",
		],
		["an unknown alias", `${LEAST}job: { ref: *x }\n`, "Unresolved alias"],
		[
			"a key that is a list",
			`${LEAST}? [a]\n: b\n`,
			"f.yaml:5:3: With stringKeys, all keys must be strings",
		],
	])("with %s", ([, text, told]) => {
		expect(problemsOf(text).join("\n")).toContain(told);
		expect(problemsOf(LEAST)).toEqual([]);
	});

	test("does not quote the file in a problem's message", () => {
		for (const line of problemsOf("title: [a\nexpect: policy\n")) {
			expect(line).toMatch(/^f\.yaml:\d+:\d+: [^\n]+$/);
		}
	});

	test("with aliases of aliases is refused before it grows", () => {
		const nine = (name: string) => Array(9).fill(name).join(",");
		const text = [
			`a: &a [${nine("x")}]`,
			`b: &b [${nine("*a")}]`,
			`c: &c [${nine("*b")}]`,
			`d: [${nine("*c")}]`,
		].join("\n");
		expect(problemsOf(text)).toEqual([
			"f.yaml:1:1: aliases: Excessive alias count indicates a resource exhaustion attack",
		]);
		const few = `${LEAST}token:\n  claims:\n    a: &a [x]\n    b: *a\n`;
		expect(scenarioOf(few.slice(LEAST.length)).token?.claims?.b).toEqual(["x"]);
	});

	test("that would end the parser, and the process, is refused before", () => {
		const read = readScenario("a", "f.yaml", `title: ${"{".repeat(100_000)}`);
		expect(read).toEqual([
			{
				file: "f.yaml",
				line: 1,
				column: 1,
				path: "",
				message: "nested deeper than 100 levels",
			},
		]);
	});

	test("nested too deeply is a problem, not a crash", () => {
		const text = (depth: number) =>
			`${LEAST}token: { claims: { a: ${"[".repeat(depth)}${"]".repeat(depth)} } }\n`;
		expect(problemsOf(text(50_000)).length).toBeGreaterThan(0);
		expect(problemsOf(text(20))).toEqual([]);
	});

	test("reads what looks like a date or a yes as text", () => {
		const { token } = scenarioOf(
			"token: { claims: { a: 2024-01-01, b: yes, c: 1e3, d: ~ } }\n",
		);
		expect(token?.claims).toEqual({
			a: "2024-01-01",
			b: "yes",
			c: 1000,
			d: null,
		});
	});
});

test("a file above 256 KiB is not read; one of just that is", () => {
	const padded = (size: number) => `${LEAST}#`.padEnd(size, "x");
	expect(problemsOf(padded(256 * 1024))).toEqual([]);
	expect(problemsOf(padded(256 * 1024 + 1))).toEqual([
		"f.yaml:1:1: larger than 256 KiB",
	]);
	const bytes = `${LEAST}#${"é".repeat(128 * 1024)}`; // fewer characters than that, more bytes
	expect(problemsOf(bytes)).toEqual(["f.yaml:1:1: larger than 256 KiB"]);
});

describe("an id", () => {
	test.for(["a", "ref/protected-tag", "valid/gitlab-15.7", "a/b/c-1"])(
		"can be %s",
		(id) => {
			expect(problemsOf(LEAST, id)).toEqual([]);
		},
	);

	test.for([
		"",
		"A",
		"a_b",
		"a b",
		"-a",
		"a-",
		"a--b",
		"a//b",
		"/a",
		"a/",
		"../a",
		"a/..",
		"é",
	])("cannot be %j", (id) => {
		expect(problemsOf(LEAST, id)).toEqual([
			`f.yaml:1:1: "${id}" cannot be a scenario's id: use kebab-case, such as ref/protected-tag.yaml`,
		]);
	});
});

// What is refused, each with the file, the line and the job, and beside it what is not.
import { describe, expect, test } from "vitest";
import type { SituationText } from "../../src/server/pipeline/situation.js";
import { rejection } from "../refusal.js";
import { audiences, jobsOf } from "./project.js";

const good = "{ script: x, id_tokens: { T: { aud: a } } }";

/** A file that is refused, its twin that is not, and the error. */
const CASES: readonly [string, string, string, string][] = [
	[
		"id_tokens without aud",
		"job:\n  script: x\n  id_tokens:\n    T: {}",
		`job: ${good}`,
		'.gitlab-ci.yml:4: job "job": id_tokens: T needs aud, such as aud: "https://vault.example.com"',
	],
	[
		"id_tokens with more than aud",
		"job:\n  script: x\n  id_tokens:\n    T:\n      aud: a\n      sub: b",
		`job: ${good}`,
		'.gitlab-ci.yml:6: job "job": id_tokens: T takes aud alone, not sub',
	],
	[
		"an aud of numbers",
		"job:\n  script: x\n  id_tokens: { T: { aud: [a, 1] } }",
		'job: { script: x, id_tokens: { T: { aud: [a, "1"] } } }',
		'.gitlab-ci.yml:3: job "job": id_tokens: T needs an aud that is a string or a list of strings',
	],
	[
		"id_tokens that are a list",
		"job: { script: x, id_tokens: [T] }",
		`job: ${good}`,
		'.gitlab-ci.yml:1: job "job": id_tokens needs a mapping of variable names, each with aud',
	],
	[
		"control characters in a name",
		'job: { script: x, id_tokens: { "T\\e[31m": { aud: a } } }',
		"job: { script: x, id_tokens: { 'T;rm -rf': { aud: a } } }",
		'.gitlab-ci.yml:1: job "job": id_tokens: T\ufffd[31m is no name of a variable',
	],
	[
		"id_tokens at the top",
		`id_tokens: { T: { aud: a } }\njob: ${good}`,
		`default: { id_tokens: { T: { aud: a } } }\njob: ${good}`,
		".gitlab-ci.yml:1: id_tokens belongs in a job or in default, not at the top of the file",
	],
	[
		"id_tokens of a trigger job",
		"job: { trigger: a/b, id_tokens: { T: { aud: a } } }",
		"job: { trigger: a/b }",
		'.gitlab-ci.yml:1: job "job": a trigger job can have no id_tokens',
	],
	[
		"an extends loop",
		"a:\n  extends: .b\n  script: x\n.b:\n  extends: .c\n.c:\n  extends: .b",
		"a: { extends: .b, script: x }\n.b: { extends: .c }\n.c: {}",
		'.gitlab-ci.yml:5: job "a": extends goes round: .b → .c → .b',
	],
	[
		"extends of itself",
		"a: { extends: a, script: x }",
		"a: { script: x }",
		'.gitlab-ci.yml:1: job "a": extends goes round: a → a',
	],
	[
		"extends of nothing",
		"job:\n  script: x\n  extends: .deplyo\n.deploy: {}",
		"job: { script: x, extends: .deploy }\n.deploy: {}",
		'.gitlab-ci.yml:3: job "job": extends ".deplyo", which there is not; nearest: .deploy',
	],
	[
		"a reference to nothing",
		"job:\n  script: x\n  id_tokens: !reference [.a, id_tokens]\n.a: {}",
		"job: { script: x, id_tokens: !reference [.a, id_tokens] }\n.a: { id_tokens: {} }",
		'.gitlab-ci.yml:3: job "job": !reference [.a, id_tokens] is a reference to nothing: there is no such key',
	],
	[
		"a reference to itself",
		"job: { script: !reference [job, script] }",
		"job: { script: !reference [.a, script] }\n.a: { script: x }",
		'.gitlab-ci.yml:1: job "job": !reference [job, script] leads back to itself',
	],
	[
		"a reference that is no list",
		"job: { script: !reference x }",
		"job: { script: x }",
		".gitlab-ci.yml:1: !reference needs a list of names, such as [.job, key]",
	],
	[
		"broken YAML",
		`job: ${good}\nother: [`,
		`job: ${good}`,
		".gitlab-ci.yml:2: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
	],
	[
		"an alias without an anchor",
		"job: { script: *x }",
		"job: { script: &x x }",
		".gitlab-ci.yml:1: an alias has no anchor before it",
	],
	[
		"a list",
		"- job",
		`job: ${good}`,
		".gitlab-ci.yml:1: this is no pipeline: expected a mapping with jobs",
	],
	[
		"nothing",
		"# nothing",
		`job: ${good}`,
		".gitlab-ci.yml:1: this is no pipeline: expected a mapping with jobs",
	],
	[
		"a file of another program",
		"name: my-app\nversion: 1",
		`job: ${good}`,
		'.gitlab-ci.yml:1: this is no pipeline: "name" is neither a keyword of GitLab\'s nor a job',
	],
	[
		"no job with a script",
		"services: {}\nvolumes: { data: {} }",
		`services: []\njob: ${good}`,
		".gitlab-ci.yml:2: this is no pipeline: it has no job with a script",
	],
	[
		"a timeout that is none",
		"job:\n  script: x\n  timeout: soon",
		"job: { script: x, timeout: 1h 30m }",
		'.gitlab-ci.yml:3: job "job": timeout needs a duration of at most a month, such as 1h 30m',
	],
	[
		"an environment without a name",
		"job: { script: x, environment: { action: stop } }",
		"job: { script: x, environment: { action: stop, name: a } }",
		'.gitlab-ci.yml:1: job "job": environment needs a name',
	],
	[
		"an action that there is not",
		"job: { script: x, environment: { name: a, action: go } }",
		"job: { script: x, environment: { name: a, action: access } }",
		'.gitlab-ci.yml:1: job "job": environment: action is "go", not one of start, prepare, stop, verify, access',
	],
	[
		"a matrix of more than 200 jobs",
		`job: { script: x, parallel: { matrix: [{ A: [${"a,".repeat(15)}], B: [${"a,".repeat(15)}] }] } }`,
		`job: { script: x, parallel: { matrix: [{ A: [${"a,".repeat(10)}], B: [${"a,".repeat(20)}] }] } }`,
		'.gitlab-ci.yml:1: job "job": parallel:matrix makes more than 200 jobs',
	],
	[
		"an environment that is a number",
		"job: { script: x, environment: 5 }",
		'job: { script: x, environment: "5" }',
		'.gitlab-ci.yml:1: job "job": environment needs a name, or a mapping with name',
	],
	[
		"an environment's name that is a number",
		"job: { script: x, environment: { name: 5 } }",
		'job: { script: x, environment: { name: "5" } }',
		'.gitlab-ci.yml:1: job "job": environment: the name "5" may have only letters, digits, -, _, /, $, {, }, . and spaces, and no / at either end',
	],
	[
		"an environment's name with a colon",
		'job: { script: x, environment: "prod:eu" }',
		`job: { script: x, environment: "prod/eu-\${A} 1.0_x" }`,
		'.gitlab-ci.yml:1: job "job": environment: the name "prod:eu" may have only letters, digits, -, _, /, $, {, }, . and spaces, and no / at either end',
	],
	[
		"an environment's name that begins with a slash",
		"job: { script: x, environment: /prod }",
		"job: { script: x, environment: p }",
		'.gitlab-ci.yml:1: job "job": environment: the name "/prod" may have only letters, digits, -, _, /, $, {, }, . and spaces, and no / at either end',
	],
	[
		"a key that environments have not",
		"job:\n  script: x\n  environment:\n    name: a\n    tier: production",
		"job: { script: x, environment: { name: a, url: null, on_stop: stop, auto_stop_in: 1 day, kubernetes: { agent: a }, deployment_tier: production } }",
		'.gitlab-ci.yml:5: job "job": environment has no key tier',
	],
	[
		"a url that is a number",
		"job: { script: x, environment: { name: a, url: 8080 } }",
		'job: { script: x, environment: { name: a, url: "8080" } }',
		'.gitlab-ci.yml:1: job "job": environment: url needs a text',
	],
	[
		"a url that is too long",
		`job: { script: x, environment: { name: a, url: ${"u".repeat(256)} } }`,
		`job: { script: x, environment: { name: a, url: ${"u".repeat(255)} } }`,
		'.gitlab-ci.yml:1: job "job": environment: url has more than 255 characters',
	],
	[
		"a date without quotes",
		"job:\n  script: x\n  variables:\n    D: 2024-1-2",
		'job: { script: x, variables: { D: "2024-1-2", E: 2024-13-02, F: 2024-01 } }',
		".gitlab-ci.yml:4: 2024-1-2 is a date to GitLab's YAML, which it refuses: put it in quotes",
	],
	[
		"a time without quotes, as a name",
		"2024-01-02 12:30:45: { script: x }",
		'"2024-01-02 12:30:45": { script: x }',
		".gitlab-ci.yml:1: 2024-01-02 12:30:45 is a time to GitLab's YAML, which it refuses: put it in quotes",
	],
	[
		"a hidden job that extends nothing",
		"job: { script: x }\n.a: { extends: elsewhere }",
		"job: { script: x }\n.a: { extends: job }",
		'.gitlab-ci.yml:2: job ".a": extends "elsewhere", which there is not',
	],
	[
		"an aud that is a decimal number",
		"job: { script: x, id_tokens: { T: { aud: 1.0 } } }",
		"job: { script: x, id_tokens: { T: { aud: 1.0.0 } } }",
		'.gitlab-ci.yml:1: job "job": id_tokens: T needs an aud that is a string or a list of strings',
	],
	[
		"an include that leads out",
		`include: ../../etc/passwd.yml\njob: ${good}`,
		`job: ${good}`,
		'.gitlab-ci.yml:1: include: "../../etc/passwd.yml" leads out of the project',
	],
	[
		"an include of no YAML file",
		`include: /etc/passwd\njob: ${good}`,
		`job: ${good}`,
		'.gitlab-ci.yml:1: include: "etc/passwd" does not end in .yml or .yaml',
	],
	[
		"an include that is not there",
		`stages: [a]\ninclude: nope.yml\njob: ${good}`,
		`job: ${good}`,
		'.gitlab-ci.yml:2: include: there is no file "nope.yml" in the project',
	],
];

test.for(CASES)("%s is refused", async ([, bad, twin, message]) => {
	expect(await rejection(jobsOf(bad))).toEqual({
		code: "invalid_pipeline",
		message,
	});
	expect(await rejection(jobsOf(twin))).toBe("accepted");
});

test("extends more than eleven levels deep is refused, in whatever order", async () => {
	const chain = (length: number) =>
		Array.from(
			{ length },
			(_, level) =>
				`.l${level}: { script: x${level + 1 < length ? `, extends: .l${level + 1}` : ""} }`,
		);
	for (const lines of [
		["job: { extends: .l0 }", ...chain(11)],
		[...chain(11).reverse(), "job: { extends: .l0 }"],
	]) {
		expect(await rejection(jobsOf(lines.join("\n")))).toMatchObject({
			code: "invalid_pipeline",
			message: expect.stringContaining(
				'job "job": extends goes deeper than 11 levels: job → .l0',
			),
		});
	}
	const text = ["job: { extends: .l0 }", ...chain(10)].join("\n");
	expect(await rejection(jobsOf(text))).toBe("accepted");
});

test("references are followed ten levels deep", async () => {
	const chain = (length: number) =>
		[
			...Array.from(
				{ length },
				(_, level) =>
					`.l${level}: { script: !reference [.l${level + 1}, script] }`,
			),
			`.l${length}: { script: x }`,
			"job: { script: y }",
		].join("\n");
	expect(await rejection(jobsOf(chain(11)))).toMatchObject({
		code: "invalid_pipeline",
		message: expect.stringContaining("is nested deeper than 10 levels"),
	});
	expect(await rejection(jobsOf(chain(10)))).toBe("accepted");
});

describe("includes", () => {
	test("that go round are refused", async () => {
		const includes = {
			"a.yml": "include: b.yml",
			"b.yml": "stages: [x]\ninclude: a.yml",
		};
		const text = `include: a.yml\njob: ${good}`;
		expect(await rejection(jobsOf(text, { includes }))).toEqual({
			code: "invalid_pipeline",
			message:
				"b.yml:2: include goes round: .gitlab-ci.yml → a.yml → b.yml → a.yml",
		});
		const straight = { ...includes, "b.yml": "stages: [x]" };
		expect(await rejection(jobsOf(text, { includes: straight }))).toBe(
			"accepted",
		);
	});

	test("are at most 150", async () => {
		const files = (count: number) =>
			Object.fromEntries(
				Array.from({ length: count }, (_, index) => [
					`ci/${index}.yml`,
					"a: b",
				]),
			);
		const text = `include: ci/*.yml\n.x: &x ${good}\njob: *x\na: *x`;
		expect(await rejection(jobsOf(text, { includes: files(151) }))).toEqual({
			code: "invalid_pipeline",
			message: ".gitlab-ci.yml:1: more than 150 includes",
		});
		expect(await rejection(jobsOf(text, { includes: files(150) }))).toBe(
			"accepted",
		);
	});

	test("that are broken are named", async () => {
		const includes = { "ci/a.yml": "ok: 1\nbad: [" };
		expect(
			await rejection(jobsOf(`include: ci/a.yml\njob: ${good}`, { includes })),
		).toMatchObject({
			message: expect.stringMatching(/^ci\/a\.yml:2: YAML: /),
		});
	});
});

describe("a job", () => {
	const text = `deploy-app: ${good}\ndeploy-web: ${good}\n.deploy: ${good}\ntest: ${good}`;

	test("that there is not is refused, with the nearest names", async () => {
		expect(await rejection(jobsOf(text, {}, "deploy-ap"))).toEqual({
			code: "unknown_job",
			message:
				'.gitlab-ci.yml:1: job "deploy-ap": there is no such job; nearest: deploy-app, deploy-web',
		});
		for (const name of [".deploy", "default", "toString", "\u001b[2J"]) {
			expect(await rejection(jobsOf(text, {}, name))).toMatchObject({
				code: "unknown_job",
				message: expect.not.stringContaining("\u001b"),
			});
		}
		expect(await rejection(jobsOf(text, {}, "deploy-app"))).toBe("accepted");
	});

	test("whose tokens differ by matrix must be named whole", async () => {
		const matrix = (aud: string) => `
job:
  script: x
  parallel: { matrix: [{ A: [a, b] }] }
  id_tokens: { T: { aud: ${aud} } }
`;
		expect(await rejection(jobsOf(matrix("$A"), {}, "job"))).toEqual({
			code: "invalid_request",
			message:
				'.gitlab-ci.yml:2: job "job": its tokens differ by matrix: name one of "job: [a]", "job: [b]"',
		});
		const { jobs } = await jobsOf(matrix("$A"), {}, "job: [b]");
		expect(jobs[0]?.id_tokens).toEqual({ T: { aud: "b" } });
		expect(await rejection(jobsOf(matrix("same"), {}, "job"))).toBe("accepted");
	});
});

test.for<[SituationText, string, string]>([
	[
		{ scenario: "time/expired" },
		"invalid_request",
		"a job gets genuine tokens only, and time/expired is a forgery: take one such as ref/protected-tag",
	],
	[
		{ ref: "a", tag: "b" },
		"invalid_request",
		"a pipeline runs on a branch or on a tag: give ref or tag, not both",
	],
	[{ set: ["nope=1"] }, "invalid_request", "job.nope: unknown key"],
])("the situation %j is refused", async ([situation, code, message]) => {
	const text = `job: ${good}`;
	expect(await rejection(jobsOf(text, { situation }, "job"))).toEqual({
		code,
		message,
	});
});

test("GitLab before 15.7 had no id_tokens", async () => {
	const text = `job: ${good}`;
	expect(await rejection(jobsOf(text, { version: "15.6" }))).toEqual({
		code: "invalid_request",
		message: "id_tokens came with GitLab 15.7, and this one is 15.6",
	});
	expect(await rejection(jobsOf(text, { version: "15.7" }))).toBe("accepted");
});

// What would take too long fails by the time that vitest gives a test.
describe("too much", () => {
	const bomb = (levels: number) =>
		[
			".a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
			...Array.from(
				{ length: levels },
				(_, level) =>
					`.a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(10)}]`,
			),
			`job: ${good}`,
		].join("\n");
	const references = (levels: number) =>
		[
			".r0: { s: [x, x, x, x, x, x, x, x, x, x] }",
			...Array.from(
				{ length: levels },
				(_, level) =>
					`.r${level + 1}: { s: [${`!reference [.r${level}, s], `.repeat(10)}] }`,
			),
			`job: ${good}`,
		].join("\n");
	const variables = (levels: number) =>
		[
			"variables:",
			"  V0: v",
			...Array.from(
				{ length: levels },
				(_, level) => `  V${level + 1}: ${`$V${level}`.repeat(10)}`,
			),
			`job: { script: x, id_tokens: { T: { aud: "$V${levels}" } } }`,
		].join("\n");

	test.for([
		["a file of more than 1 MiB", `#${" ".repeat(1024 * 1024)}\n`],
		["aliases of aliases", bomb(7)],
		["lists in lists", `job: ${"[".repeat(101)}`],
		["a megabyte of brackets", "[".repeat(1024 * 1024 - 1)],
		["a megabyte of braces", "{".repeat(1024 * 1024 - 1)],
		["a megabyte of dashes", "- ".repeat(512 * 1024 - 1)],
		["a megabyte of marks", "? ".repeat(512 * 1024 - 1)],
		["a megabyte of tags", "!a ".repeat(340_000)],
		["a megabyte of aliases", "*a ".repeat(340_000)],
		["variables of variables", variables(8)],
	] as const)("%s is refused", async ([, text]) => {
		expect(await rejection(jobsOf(text))).toMatchObject({ code: "too_large" });
	});

	test("a little of each is not", async () => {
		for (const text of [
			`#${" ".repeat(1000 * 1024)}\njob: ${good}`,
			bomb(3),
			references(3),
			variables(3),
			`.deep: ${"[".repeat(90)}${"]".repeat(90)}\njob: ${good}`,
		]) {
			expect(await rejection(jobsOf(text))).toBe("accepted");
		}
	});

	test("variables may make a long chain, but not use one another too often", async () => {
		const chain = (length: number) => {
			const lines = Array.from(
				{ length },
				(_, index) => `  V${index}: $V${index + 1}`,
			);
			return `variables:\n${lines.join("\n")}\njob: { script: x, id_tokens: { T: { aud: $V0 } } }`;
		};
		expect(await rejection(jobsOf(chain(9000)))).toBe("accepted");
		expect(await rejection(jobsOf(chain(11_000)))).toMatchObject({
			code: "too_large",
		});
	});

	test("references of references share what they refer to", async () => {
		expect(await rejection(jobsOf(references(9)))).toBe("accepted");
	});

	test("many jobs that extend one with many keys are refused", async () => {
		const keys = Array.from({ length: 2000 }, (_, key) => `k${key}: 1`);
		const jobs = (count: number) =>
			Array.from(
				{ length: count },
				(_, job) => `j${job}: { extends: .p, script: x }`,
			).join("\n");
		const parent = `.p: { ${keys.join(", ")} }`;
		expect(await rejection(jobsOf(`${parent}\n${jobs(2000)}`))).toMatchObject({
			code: "too_large",
		});
		expect(await rejection(jobsOf(`${parent}\n${jobs(10)}`))).toBe("accepted");
	});

	const many = (
		count: number,
		line: (index: number) => string,
		between = "\n",
	) => Array.from({ length: count }, (_, index) => line(index)).join(between);

	// About twice what is allowed: more would only take longer to read.
	test.for([
		[
			"many jobs with many tokens by default",
			`default: { id_tokens: { ${many(2000, (index) => `T${index}: {aud: a},`, " ")} } }\n${many(2000, (index) => `j${index}: {script: x}`)}`,
		],
		[
			"many jobs with a long audience",
			`variables: { L: "${"l".repeat(60_000)}" }\ndefault: { id_tokens: { T: { aud: $L } } }\n${many(1000, (index) => `j${index}: {script: x}`)}`,
		],
		[
			"many jobs with a long environment",
			`variables: { L: "${"l".repeat(60_000)}" }\n${many(1000, (index) => `j${index}: {script: x, environment: $L}`)}`,
		],
		[
			"many jobs with a long chain of variables",
			`variables: { ${many(1000, (index) => `V${index}: $V${index + 1},`, " ")} }\n${many(250, (index) => `j${index}: {script: x, id_tokens: {T: {aud: $V0}}}`)}`,
		],
		[
			"many jobs that ask for files by a long chain of variables",
			`variables: { ${many(1000, (index) => `V${index}: $V${index + 1},`, " ")} }\n${many(250, (index) => `j${index}: {script: x, rules: [{exists: [$V0]}]}`)}`,
		],
		[
			"many jobs that run in parallel",
			many(2000, (index) => `j${index}: {script: x, parallel: 200}`),
		],
	] as const)("%s are refused", async ([, text]) => {
		expect(await rejection(jobsOf(text))).toMatchObject({ code: "too_large" });
	});

	test.for([
		[
			"many jobs with many variables of the file",
			`variables: { ${many(20_000, (index) => `V${index}: v,`, " ")} }\n${many(10_000, (index) => `j${index}: {script: x, id_tokens: {T: {aud: $V1}}}`)}`,
		],
		[
			"many jobs that extend what may be elsewhere",
			`include: { remote: "https://example.com/a.yml" }\n${many(10_000, (index) => `j${index}: {extends: .k${index}}`)}`,
		],
	] as const)("%s take no long time", async ([, text]) => {
		expect(await rejection(jobsOf(text))).toBe("accepted");
	});

	test("many wildcards over many files are refused", async () => {
		const includes = Object.fromEntries(
			Array.from({ length: 50_000 }, (_, index) => [`${index}.yml`, ""]),
		);
		const text = (count: number) =>
			`include: [${`"${"**a".repeat(80)}b.yml",`.repeat(count)}]\njob: ${good}`;
		expect(await rejection(jobsOf(text(140), { includes }))).toMatchObject({
			code: "too_large",
		});
		expect(await rejection(jobsOf(text(1), { includes }))).toBe("accepted");
	});

	test("a wildcard takes no more than the time of its length", async () => {
		const path = `${"a".repeat(200)}.yml`;
		const text = `include: "${"**a".repeat(60)}b.yml"\njob: ${good}`;
		expect(await audiences(text, { includes: { [path]: "" } })).toEqual({
			job: { T: "a" },
		});
	});
});

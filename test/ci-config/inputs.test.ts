// `spec: inputs` and what `$[[ inputs.x ]]` becomes, after GitLab's own specs.
import { describe, expect, test } from "vitest";
import { blocksIn } from "../../src/ci-config/inputs/blocks.js";
import type { SituationText } from "../../src/server/pipeline/situation.js";
import { rejection } from "../refusal.js";
import { audiences, jobsOf } from "./project.js";

/** A file with one input `x`, used as the audience. */
const file = (spec: string, aud = "$[[ inputs.x ]]") => `spec:
  inputs:
    x: ${spec}
---
job:
  script: x
  id_tokens:
    T: { aud: ["${aud}"] }
`;
const first = async (text: string, inputs: SituationText["inputs"] = {}) =>
	(await audiences(text, { situation: { inputs } })).job?.T;

describe("a value", () => {
	test.for<[string, SituationText["inputs"], string]>([
		["{ default: a }", {}, "a"],
		["{ default: a }", { x: "b" }, "b"],
		["", { x: "b" }, "b"],
		["{ default: '' }", {}, ""],
		["{ default: 5 }", {}, "5"],
		["{ options: [a, b] }", { x: "b" }, "b"],
		["{ options: [1, 2] }", { x: "2" }, "2"],
		["{ regex: '^v\\d+$' }", { x: "v12" }, "v12"],
		["{ default: a, description: what it is for }", {}, "a"],
	])("of %s is %j: %j", async ([spec, inputs, expected]) => {
		expect(await first(file(spec), inputs)).toEqual([expected]);
	});

	test.for<[string, string]>([
		["a$[[ inputs.x ]]b", "a1b"],
		["$[[inputs.x]]$[[  inputs.x  ]]", "11"],
		["$[[ inputs.x ]", "$[[ inputs.x ]"],
		["[[ inputs.x ]]", "[[ inputs.x ]]"],
	])("of a number in %s is text: %s", async ([written, expected]) => {
		const text = file("{ type: number, default: 1 }", written);
		expect(await first(text)).toEqual([expected]);
	});

	test("stays what it is where it is all of a text", async () => {
		const text = `
spec:
  inputs:
    count: { type: number }
    inherited: { type: boolean }
    auds: { type: array, default: [a, b] }
    name: { default: "job: x" }
---
"$[[ inputs.name ]]":
  script: x
  parallel: $[[ inputs.count ]]
  inherit: { default: "$[[ inputs.inherited ]]" }
  id_tokens:
    WHOLE: { aud: "$[[ inputs.auds ]]" }
    AMONG: { aud: [first, "$[[ inputs.auds ]]", last] }
    TEXT: { aud: "<$[[ inputs.auds ]]>" }
`;
		const { jobs } = await jobsOf(text, {
			situation: { inputs: { count: "2", inherited: false } },
		});
		expect(jobs).toMatchObject([
			{
				name: "job: x",
				id_tokens: {
					WHOLE: { aud: ["a", "b"] },
					AMONG: { aud: ["first", "a", "b", "last"] },
					TEXT: { aud: '<["a", "b"]>' },
				},
			},
		]);
	});

	test("is no YAML: it cannot change the file", async () => {
		const text = file("", "$[[ inputs.x ]]");
		const evil = '"] }\nother: { script: x }\n#';
		expect(
			await audiences(text, { situation: { inputs: { x: evil } } }),
		).toEqual({ job: { T: [evil] } });
	});
});

test.for<[string, string, string]>([
	["truncate(3,5)", "0123456789", "34567"],
	["truncate( 8 , 5 )", "0123456789", "89"],
	["truncate(20,5)", "0123456789", ""],
	["expand_vars", "a $CI_PROJECT_NAME %NOPE% $B", "a my-project %NOPE% $C"],
	["expand_vars | truncate(2,2)", "a $CI_PROJECT_NAME", "my"],
	["posix_escape", "it's $a\nb", "it\\'s\\ \\$a'\n'b"],
	["posix_escape", "", "''"],
])("%s of %j is %j", async ([functions, x, expected]) => {
	// What GitLab expands after this is not asked here: the token's name shows the value.
	const text = `
spec: { inputs: { x: {} } }
---
job: { script: x, id_tokens: { T: { aud: a } } }
"<$[[ inputs.x | ${functions} ]]>": { script: x }
`;
	const { jobs } = await jobsOf(text, {
		situation: { inputs: { x }, variables: { B: "$C" } },
	});
	expect(jobs[1]?.name).toBe(`<${expected}>`);
});

test("split makes a list", async () => {
	const text = file("", "$[[ inputs.x | split(',') ]]");
	expect(await first(text, { x: "a, b,,c " })).toEqual(["a", "b", "c"]);
});

test("an include gives inputs, each time others, and its file knows no others'", async () => {
	const text = `
include:
  - local: deploy.yml
    inputs: { where: staging }
  - local: deploy.yml
    inputs: { where: production, audience: "https://$CI_PROJECT_NAME" }
`;
	const includes = {
		"deploy.yml": `
spec:
  inputs:
    where: { options: [staging, production] }
    audience: { default: https://vault }
---
deploy-$[[ inputs.where ]]:
  script: x
  environment: $[[ inputs.where ]]
  id_tokens: { T: { aud: "$[[ inputs.audience ]]/$[[ inputs.where ]]" } }
`,
	};
	expect(await audiences(text, { includes })).toEqual({
		"deploy-staging": { T: "https://vault/staging" },
		"deploy-production": { T: "https://my-project/production" },
	});
});

test("a file includes by its own inputs, and hands them on", async () => {
	const includes = {
		"a.yml": `
spec: { inputs: { which: {}, aud: {} } }
---
include: { local: "$[[ inputs.which ]].yml", inputs: { aud: "$[[ inputs.aud ]]!" } }
`,
		"b.yml": `
spec: { inputs: { aud: {} } }
---
job: { script: x, id_tokens: { T: { aud: "$[[ inputs.aud ]]" } } }
`,
	};
	const text = "include: { local: a.yml, inputs: { which: b, aud: a } }";
	expect(await audiences(text, { includes })).toEqual({ job: { T: "a!" } });
});

test("a header includes the inputs of other files, beneath its own", async () => {
	const text = `
spec:
  include:
    - local: shared.yml
    - { project: group/ci, file: more.yml }
  inputs: { x: { default: own } }
---
job: { script: x, id_tokens: { T: { aud: ["$[[ inputs.x ]]", "$[[ inputs.y ]]", "$[[ inputs.z ]]"] } } }
`;
	const includes = {
		"shared.yml": "inputs: { x: { default: shared }, y: { default: shared } }",
	};
	const copies = {
		"project:group/ci": {
			"more.yml": "spec: { inputs: { z: { options: [more] } } }",
		},
	};
	const around = { includes, copies, situation: { inputs: { z: "more" } } };
	expect(await audiences(text, around)).toEqual({
		job: { T: ["own", "shared", "more"] },
	});
	const { jobs, warnings } = await jobsOf(text, {
		includes,
		situation: { inputs: { z: "more" } },
	});
	expect(jobs[0]?.id_tokens.T?.aud).toEqual(["own", "shared", "more"]);
	expect(warnings).toEqual([expect.stringContaining("project group/ci")]);
	const more = { "shared.yml": "inputs: {}\njob: { script: x }" };
	expect(
		await rejection(jobsOf(text, { ...around, includes: more })),
	).toMatchObject({
		message:
			"shared.yml:2: shared.yml is included by a header, and has more than inputs: job",
	});
});

test("a component knows its name and its version", async () => {
	const copies = {
		"component:host/group/ci": {
			"templates/scan.yml": `
spec: { component: [name, version, reference, sha] }
---
"$[[ component.name ]] $[[ component.version ]] $[[ component.reference ]]": { script: "$[[ component.sha ]]" }
`,
		},
	};
	const text = "include: { component: host/group/ci/scan@1.2.3 }";
	const { jobs, warnings } = await jobsOf(text, { copies });
	expect(jobs[0]?.name).toBe("scan 1.2.3 1.2.3");
	expect(warnings).toEqual([
		".gitlab-ci.yml:1: component.sha is not known here, so it is empty",
	]);
});

describe("refused, in GitLab's words, with file and line", () => {
	test.for<[string, string, SituationText["inputs"], string]>([
		[
			"nothing given",
			file(""),
			{},
			"`x` input: required value has not been provided; give it: --input x=…",
		],
		[
			"an input that there is not",
			file("{ default: a }"),
			{ y: "b", z: "c" },
			"unknown input arguments: y, z",
		],
		[
			"no number",
			file("{ type: number }"),
			{ x: "a" },
			"`x` input: provided value is not a number",
		],
		[
			"no number by default",
			file("{ type: number, default: a }"),
			{},
			"`x` input: default value is not a number",
		],
		[
			"no boolean",
			file("{ type: boolean }"),
			{ x: "yes" },
			"`x` input: provided value is not a boolean",
		],
		[
			"no list",
			file("{ type: array }"),
			{ x: "a" },
			"`x` input: provided value is not an array",
		],
		[
			"none of the options",
			file("{ options: [a, b] }"),
			{ x: "c" },
			"`x` input: `c` cannot be used because it is not in the list of allowed options",
		],
		[
			"a default that is none",
			file("{ options: [a, b], default: c }"),
			{ x: "a" },
			"`x` input: `c` cannot be used because it is not in the list of allowed options",
		],
		[
			"options of a boolean",
			file("{ type: boolean, options: [true] }"),
			{ x: true },
			"`x` input: Options can only be used with string and number inputs",
		],
		[
			"what does not fit",
			file("{ regex: '^v\\d+$' }"),
			{ x: "1" },
			"`x` input: provided value does not match required RegEx pattern",
		],
		[
			"a regex that is none",
			file("{ regex: '(' }"),
			{ x: "1" },
			"`x` input: invalid regular expression",
		],
		[
			"a regex of a number",
			file("{ type: number, regex: '1' }"),
			{ x: 1 },
			"`x` input: RegEx validation can only be used with string inputs",
		],
		[
			"inputs without a header",
			"job: { script: x }",
			{ x: "1" },
			"given inputs are not defined in the spec section of the configuration file",
		],
	])("%s", async ([, text, inputs, message]) => {
		expect(await rejection(jobsOf(text, { situation: { inputs } }))).toEqual({
			code: "invalid_pipeline",
			message: `.gitlab-ci.yml:1: ${message}`,
		});
	});

	test.for<[string, string, string]>([
		[
			"an unknown key",
			file("{ defualt: a }"),
			"3: spec: inputs: x has no key defualt",
		],
		[
			"an unknown type",
			file("{ type: date }"),
			'3: spec: inputs: x: type is "date", not one of array, boolean, number, string',
		],
		[
			"an unknown member of spec",
			"spec: { input: {} }\n---\njob: { script: x }",
			"1: spec has no key input",
		],
		[
			"an unknown input",
			file("{ default: a }", "$[[ inputs.y ]]"),
			"8: $[[ inputs.y ]]: unknown interpolation key: `y`",
		],
		[
			"an unknown object",
			file("{ default: a }", "$[[ input.x ]]"),
			"8: $[[ input.x ]]: unknown interpolation key: `input`",
		],
		[
			"what a component does not ask for",
			file("{ default: a }", "$[[ component.name ]]"),
			"8: $[[ component.name ]]: unknown interpolation key: `name`; a header must ask for it: component: [name] in spec",
		],
		[
			"no access",
			file("{ default: a }", "$[[ inputs ]]"),
			"8: $[[ inputs ]]: invalid interpolation access pattern",
		],
		[
			"an unknown function",
			file("{ default: a }", "$[[ inputs.x | upper ]]"),
			"8: $[[ inputs.x | upper ]]: no function matching `upper`: check that the function name, arguments, and types are correct",
		],
		[
			"too many functions",
			file(
				"{ default: a }",
				"$[[ inputs.x | expand_vars | expand_vars | expand_vars | expand_vars ]]",
			),
			"8: $[[ inputs.x | expand_vars | expand_vars | expand_vars | expand_vars ]]: too many functions in interpolation block",
		],
		[
			"a function of a number",
			file("{ type: number, default: 1 }", "$[[ inputs.x | truncate(0,1) ]]"),
			"8: $[[ inputs.x | truncate(0,1) ]]: error in `truncate` function: invalid input type: truncate can only be used with string inputs",
		],
		[
			"split that is not last",
			file("{ default: a }", "$[[ inputs.x | split(',') | expand_vars ]]"),
			"8: $[[ inputs.x | split(',') | expand_vars ]]: split() must be the last function in a chain (it returns an array, not a string)",
		],
	])("%s", async ([, text, message]) => {
		expect(await rejection(jobsOf(text))).toEqual({
			code: "invalid_pipeline",
			message: `.gitlab-ci.yml:${message}`,
		});
		expect(await rejection(jobsOf(file("{ default: a }")))).toBe("accepted");
	});

	test("what an include gives, at the include", async () => {
		const includes = { "a.yml": file("{ type: number }", "<$[[ inputs.x ]]>") };
		const text = (inputs: string) =>
			`stages: [test]\ninclude:\n  - local: a.yml\n    inputs: ${inputs}\n`;
		const refused = async (inputs: string) =>
			rejection(jobsOf(text(inputs), { includes }));
		expect(await refused("{ x: one }")).toMatchObject({
			message: ".gitlab-ci.yml:3: `x` input: provided value is not a number",
		});
		expect(await refused("{ y: 1 }")).toMatchObject({
			message:
				".gitlab-ci.yml:3: unknown input arguments: y, `x` input: required value has not been provided",
		});
		expect(await refused("[x]")).toMatchObject({
			message: ".gitlab-ci.yml:4: include: inputs needs a mapping",
		});
		expect(await refused("{ x: 1 }")).toBe("accepted");
	});
});

describe("too much", () => {
	test("text that only begins blocks is read in time of its length", () => {
		expect(blocksIn("$[[ a".repeat(200_000))).toEqual([]);
		expect(blocksIn(`${"$[[ a\n".repeat(150_000)}]]`)).toEqual([]);
		expect(blocksIn(`${"$[[ a".repeat(100_000)}\nb]]`)).toEqual([]);
		expect(blocksIn("$[[\n a.b \n]] $[[c.d]]]")).toEqual([
			{ whole: "$[[\n a.b \n]]", data: "a.b" },
			{ whole: "$[[c.d]]", data: "c.d" },
		]);
	});

	test("an input that grows a text is refused", async () => {
		const text = (count: number) =>
			file("{ default: a }", "$[[ inputs.x ]]".repeat(count));
		const inputs = { x: "x".repeat(100_000) };
		const jobs = (count: number) =>
			rejection(jobsOf(text(count), { situation: { inputs } }));
		expect(await jobs(20)).toMatchObject({
			message: expect.stringContaining("inputs make a text of more than 1 MiB"),
		});
		expect(await jobs(2)).toBe("accepted");
	});

	test("an input that is nested too deeply is refused", async () => {
		const x = "[".repeat(150) + "]".repeat(150);
		const text = file("{ type: array }");
		expect(
			await rejection(jobsOf(text, { situation: { inputs: { x } } })),
		).toMatchObject({ code: "too_large" });
		expect(await first(text, { x: "[1]" }).catch(() => "refused")).toBe(
			"refused",
		); // 1 is no audience
		expect(await first(text, { x: '["a"]' })).toEqual(["a"]);
	});
});

// Random pipeline files: always jobs or a clear refusal, never the mock's own failure.
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { MockError } from "../../src/errors.js";
import { anyText } from "../any-text.js";
import { jobsOf } from "./project.js";

const name = fc.constantFrom(
	"job",
	".hidden",
	"default",
	"variables",
	"include",
	"extends",
	"id_tokens",
	"aud",
	"T",
	"environment",
	"name",
	"action",
	"timeout",
	"parallel",
	"matrix",
	"inherit",
	"secrets",
	"token",
	"script",
	"trigger",
	"local",
	"project",
	"file",
	"component",
	"inputs",
	"identity",
	"vault",
	"spec",
	"__proto__",
	"constructor",
	"\u001b[31m",
	"<<",
	"",
);
const scalar = fc.oneof(
	name,
	anyText(20),
	fc.constantFrom(
		"$T",
		`\${A}`,
		"$$",
		"%A%",
		"a.yml",
		"../a.yml",
		"*.yml",
		"$[[ inputs.T | truncate(0,1) ]]",
		"1h",
		1.5,
		-1,
		2 ** 60,
		null,
		true,
	),
);
const { value } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		scalar,
		fc.array(tie("value"), { maxLength: 3 }),
		fc.dictionary(name, tie("value"), { maxKeys: 4 }),
	),
}));
const pipeline = fc.dictionary(
	name,
	fc.oneof(
		{ weight: 1, arbitrary: value },
		{
			weight: 3,
			arbitrary: fc.dictionary(name, value, { maxKeys: 5 }),
		},
	),
	{ maxKeys: 6 },
);

const read = async (text: string, includes: Record<string, string> = {}) => {
	try {
		for (const job of [undefined, "job"]) await jobsOf(text, { includes }, job);
	} catch (error) {
		if (!(error instanceof MockError)) throw error;
		expect(error.message).not.toMatch(/[\p{Cc}\u202e]|eyJ/u);
	}
};

test("mappings of GitLab's words", async () => {
	await fc.assert(
		fc.asyncProperty(pipeline, pipeline, (main, included) =>
			read(stringify(main), { "a.yml": stringify(included) }),
		),
		{ numRuns: 1000 },
	);
});

test("text with YAML's marks", async () => {
	const mark = fc.constantFrom(
		..."\n|: |- |? |  |[|]|{|}|,|!reference |&a |*a|<<: *a|'|\"|#|---|\t|job|script: x|$A".split(
			"|",
		),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(mark, { maxLength: 40 }), (marks) =>
			read(marks.join("")),
		),
		{ numRuns: 1000 },
	);
});

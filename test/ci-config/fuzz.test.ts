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
	"rules",
	"workflow",
	"only",
	"except",
	"if",
	"exists",
	"changes",
	"paths",
	"refs",
	"when",
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
		"$A =~ /a+(b/",
		"$A =~ /^[a-z]+$/i && !($B == null)",
		"/a/",
		"{a,b}/**/[!x-",
		"never",
		"manual",
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
		{ numRuns: 500 },
	);
});

test("rules, only and except", async () => {
	const word = fc.constantFrom(
		..."$A $CI_COMMIT_BRANCH null 'a' \"b\" /ab+/i /(/ == != =~ !~ && || ! ( ) true main tags @a/b **/* {a,b} [x-".split(
			" ",
		),
	);
	const words = fc.array(word, { maxLength: 6 }).map((some) => some.join(" "));
	const some = fc.oneof(words, fc.array(words, { maxLength: 3 }), value);
	const key = fc.constantFrom(
		..."if exists changes when variables paths refs kubernetes start_in".split(
			" ",
		),
	);
	const rule = fc.dictionary(key, some, { maxKeys: 3 });
	const list = fc.oneof(fc.array(rule, { minLength: 1, maxLength: 3 }), some);
	const file = fc.record(
		{
			workflow: fc.record({ rules: list }),
			job: fc.record(
				{ script: words, rules: list, only: list, except: rule },
				{ requiredKeys: ["script"] },
			),
		},
		{ requiredKeys: ["job"] },
	);
	await fc.assert(
		fc.asyncProperty(file, (content) => read(stringify(content))),
		{ numRuns: 500 },
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
		{ numRuns: 500 },
	);
});

// Rules that GitLab refuses, each with the file, the line and the job, and beside it what it takes.
import { expect, test } from "vitest";
import { rejection } from "../../refusal.js";
import { jobsOf } from "../project.js";

const job = (rules: string) => `job:\n  script: x\n  rules:\n${rules}`;
const at = (line: number, message: string) =>
	`.gitlab-ci.yml:${line}: job "job": ${message}`;

/** What is refused, its twin that is not, and the error. */
const CASES: readonly [string, string, string, string][] = [
	[
		"rules that are no list",
		"job: { script: x, rules: { when: always } }",
		"job: { script: x, rules: [{ when: always }] }",
		at(1, "rules needs a list"),
	],
	[
		"rules without a rule",
		"job: { script: x, rules: [] }",
		"job: { script: x, rules: [[]] }",
		at(1, "rules needs a rule: it is empty"),
	],
	[
		"a rule that is a text",
		job("    - $CI_COMMIT_TAG"),
		job("    - if: $CI_COMMIT_TAG"),
		at(3, "rules needs mappings, each with if, changes, exists, when or more"),
	],
	[
		"a rule that is empty",
		job("    - {}"),
		job("    - [[{ when: never }]]"),
		at(3, "rules needs mappings, each with if, changes, exists, when or more"),
	],
	[
		"an unknown key",
		job("    - if: $A\n      then: never"),
		job("    - if: $A\n      when: never"),
		at(
			5,
			"rules: there is no key then, only if, exists, changes, when, start_in, allow_failure, variables, needs, interruptible",
		),
	],
	[
		"an unknown when",
		job("    - if: $A\n      when: sometimes"),
		job("    - if: $A\n      when: on_failure"),
		at(
			5,
			"rules: when is sometimes, not one of on_success, on_failure, always, manual, delayed, never",
		),
	],
	[
		"an expression with braces",
		job(`    - if: $\{A} == "x"`),
		job('    - if: $A == "x"'),
		at(
			4,
			`rules: if is no expression of GitLab's: at $\{A} == "x": a variable is $NAME here, never $\{NAME} ($\{A} == "x")`,
		),
	],
	[
		"an if that is no text",
		job("    - if: true"),
		job('    - if: "true"'),
		at(4, "rules: if is no expression of GitLab's: it needs a text"),
	],
	[
		"a pattern with a lookahead",
		job("    - if: $A =~ /^(?!main)/"),
		job("    - if: $A !~ /^main/"),
		at(
			4,
			"rules: if is no expression of GitLab's: /^(?!main)/ is no pattern of RE2's, which has no lookaround and no back-references ($A =~ /^(?!main)/)",
		),
	],
	[
		"allow_failure that is no boolean",
		job("    - { when: always, allow_failure: maybe }"),
		job("    - { when: always, allow_failure: true }"),
		at(4, "rules: allow_failure is true or false"),
	],
	[
		"changes that is a text",
		job("    - changes: a.ts"),
		job("    - changes: [a.ts]"),
		at(4, "rules: changes needs a list of paths"),
	],
	[
		"changes without paths",
		job("    - changes: { compare_to: main }"),
		job("    - changes: { compare_to: main, paths: [a] }"),
		at(4, "rules: changes needs a list of paths"),
	],
	[
		"exists of numbers",
		job("    - exists: [{ a: b }]"),
		job("    - exists: [a]"),
		at(4, "rules: exists needs a list of paths"),
	],
	[
		"exists with more than 50 paths",
		job(`    - exists: [${"a, ".repeat(51)}]`),
		job(`    - exists: [${"a, ".repeat(50)}]`),
		at(4, "rules: exists has more than 50 paths"),
	],
	[
		"a regexp beside paths",
		job("    - changes: { regexp: a, paths: [a] }"),
		job("    - changes: { regexp: a, compare_to: main }"),
		at(4, "rules: changes has paths or regexp, not both"),
	],
	[
		"a regexp of more than 255 characters",
		job(`    - exists: { regexp: ${"a".repeat(256)} }`),
		job(`    - exists: { regexp: ${"a".repeat(255)} }`),
		at(4, "rules: exists: regexp needs a text of at most 255 characters"),
	],
	[
		"exists of a ref without its project",
		job("    - exists: { paths: [a], ref: main }"),
		job("    - exists: { paths: [a], project: a/b, ref: main }"),
		at(4, "rules: exists: ref needs project"),
	],
	[
		"a delay without a duration",
		job("    - when: delayed"),
		job("    - { when: delayed, start_in: 30 minutes }"),
		at(4, "rules: when: delayed needs start_in, a duration of at most a week"),
	],
	[
		"a delay of more than a week",
		job("    - { when: delayed, start_in: 2 weeks }"),
		job("    - { when: delayed, start_in: 1 week }"),
		at(4, "rules: when: delayed needs start_in, a duration of at most a week"),
	],
	[
		"a duration without a delay",
		job("    - { when: manual, start_in: 1 day }"),
		job("    - { when: manual }"),
		at(4, "rules: start_in needs when: delayed"),
	],
	[
		"variables that are a list",
		job("    - { when: always, variables: [A] }"),
		job("    - { when: always, variables: { A: b } }"),
		at(4, "variables needs a mapping"),
	],
	[
		"only beside rules",
		"job:\n  script: x\n  only: [main]\n  rules: [{ when: always }]",
		"job:\n  script: x\n  only: null\n  rules: [{ when: always }]",
		at(3, "only may not be used with rules"),
	],
	[
		"except beside rules that come by extends",
		".a: { rules: [{ when: always }] }\njob:\n  extends: .a\n  script: x\n  except: [main]",
		".a: { rules: [{ when: always }] }\njob:\n  extends: .a\n  script: x",
		at(5, "except may not be used with rules"),
	],
	[
		"a job's when that only rules have",
		"job: { script: x, when: never }",
		"job: { script: x, when: manual }",
		at(
			1,
			"when is never, not one of on_success, on_failure, always, manual, delayed",
		),
	],
	[
		"only that is a text",
		"job: { script: x, only: main }",
		"job: { script: x, only: [main] }",
		at(
			1,
			"only needs a list of refs, or a mapping with refs, variables, changes, kubernetes",
		),
	],
	[
		"an unknown key of only",
		"job: { script: x, only: { branches: [main] } }",
		"job: { script: x, only: { refs: [main] } }",
		at(1, "only has refs, variables, changes and kubernetes, and no branches"),
	],
	[
		"a pattern of only with a lookahead",
		"job: { script: x, only: ['/^(?!main)/'] }",
		"job: { script: x, only: ['/^main/', main@a/b] }",
		at(1, "only has no pattern of RE2's: /^(?!main)/"),
	],
	[
		"an expression of except",
		"job: { script: x, except: { variables: [$A = 1] } }",
		"job: { script: x, except: { variables: [$A == '1'] } }",
		at(
			1,
			"except variables: that is no expression of GitLab's: at = 1: to compare is == ($A = 1)",
		),
	],
	[
		"kubernetes that is not active",
		"job: { script: x, only: { kubernetes: yes } }",
		"job: { script: x, only: { kubernetes: active } }",
		at(1, "only takes kubernetes: active alone"),
	],
	[
		"workflow that is a list",
		"workflow: [{ when: always }]\njob: { script: x }",
		"workflow: { rules: [{ when: always }] }\njob: { script: x }",
		".gitlab-ci.yml:1: workflow needs a mapping",
	],
	[
		"an unknown key of workflow",
		"workflow: { when: always }\njob: { script: x }",
		"workflow: { name: x, auto_cancel: { on_new_commit: none } }\njob: { script: x }",
		".gitlab-ci.yml:1: workflow has rules, name, auto_cancel, and no when",
	],
	[
		"a when that an include has not",
		"include:\n  - local: a.yml\n    rules: [{ when: manual }]\njob: { script: x }",
		"include:\n  - local: a.yml\n    rules: [{ when: never }]\njob: { script: x }",
		".gitlab-ci.yml:3: include: rules: when is manual, not one of always, never",
	],
	[
		"variables of an include's rule",
		"include:\n  - local: a.yml\n    rules: [{ variables: { A: b } }]\njob: { script: x }",
		"include:\n  - local: a.yml\n    rules: [{ if: $A }]\njob: { script: x }",
		".gitlab-ci.yml:3: include: rules: there is no key variables, only if, exists, changes, when",
	],
	[
		"a when that workflow has not",
		"workflow:\n  rules:\n    - when: manual\njob: { script: x }",
		"workflow:\n  rules:\n    - when: always\njob: { script: x }",
		".gitlab-ci.yml:3: workflow: rules: when is manual, not one of always, never",
	],
];

test.for(CASES)("%s", async ([, refused, taken, message]) => {
	const includes = { "a.yml": "a: { script: x }" };
	const around = { situation: { all: true }, version: "19.5" };
	await jobsOf(taken, { ...around, includes });
	expect(await rejection(jobsOf(refused, around))).toEqual({
		code: "invalid_pipeline",
		message,
	});
});

test("a key that would steer a terminal is shown without that", async () => {
	const key = (name: string) => job(`    - exists: { ${name}: [a] }`);
	const refused = await rejection(jobsOf(key('"\\e[31m"')));
	expect(refused).toMatchObject({
		message: expect.stringContaining("and no \ufffd[31m"),
	});
	await jobsOf(key("paths"));
});

test("a regexp before GitLab 19.2", async () => {
	const text = job("    - changes: { regexp: a }");
	await jobsOf(text, { version: "19.2" });
	expect(await rejection(jobsOf(text, { version: "19.1" }))).toEqual({
		code: "invalid_pipeline",
		message: at(4, "rules: changes has paths, compare_to, and no regexp"),
	});
});

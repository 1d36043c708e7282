// Files that a pipeline includes from elsewhere, read from local copies.
import { describe, expect, test } from "vitest";
import { rejection } from "../refusal.js";
import { type Around, audiences, jobsOf } from "./project.js";

const job = (name: string, aud = name) =>
	`${name}: { script: x, id_tokens: { T: { aud: "${aud}" } } }`;
const own = job("own");
const own_ = { own: { T: "own" } };

test.for<[string, string, Around["copies"], string[]]>([
	[
		"files of a project",
		"{ project: group/templates, file: [/ci/a.yml, ci/b.yaml] }",
		{
			"project:group/templates": {
				"ci/a.yml": job("a"),
				"ci/b.yaml": job("b"),
			},
		},
		["a", "b"],
	],
	[
		"a project in other letters, at the ref that has a copy of its own",
		"{ project: Group/Templates, ref: v1, file: a.yml }",
		{
			"project:group/templates": { "a.yml": job("latest") },
			"project:group/templates@v1": { "a.yml": job("v1") },
		},
		["v1"],
	],
	[
		"a project by variables",
		"{ project: $CI_PROJECT_NAMESPACE/ci, file: $CI_PROJECT_NAME.yml }",
		{ "project:my-group/ci": { "my-project.yml": job("a") } },
		["a"],
	],
	[
		"a component in a file",
		"{ component: $CI_SERVER_FQDN/group/ci/deploy@1.0 }",
		{ "component:gitlab.test/group/ci/deploy@1.0": job("a") },
		["a"],
	],
	[
		"a component as it is written, without its version",
		"{ component: $CI_SERVER_FQDN/group/ci/deploy@~latest }",
		{ "component:$CI_SERVER_FQDN/group/ci/deploy": job("a") },
		["a"],
	],
	[
		"a component in a folder",
		"{ component: gitlab.com/group/ci/deploy@1.0 }",
		{
			"component:gitlab.com/group/ci/deploy@1.0": {
				"templates/deploy.yml": job("a"),
			},
		},
		["a"],
	],
	[
		"components of one project, one of them a folder",
		"[{ component: gitlab.com/group/ci/deploy@1.0 }, { component: gitlab.com/group/ci/scan@1.0 }]",
		{
			"component:gitlab.com/group/ci": {
				"templates/deploy/template.yml": job("a"),
				"templates/scan.yml": job("b"),
			},
		},
		["a", "b"],
	],
	[
		"what is remote, in both forms",
		'[{ remote: "https://example.com/ci.yml?a=b" }, "https://example.com/b.yml"]',
		{
			"remote:https://example.com/ci.yml?a=b": job("a"),
			"remote:https://example.com/b.yml": job("b"),
		},
		["a", "b"],
	],
	[
		"a template",
		"{ template: Jobs/Build.gitlab-ci.yml }",
		{ "template:Jobs/Build.gitlab-ci.yml": job("a") },
		["a"],
	],
	[
		"what a copy includes itself: of its own project, and from elsewhere",
		"{ project: group/templates, file: a.yml }",
		{
			"project:group/templates": {
				"a.yml": `include: [/ci/*.yml, { component: host/group/ci/scan@1 }]`,
				"ci/b.yml": job("b"),
				"ci/c.yml": job("c"),
			},
			"component:host/group/ci/scan": job("d"),
		},
		["b", "c", "d"],
	],
])("%s", async ([, include, copies = {}, expected]) => {
	const { jobs, warnings } = await jobsOf(`include: ${include}\n${own}`, {
		copies,
	});
	expect(jobs.map(({ name }) => name)).toEqual([...expected, "own"]);
	expect(warnings).toEqual([]);
});

test("the pipeline's own file counts more, and a later include than an earlier one", async () => {
	const text = `
include:
  - { project: group/templates, file: [a.yml, b.yml] }
variables: { C: own }
job: { script: x, id_tokens: { T: { aud: $A$B$C } } }
`;
	const copies = {
		"project:group/templates": {
			"a.yml": "variables: { A: a, B: a, C: a }",
			"b.yml": "variables: { B: b, C: b }",
		},
	};
	expect(await audiences(text, { copies })).toEqual({ job: { T: "abown" } });
});

describe("of what there is no copy", () => {
	test("may have the jobs that the file has not", async () => {
		const never = "never: { script: x, rules: [{ when: never }] }";
		const include = "include: { template: T.gitlab-ci.yml }";
		expect((await jobsOf(`${include}\n${never}`)).no_pipeline).toBe(null);
		expect((await jobsOf(include)).no_pipeline).toBe(null);
		expect((await jobsOf(never)).no_pipeline).toBe("no job is part of it");
	});

	test("a warning names the option that gives it", async () => {
		const text = `
include:
  - project: group/templates
    ref: v1
    file: [a.yml, b.yml]
  - component: $CI_SERVER_FQDN/group/ci/scan@1.0
  - remote: https://example.com/ci.yml?a=b&c
  - template: Jobs/Build.gitlab-ci.yml
  - artifact: generated.yml
    job: make
${own}
`;
		const { warnings } = await jobsOf(text);
		expect(warnings).toEqual([
			".gitlab-ci.yml:3: include not followed: project group/templates; give a copy of it: --include project:group/templates=FOLDER",
			".gitlab-ci.yml:6: include not followed: component gitlab.test/group/ci/scan@1.0; give a copy of it: --include component:gitlab.test/group/ci/scan@1.0=FOLDER",
			".gitlab-ci.yml:7: include not followed: remote https://example.com/ci.yml?a=b&c; give a copy of it: --include 'remote:https://example.com/ci.yml?a=b&c'=FILE",
			".gitlab-ci.yml:8: include not followed: template Jobs/Build.gitlab-ci.yml; give a copy of it: --include template:Jobs/Build.gitlab-ci.yml=FILE",
			".gitlab-ci.yml:2: include not followed: artifact generated.yml",
		]);
	});
});

test.for<[string, string, Around["copies"], string]>([
	[
		"a file that the copy has not",
		"{ project: group/templates, file: nope.yml }",
		{ "project:group/templates": { "a.yml": own } },
		".gitlab-ci.yml:1: include: the copy of project group/templates has no nope.yml",
	],
	[
		"a component that the copy has not",
		"{ component: host/group/ci/scan@1 }",
		{ "component:host/group/ci": { "templates/other.yml": own } },
		".gitlab-ci.yml:1: include: the copy of component host/group/ci/scan@1 has no templates/scan.yml or templates/scan/template.yml",
	],
	[
		"a path that leads out of the copy",
		"{ project: group/templates, file: ../../etc/passwd.yml }",
		{ "project:group/templates": { "../../etc/passwd.yml": own } },
		'.gitlab-ci.yml:1: include: "../../etc/passwd.yml" leads out of the project',
	],
	[
		"a file of a project that is no YAML",
		"{ project: group/templates, file: /etc/passwd }",
		{ "project:group/templates": { "etc/passwd": own } },
		'.gitlab-ci.yml:1: include: "/etc/passwd" does not end in .yml or .yaml',
	],
	[
		"a project without files",
		"{ project: group/templates }",
		{ "project:group/templates": { "a.yml": own } },
		'.gitlab-ci.yml:1: include: project "group/templates" needs file, a path or a list of paths',
	],
	[
		"two kinds in one entry",
		"{ local: a.yml, template: a.gitlab-ci.yml }",
		{},
		".gitlab-ci.yml:1: include: local and template in one entry",
	],
	[
		"a local file of what is remote",
		'"https://example.com/ci.yml"',
		{ "remote:https://example.com/ci.yml": `${own}\ninclude: /own.yml` },
		'https://example.com/ci.yml:2: include: "/own.yml" is local, and https://example.com/ci.yml is in no project',
	],
	[
		"what is wrong in a copy",
		"{ project: group/templates, file: a.yml }",
		{ "project:group/templates": { "a.yml": "x: 1\ny: [" } },
		"group/templates:a.yml:2: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
	],
	[
		"copies that go round",
		"{ project: group/a, file: a.yml }",
		{
			"project:group/a": {
				"a.yml": "include: { project: group/b, file: b.yml }",
			},
			"project:group/b": {
				"b.yml": "include: { project: group/a, file: a.yml }",
			},
		},
		"group/b:b.yml:1: include goes round: .gitlab-ci.yml → group/a:a.yml → group/b:b.yml → group/a:a.yml",
	],
])("%s is refused", async ([, include, copies = {}, message]) => {
	const text = `include: ${include}\n${own}`;
	expect(await rejection(jobsOf(text, { copies }))).toEqual({
		code: "invalid_pipeline",
		message,
	});
	expect(await audiences(own)).toEqual(own_);
});

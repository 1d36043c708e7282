// How a pipeline file is read, rule by rule of GitLab's.
import { describe, expect, test } from "vitest";
import { audiences, claimsOf, jobsOf } from "./project.js";

const aud = (value: string) => ({ T: value });

describe("id_tokens", () => {
	test("of a job replace the default's, and null leaves them", async () => {
		expect(
			await audiences(`
default: { id_tokens: { D: { aud: default } } }
own: { script: x, id_tokens: { T: { aud: own } } }
none: { script: x, id_tokens: {} }
nothing: { script: x, id_tokens: null }
plain: { script: x }
`),
		).toEqual({
			own: aud("own"),
			none: {},
			nothing: { D: "default" },
			plain: { D: "default" },
		});
	});

	test.for([
		["true", { D: "default" }],
		["false", {}],
		["[image, id_tokens]", { D: "default" }],
		["[image]", {}],
	] as const)(
		"are inherited or not by inherit:default %s",
		async ([inherit, expected]) => {
			const text = `
default: { id_tokens: { D: { aud: default } } }
job: { script: x, inherit: { default: ${inherit} } }
`;
			expect(await audiences(text)).toEqual({ job: expected });
		},
	);

	test("are not a trigger job's by default", async () => {
		const text = `
default: { id_tokens: { D: { aud: default } } }
job: { script: x }
child: { trigger: { include: child.yml } }
`;
		expect((await audiences(text)).child).toEqual({});
	});

	test("of default came with GitLab 16.4, their variables with 16.1", async () => {
		const text = `
default: { id_tokens: { D: { aud: $CI_PROJECT_NAME } } }
inherits: { script: x }
own: { script: x, id_tokens: { T: { aud: $CI_PROJECT_NAME } } }
`;
		expect(await audiences(text, { version: "16.0" })).toEqual({
			inherits: {},
			own: aud("$CI_PROJECT_NAME"),
		});
		expect(await audiences(text, { version: "16.4" })).toEqual({
			inherits: { D: "my-project" },
			own: aud("my-project"),
		});
	});

	test("keep a string a string, and a list of one a list", async () => {
		const text = `
job: { script: x, id_tokens: { A: { aud: a }, B: { aud: [a] } } }
`;
		const { tokens } = await jobsOf(text, {}, "job");
		expect((await claimsOf(tokens.A?.token as string)).aud).toBe("a");
		expect((await claimsOf(tokens.B?.token as string)).aud).toEqual(["a"]);
	});
});

describe("extends", () => {
	test("merges mappings, replaces the rest, and later parents count more", async () => {
		expect(
			await audiences(`
.a: { id_tokens: { A: { aud: [a] }, T: { aud: a } } }
.b: { id_tokens: { B: { aud: b }, T: { aud: b } } }
both: { extends: [.a, .b], script: x }
own: { extends: .a, script: x, id_tokens: { A: { aud: [own] } } }
without: { extends: .a, script: x, id_tokens: null }
empty: { extends: .a, script: x, id_tokens: {} }
`),
		).toEqual({
			both: { A: ["a"], T: "b", B: "b" },
			own: { A: ["own"], T: "a" },
			without: {},
			empty: { A: ["a"], T: "a" },
		});
	});

	test("goes eleven levels deep", async () => {
		const chain = Array.from(
			{ length: 9 },
			(_, level) => `.l${level}: { extends: .l${level + 1} }`,
		);
		const text = `${chain.join("\n")}
.l9: { id_tokens: { T: { aud: deep } } }
job: { extends: .l0, script: x }
`;
		expect(await audiences(text)).toEqual({ job: aud("deep") });
	});
});

describe("YAML", () => {
	test("has anchors, merge keys and !reference", async () => {
		expect(
			await audiences(`
.base: &base
  id_tokens: &tokens
    T: { aud: base }
alias: { script: x, id_tokens: *tokens }
merged: { <<: *base, script: x }
list: { <<: [{ id_tokens: { T: { aud: first } } }, *base], script: x }
below: { <<: *base, script: x, id_tokens: { T: { aud: below } } }
above: { id_tokens: { T: { aud: above } }, <<: *base, script: x }
reference: { script: x, id_tokens: !reference [.base, id_tokens] }
chained: { script: x, id_tokens: !reference [reference, id_tokens] }
.child: { extends: .base }
extended: { script: x, id_tokens: !reference [.child, id_tokens] }
inherited: { extends: reference }
own: { extends: reference, id_tokens: { O: { aud: own } } }
`),
		).toEqual({
			alias: aud("base"),
			merged: aud("base"),
			list: aud("first"),
			below: aud("below"),
			above: aud("base"), // Ruby's merge key overrides what stands above it
			reference: aud("base"),
			chained: aud("base"),
			extended: aud("base"),
			inherited: aud("base"),
			own: { O: "own" }, // what is not followed yet has no members to merge
		});
	});

	test("makes names of what is no text, and takes a matrix without jobs", async () => {
		const text = `
.empty: { script: x, id_tokens: { MY-TOKEN: { aud: a } } }
n: { extends: .empty }
1.0: { extends: .empty }
none: { extends: .empty, parallel: { matrix: [] } }
`;
		const { jobs, warnings } = await jobsOf(text);
		expect(jobs.map(({ name, id_tokens }) => [name, id_tokens])).toEqual([
			["n", { "MY-TOKEN": { aud: "a" } }],
			["1.0", { "MY-TOKEN": { aud: "a" } }],
		]);
		expect(warnings).toEqual([
			'.gitlab-ci.yml:5: job "none": its parallel:matrix is empty, so that GitLab makes no job of it',
		]);
	});

	test("skips a component's header, and takes the last of equal keys", async () => {
		const text = `
spec: { inputs: { stage: { default: test } } }
---
job: { script: x, id_tokens: { T: { aud: first } } }
job: { script: x, id_tokens: { T: { aud: last } } }
`;
		expect(await audiences(text)).toEqual({ job: aud("last") });
	});

	test("keeps names of JavaScript's own out of harm's way", async () => {
		const text = `
__proto__: { script: x, id_tokens: { __proto__: { aud: a }, constructor: { aud: b } } }
constructor: { extends: __proto__, script: x }
`;
		const { jobs, tokens } = await jobsOf(text, {}, "__proto__");
		expect(jobs.map(({ name }) => name)).toEqual(["__proto__"]);
		expect(Object.keys(tokens)).toEqual(["__proto__", "constructor"]);
		expect(Object.keys((await audiences(text)).constructor ?? {})).toEqual([
			"__proto__",
			"constructor",
		]);
		expect(({} as { aud?: string }).aud).toBeUndefined();
	});

	test.for([
		["1.0", "1.0"],
		["1.5", "1.5"],
		["007", "7"],
		["true", "true"],
		['"2024-01-02"', "2024-01-02"],
		["y", "y"],
		["N", "N"],
		["Yes", "true"],
		["oFF", "false"],
		["Null", ""],
		["~", ""],
		["=", "="],
		["1e3", "1e3"],
		["1.5e3", "1.5e3"],
		["1.5e+3", "1500.0"],
		["1.0e+20", "1.0e+20"],
		[".5", "0.5"],
		["5.", "5.0"],
		[".", "."],
		["1_000", "1000"],
		["0x1F", "31"],
		["0b101", "5"],
		["017", "15"],
		["08", "08"],
		["0o17", "0o17"],
		["12:30:45", "45045"],
		["22:22", "80520"],
		["80:80", "80:80"],
		["1.2.3", "1.2.3"],
		[":symbol", "symbol"],
		["+7", "7"],
		["!!str 1_0", "1_0"],
		['"0x1F"', "0x1F"],
		["-1.0e-7", "-1.0e-07"],
		["12345678901234567890", "12345678901234567890"],
		["", ""],
	] as const)("a variable's %s is %s", async ([written, text]) => {
		const file = `
variables: { V: ${written} }
job: { script: x, id_tokens: { T: { aud: "v$V" } } }
`;
		expect(await audiences(file)).toEqual({ job: aud(`v${text}`) });
	});
});

describe("include", () => {
	const job = "job: { script: x, id_tokens: { T: { aud: $A } } }";

	test("merges files beneath the file, the later ones on top", async () => {
		const text = `
include: [/one.yml, { local: two.yml }]
variables: { C: own }
job: { script: x, id_tokens: { T: { aud: $A-$B-$C } } }
`;
		const includes = {
			"one.yml": "variables: { A: one, B: one, C: one }",
			"two.yml": "include: nested/three.yaml\nvariables: { B: two, C: two }",
			"nested/three.yaml": "variables: { A: three, B: three }",
		};
		expect(await audiences(text, { includes })).toEqual({
			job: aud("three-two-own"),
		});
	});

	test.for([
		["ci/*.yml", "ci/a.yml ci/b.yml"],
		["ci/**.yml", "ci/a.yml ci/b.yml ci/deep/c.yml"],
		["/ci/**/*.yml", "ci/deep/c.yml"],
		["**/b.yml", "ci/b.yml"],
		["$CI_PROJECT_NAMESPACE.yml", "my-group.yml"],
	] as const)("follows %s to %s", async ([pattern, expected]) => {
		const paths = [
			".gitlab-ci.yml",
			"ci/a.yml",
			"ci/b.yml",
			"ci/deep/c.yml",
			"my-group.yml",
		];
		const includes = Object.fromEntries(
			paths.map((path, index) => [
				path,
				`j${index}: { script: x, id_tokens: { T: { aud: ${path} } } }`,
			]),
		);
		const found = await audiences(`include: "${pattern}"`, { includes });
		expect(Object.values(found).map(({ T }) => T)).toEqual(expected.split(" "));
	});

	test("reports those that are not followed, and blames them for what is missing", async () => {
		const text = `
include:
  - remote: https://example.com/ci.yml
  - "https://example.com/short.yml"
  - template: Security/SAST.gitlab-ci.yml
  - local: /there.yml
    rules: [{ if: $X }]
job:
  extends: .elsewhere
  id_tokens: { T: { aud: a } }
other:
  id_tokens: !reference [.elsewhere, id_tokens]
`;
		const { jobs, warnings } = await jobsOf(text, {
			includes: { "there.yml": 'a: { script: "$[[ inputs.a ]]" }' },
			situation: { all: true },
		});
		expect(jobs.map(({ name }) => name)).toEqual(["a", "job", "other"]);
		expect(warnings).toEqual([
			".gitlab-ci.yml:3: include not followed: remote https://example.com/ci.yml; give a copy of it: --include remote:https://example.com/ci.yml=FILE",
			".gitlab-ci.yml:2: include not followed: remote https://example.com/short.yml; give a copy of it: --include remote:https://example.com/short.yml=FILE",
			".gitlab-ci.yml:5: include not followed: template Security/SAST.gitlab-ci.yml; give a copy of it: --include template:Security/SAST.gitlab-ci.yml=FILE",
			'.gitlab-ci.yml:9: job "job": extends ".elsewhere", which there is not',
			expect.stringMatching(
				/^\.gitlab-ci\.yml:12: !reference \[\.elsewhere, id_tokens\] is a reference to nothing/,
			),
		]);
	});

	test("of a file that includes nothing is the file", async () => {
		expect(await audiences(`include: []\nvariables: { A: a }\n${job}`)).toEqual(
			{ job: aud("a") },
		);
	});
});

describe("variables", () => {
	test.for([
		["$A", "a"],
		[`\${A}`, "a"],
		["%A%", "a"],
		["$$A", "$a"],
		[`\${A}b$$`, "ab$$"],
		["$ESCAPED", "$$A %%A%% a"],
		["$A_", ""],
		["$NESTED", "<a>"],
		["$RAW", "$A"],
		["$ITSELF", "<>"],
		["$CI_PROJECT_NAME", "my-project!"],
		[`$1 \${ A} $`, `$1 \${ A} $`],
		["$CI_JOB_NAME $CI_JOB_STAGE", "job test"],
	] as const)("%s is %j", async ([written, expected]) => {
		const text = `
variables:
  A: a
  NESTED: <\${A}>
  RAW: { value: $A, expand: false }
  ITSELF: <$ITSELF>
  ESCAPED: $$A %%A%% $A
  CI_PROJECT_NAME: $CI_PROJECT_NAME!
job: { script: x, id_tokens: { T: { aud: "${written}" } } }
`;
		expect(await audiences(text)).toEqual({ job: aud(expected) });
	});

	test.for([
		["variables: { B: $C, C: b$B }", {}, "$C b$B $A"],
		["variables: { B: $C, C: b$D, D: x }", {}, "bx bx x"],
		[
			"variables: { B: $C, C: $B }\n  inherit: { variables: [A, D] }",
			{},
			"$C $B $A",
		],
		["parallel: { matrix: [{ B: $C, C: $B }] }", {}, "$C $B $A"],
		["variables: { B: $B$A }", {}, "a  a"],
	] as const)(
		"with a circle among them expand in none: %s",
		async ([job, , expected]) => {
			const text = `
variables: { A: a, D: $A }
job:
  script: x
  ${job}
  id_tokens: { T: { aud: "$B $C $D" } }
`;
			expect(await audiences(text)).toEqual({ job: aud(expected) });
		},
	);

	test("of a file with a circle are expanded where a job breaks it", async () => {
		const text = `
variables: { A: $B, B: $C, C: $A }
round: { script: x, id_tokens: { T: { aud: $A } } }
broken: { script: x, variables: { B: b }, id_tokens: { T: { aud: $A } } }
without: { script: x, inherit: { variables: [A, B] }, id_tokens: { T: { aud: "<$A>" } } }
`;
		const { jobs, warnings } = await jobsOf(text);
		expect(jobs.map(({ id_tokens }) => id_tokens.T?.aud)).toEqual([
			"$B",
			"b",
			"<>",
		]);
		expect(warnings).toEqual([
			'.gitlab-ci.yml:3: job "round": some of its variables lead back to themselves, so GitLab expands none in another\'s value',
			expect.stringContaining("there is no variable C"),
		]);
	});

	test("count more the nearer they are, and those given the most", async () => {
		const text = `
variables: { A: file, B: file, C: file, D: file, CI_PROJECT_NAME: file }
job:
  script: x
  variables: { B: job, C: job, D: job }
  parallel: { matrix: [{ C: matrix, D: matrix }] }
  id_tokens: { T: { aud: $A $B $C $D $CI_PROJECT_NAME $CI_NODE_TOTAL } }
`;
		expect(
			await audiences(text, { situation: { variables: { D: "$given" } } }),
		).toEqual({ job: aud("file job matrix $given file 1") });
	});

	test.for([
		["false", "-"],
		["[A]", "a-"],
		["true", "a-b"],
	] as const)(
		"of the file are inherited by inherit:variables %s",
		async ([inherit, expected]) => {
			const text = `
variables: { A: a, B: b }
job: { script: x, inherit: { variables: ${inherit} }, id_tokens: { T: { aud: $A-$B } } }
`;
			expect(await audiences(text)).toEqual({ job: aud(expected) });
		},
	);

	test("that there are not expand to nothing, with a warning", async () => {
		const { jobs, warnings } = await jobsOf(`
job:
  script: x
  id_tokens:
    T: { aud: "a$NOPE" }
`);
		expect(jobs[0]?.id_tokens).toEqual({ T: { aud: "a" } });
		expect(warnings).toEqual([
			'.gitlab-ci.yml:5: job "job": id_tokens: T: aud: there is no variable NOPE, so it is empty; set it with --var NOPE=…',
		]);
	});

	test.for([
		["ref/protected-tag", "v1.2.3|v1-2-3|v1.2.3||true|push"],
		["ref/unprotected-branch", undefined],
		["pipeline/merge-request", undefined],
		["pipeline/merge-request-from-fork", undefined],
	] as const)("of %s are the claims' own", async ([scenario, expected]) => {
		const names = [
			"CI_COMMIT_REF_NAME",
			"CI_COMMIT_REF_SLUG",
			"CI_COMMIT_TAG",
			"CI_COMMIT_BRANCH",
			"CI_COMMIT_REF_PROTECTED",
			"CI_PIPELINE_SOURCE",
			"CI_PROJECT_PATH",
			"CI_PROJECT_ID",
			"CI_SERVER_URL",
			"CI_COMMIT_SHA",
			"CI_JOB_ID",
			"CI_PIPELINE_ID",
			"GITLAB_USER_LOGIN",
			"CI_ENVIRONMENT_NAME",
			"CI_ENVIRONMENT_TIER",
			"CI_ENVIRONMENT_ACTION",
		];
		const text = `
job:
  script: x
  environment: { name: live/$CI_COMMIT_REF_SLUG, action: verify }
  id_tokens: { T: { aud: [${names.map((name) => `"$${name}"`).join(", ")}] } }
`;
		const { tokens } = await jobsOf(
			text,
			{ situation: { scenario, all: true } },
			"job",
		);
		const said = await claimsOf(tokens.T?.token as string);
		const aud = said.aud as string[];
		const isTag = said.ref_type === "tag";
		const isMergeRequest = said.pipeline_source === "merge_request_event";
		if (expected) expect(aud.slice(0, 6).join("|")).toBe(expected);
		expect([...aud.slice(0, 1), ...aud.slice(2)]).toEqual([
			said.ref,
			isTag ? said.ref : "",
			isTag || isMergeRequest ? "" : said.ref,
			said.ref_protected,
			said.pipeline_source,
			said.job_project_path,
			said.job_project_id,
			said.iss,
			said.sha,
			said.job_id,
			said.pipeline_id,
			said.user_login,
			said.environment,
			said.deployment_tier,
			said.environment_action,
		]);
	});
});

describe("the situation", () => {
	const text = `
job: { script: x, id_tokens: { T: { aud: a } } }
deploy: { script: x, environment: production, id_tokens: { T: { aud: a } } }
`;
	const said = async (
		situation: Parameters<typeof jobsOf>[1],
		job = "job",
	): Promise<object> => {
		const { tokens } = await jobsOf(text, situation, job);
		return claimsOf(tokens.T?.token as string);
	};
	const checkout = {
		project: "acme/shop/app",
		ref: "feature",
		ref_type: "branch",
		sha: "a".repeat(40),
		default_branch: "trunk",
		user: { login: "jane", email: null },
	} as const;

	test("is the baseline where nothing is said", async () => {
		expect(await said({})).toMatchObject({
			project_path: "my-group/my-project",
			ref: "main",
			ref_protected: "true",
			ci_config_ref_uri:
				"gitlab.test/my-group/my-project//.gitlab-ci.yml@refs/heads/main",
		});
	});

	test("is the default branch where the checkout names no other", async () => {
		const situation = { checkout: { default_branch: "trunk" } };
		expect(await said({ situation })).toMatchObject({
			ref: "trunk",
			ref_protected: "true",
		});
	});

	test("is the checkout's, and the scenario's on top", async () => {
		const path = "ci/pipeline.yml";
		expect(await said({ path, situation: { checkout } })).toMatchObject({
			project_path: "acme/shop/app",
			namespace_path: "acme/shop",
			ref: "feature",
			ref_protected: "false",
			sha: checkout.sha,
			user_login: "jane",
			user_email: null,
			ci_config_ref_uri:
				"gitlab.test/acme/shop/app//ci/pipeline.yml@refs/heads/feature",
		});
		expect(
			await said({ situation: { checkout, scenario: "ref/protected-tag" } }),
		).toMatchObject({
			project_path: "acme/shop/app",
			ref: "v1.2.3",
			ref_type: "tag",
			ref_protected: "true",
		});
	});

	test.for([
		[{ ref: "trunk" }, ["trunk", "branch", "true"]],
		[{ ref: "other" }, ["other", "branch", "false"]],
		[{ tag: "v9" }, ["v9", "tag", "false"]],
		[{ ref: "x", scenario: "protected-branch" }, ["x", "branch", "true"]],
		[{ tag: "v9", set: ["ref_protected=true"] }, ["v9", "tag", "true"]],
		[{ set: ["ref=set", "user.login=max"] }, ["set", "branch", "false"]],
	] as const)(
		"%j changes it",
		async ([change, [ref, ref_type, protection]]) => {
			const situation = { checkout, ...change } as NonNullable<
				Parameters<typeof jobsOf>[1]
			>["situation"];
			expect(await said({ situation: situation ?? {} })).toMatchObject({
				ref,
				ref_type,
				ref_protected: protection,
			});
		},
	);

	test("says whether an environment is protected, and the file all else of it", async () => {
		const set = ["environment.protected=true"];
		const protectedOne = {
			environment: "production",
			environment_protected: "true",
			deployment_tier: "production",
		};
		expect(await said({ situation: { set } }, "deploy")).toMatchObject(
			protectedOne,
		);
		expect(
			await said(
				{ situation: { scenario: "environment/protected" } },
				"deploy",
			),
		).toMatchObject(protectedOne);
		expect(
			await said({ situation: { scenario: "environment/protected" } }),
		).not.toHaveProperty("environment");
	});

	test("gives every job of a pipeline the same pipeline, and a number of its own", async () => {
		const [one, two] = (await Promise.all([said({}), said({}, "deploy")])) as {
			job_id: string;
			pipeline_id: string;
		}[];
		expect(one?.pipeline_id).toBe(two?.pipeline_id);
		expect(Number(two?.job_id)).toBe(Number(one?.job_id) + 1);
	});
});

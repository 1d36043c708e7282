// Which jobs a situation has, by each thing that rules, only, except and workflow can say.
import { describe, expect, test } from "vitest";
import type { SituationText } from "../../../src/server/pipeline/situation.js";
import { rejection } from "../../refusal.js";
import { type Around, audiences, claimsOf, jobsOf } from "../project.js";

const checkout = {
	project: "acme/app",
	ref: "main",
	default_branch: "main",
};
const ON = {
	main: { checkout },
	branch: { checkout, ref: "feature/a" },
	tag: { checkout, tag: "v1.2.3" },
	request: { checkout, ref: "feature/a", merge_request: true },
	schedule: { checkout, schedule: true },
	web: { checkout, set: ["pipeline.source=web"] },
	api: { checkout, set: ["pipeline.source=api"] },
	trigger: { checkout, set: ["pipeline.source=trigger"] },
	pipeline: { checkout, set: ["pipeline.source=pipeline"] },
} satisfies Record<string, SituationText>;
type Where = keyof typeof ON;
const EVERYWHERE = Object.keys(ON) as Where[];

const names = async (text: string, situation: SituationText, more?: Around) => {
	const { jobs } = await jobsOf(text, { ...more, situation });
	return jobs.map(({ name }) => name);
};

/** Where a job with these lines is part of the pipeline; another keeps the pipeline from being empty. */
async function whereOf(lines: string, head = ""): Promise<Where[]> {
	const text = `${head}\nother: { script: x, rules: [{ when: always }] }\njob:\n  script: x\n${lines}`;
	const found: Where[] = [];
	for (const where of EVERYWHERE)
		if ((await names(text, ON[where])).includes("job")) found.push(where);
	return found;
}

const without = (...some: Where[]) =>
	EVERYWHERE.filter((where) => !some.includes(where));

describe("a job is part of", () => {
	test.for([
		["", without("request")],
		["  only: [branches]", without("request", "tag")],
		["  only: [tags]", ["tag"]],
		["  only: [merge_requests]", ["request"]],
		["  only: [schedules]", ["schedule"]],
		["  only: [pushes]", ["main", "branch", "tag"]],
		["  only: [web, api]", ["web", "api"]],
		["  only: [triggers, pipelines]", ["trigger", "pipeline"]],
		["  only: [main]", without("branch", "tag", "request")],
		["  only: ['/^feat/']", ["branch"]],
		["  only: ['/^V\\d/i']", ["tag"]],
		["  only: ['/^V\\d/']", []],
		["  only: [feature/a]", ["branch"]],
		["  only: [main@acme/app]", without("branch", "tag", "request")],
		["  only: [main@acme/other]", []],
		["  only: { refs: [tags] }", ["tag"]],
		["  only: { variables: [$CI_COMMIT_TAG] }", ["tag"]],
		[
			"  only: { variables: [$CI_MERGE_REQUEST_IID] }", // refs default to branches and tags
			[],
		],
		[
			"  only: { refs: [merge_requests], variables: [$CI_MERGE_REQUEST_IID] }",
			["request"],
		],
		["  only: { variables: [$A, $CI_COMMIT_TAG] }", ["tag"]],
		["  only: { kubernetes: active }", without("request")],
		["  only: { changes: [a.ts] }", without("request")],
		["  except: [tags]", without("request", "tag")],
		["  except: [main]", ["branch", "tag"]],
		["  except: [schedules, web]", without("request", "schedule", "web")],
		["  only: [branches]\n  except: [main]", ["branch"]],
		["  except: { variables: [$CI_COMMIT_TAG] }", without("request", "tag")],
		["  except: { kubernetes: active }", without("request")],
		["  except: { changes: [a.ts] }", ["main", "branch"]], // where GitLab knows what changed
		["  rules: [{ when: always }]", EVERYWHERE],
		["  rules: [{ when: never }]", []],
		["  rules: [{ if: $CI_COMMIT_BRANCH }]", without("tag", "request")],
		["  rules: [{ if: $CI_COMMIT_TAG }]", ["tag"]],
		["  rules: [{ if: $CI_MERGE_REQUEST_IID }]", ["request"]],
		[
			"  rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]",
			without("branch", "tag", "request"),
		],
		[
			'  rules: [{ if: $CI_PIPELINE_SOURCE == "schedule", when: never }, { if: $CI_COMMIT_BRANCH }]',
			without("tag", "request", "schedule"),
		],
		["  rules: [{ when: never }, { when: always }]", []],
		["  rules: [{ changes: [a.ts] }]", EVERYWHERE],
		["  rules: [{ changes: [a.ts], when: never }]", []],
		[
			// Where the changes are not known, the rule behind decides.
			"  rules: [{ changes: [a.ts], when: never }, { when: always }]",
			["main", "branch", "request"],
		],
		["  rules: [{ changes: { paths: [a.ts], compare_to: main } }]", EVERYWHERE],
		["  rules: [{ if: $CI_JOB_NAME == 'job' }]", EVERYWHERE],
		["  rules: [{ if: $CI_JOB_ID || $CI_PIPELINE_ID }]", []], // only a running job has them
		["  rules: [[[{ if: $CI_COMMIT_TAG }]], { when: never }]", ["tag"]],
		[
			"  variables: { A: $CI_COMMIT_TAG }\n  rules: [{ if: $A == '$CI_COMMIT_TAG' }]", // as it is written
			EVERYWHERE,
		],
		["  when: manual\n  rules: [{ if: $CI_COMMIT_TAG }]", ["tag"]],
	] as const)("%s", async ([lines, expected]) => {
		expect(await whereOf(lines)).toEqual(expected);
	});

	test("merge requests too, where workflow has rules", async () => {
		const workflow = "workflow: { rules: [{ when: always }] }";
		expect(await whereOf("", workflow)).toEqual(EVERYWHERE);
		expect(await whereOf("", "workflow: { name: x }")).toEqual(
			without("request"),
		);
		expect(await whereOf("  only: [tags]", workflow)).toEqual(["tag"]);
	});
});

describe("changes", () => {
	const text =
		"job:\n  script: x\n  rules:\n    - changes: [src/**/*, $DIR/*]\n  variables: { DIR: docs }";

	test("that are told decide", async () => {
		const changed = (...paths: string[]) =>
			names(text, { ...ON.branch, changed: paths });
		expect(await changed("src/a/b.ts")).toEqual(["job"]);
		expect(await changed("docs/a.md")).toEqual(["job"]);
		expect(await changed("README.md")).toEqual([]);
		expect(await changed()).toEqual([]);
	});

	test("that are told count for pushes to branches and merge requests alone", async () => {
		const changed = ["README.md"];
		const where: Where[] = [];
		for (const one of EVERYWHERE)
			if ((await names(text, { ...ON[one], changed })).includes("job"))
				where.push(one);
		expect(where).toEqual(without("main", "branch", "request"));
		const compared =
			"job: { script: x, rules: [{ changes: { paths: [a], compare_to: main } }] }";
		expect(await names(compared, { ...ON.tag, changed })).toEqual([]);
		expect(await names(compared, { ...ON.tag, changed: ["a"] })).toEqual([
			"job",
		]);
	});

	test("and exists expand the variables of variables, unlike if", async () => {
		const nested = (rule: string) => `
job:
  script: x
  variables: { DIR: $TOP/app, TOP: src, GONE: src/app$NOTHING }
  rules: [${rule}]
`;
		const changed = ["src/app/a.ts"];
		const files = { includes: { "src/app/a.ts": "" }, paths: [] };
		for (const path of ["$DIR/*.ts", "$GONE/*.ts"]) {
			const on = { ...ON.branch, changed };
			expect(await names(nested(`{ changes: ["${path}"] }`), on)).toEqual([
				"job",
			]);
			expect(
				await names(nested(`{ exists: ["${path}"] }`), ON.main, files),
			).toEqual(["job"]);
		}
		expect(
			await names(nested(`{ exists: ["$NOTHING/*.ts"] }`), ON.main, files),
		).toEqual([]);
	});

	test("and exists by regexp are not known, since GitLab 19.2", async () => {
		for (const key of ["changes", "exists"]) {
			const text = `job: { script: x, rules: [{ ${key}: { regexp: '(?!a)b' } }] }`;
			const { jobs } = await jobsOf(text, {
				situation: { ...ON.branch, changed: [] },
				paths: [],
				version: "19.2",
			});
			expect(jobs[0]?.unknown).toEqual([`${key} (.gitlab-ci.yml:1)`]);
		}
	});

	test("that may keep the job out are told too", async () => {
		const rules = "[{ changes: [a], when: never }, { when: always }]";
		const { jobs } = await jobsOf(`job: { script: x, rules: ${rules} }`, {
			situation: ON.branch,
		});
		expect(jobs[0]?.unknown).toEqual(["changes (.gitlab-ci.yml:1)"]);
	});

	test("that are not told count as held, and that is said", async () => {
		const { jobs, warnings } = await jobsOf(text, { situation: ON.branch });
		expect(jobs[0]?.unknown).toEqual(["changes (.gitlab-ci.yml:4)"]);
		expect(warnings).toEqual([
			'.gitlab-ci.yml:1: job "job": whether it is part of a push to the branch feature/a depends on what is not known here, and it counts as part: changes (.gitlab-ci.yml:4)',
		]);
		const tag = await jobsOf(text, { situation: ON.tag });
		expect(tag.jobs[0]?.unknown).toEqual([]);
		expect(tag.warnings).toEqual([]);
	});
});

describe("exists", () => {
	const text = (path: string) =>
		`job:\n  script: x\n  rules:\n    - exists: [${path}]\n  variables: { DIR: src }`;
	const around = (path: string): [string, SituationText, Around] => [
		text(path),
		ON.main,
		{ includes: { "ci/a.yml": "" }, paths: ["Dockerfile", "src/a.ts"] },
	];

	test("asks for the project's files", async () => {
		expect(await names(...around("Dockerfile"))).toEqual(["job"]);
		expect(await names(...around("'**/*.ts'"))).toEqual(["job"]);
		expect(await names(...around("$DIR/*.ts"))).toEqual(["job"]);
		expect(await names(...around("ci/*.yml"))).toEqual(["job"]);
		expect(await names(...around("Makefile"))).toEqual([]);
	});

	test("takes a path with a slash behind it as a folder, since GitLab 18.2", async () => {
		const on = (path: string, version: string) => {
			const [lines, situation, more] = around(path);
			return names(lines, situation, { ...more, version });
		};
		expect(await on("src/", "18.2")).toEqual(["job"]);
		expect(await on("$DIR/", "18.2")).toEqual(["job"]);
		expect(await on("sr/", "18.2")).toEqual([]);
		expect(await on("src/", "18.1")).toEqual([]);
		expect(await on("src", "18.2")).toEqual([]);
	});

	test("of an include in another project's file asks for that one's files, which are not known", async () => {
		const inner = (path: string) =>
			`include: [{ local: b.yml, rules: [{ exists: [${path}] }] }]`;
		const outer =
			"include: [{ project: a/b, file: a.yml }]\njob: { script: x }";
		const copies = (path: string) => ({
			"project:a/b": { "a.yml": inner(path), "b.yml": "b: { script: x }" },
		});
		const { jobs, warnings } = await jobsOf(outer, {
			copies: copies("Makefile"),
			paths: ["Dockerfile"],
			situation: ON.main,
		});
		expect(jobs.map(({ name }) => name)).toEqual(["b", "job"]);
		expect(warnings).toEqual([
			"a/b:a.yml:1: include: it is followed, and whether its rules hold depends on what is not known here: exists (a/b:a.yml:1)",
		]);
		const own = (path: string) =>
			names(`${inner(path)}\njob: { script: x }`, ON.main, {
				includes: { "b.yml": "b: { script: x }" },
				paths: ["Dockerfile"],
			});
		expect(await own("Dockerfile")).toEqual(["b", "job"]);
		expect(await own("Makefile")).toEqual(["job"]);
	});

	test("counts as held where they are not known, and that is said", async () => {
		const known = await jobsOf(text("ci/*"), {
			includes: { "ci/a.yml": "" },
			situation: ON.main,
		});
		expect(known.warnings).toEqual([]);
		const { jobs, warnings } = await jobsOf(text("Makefile"), {
			situation: ON.main,
		});
		expect(jobs[0]?.unknown).toEqual(["exists (.gitlab-ci.yml:4)"]);
		expect(warnings).toHaveLength(1);
	});
});

describe("variables", () => {
	const text = `
variables: { A: file, B: file, C: file }
workflow:
  rules:
    - if: $CI_COMMIT_TAG
      variables: { A: workflow, B: workflow, C: workflow }
    - when: always
job:
  script: x
  variables: { B: job, C: job }
  rules:
    - if: $A == "workflow"
      variables: { C: rule, D: rule }
    - when: always
  environment: on-$C
  id_tokens: { T: { aud: "$A $B $C $D" } }
`;
	test("of workflow's rule and of the job's count in GitLab's order", async () => {
		const aud = async (situation: SituationText) =>
			(await audiences(text, { situation })).job?.T;
		expect(await aud(ON.tag)).toBe("workflow job rule rule");
		expect(await aud(ON.main)).toBe("file job job ");
		const variables = { C: "given", D: "given" };
		expect(await aud({ ...ON.tag, variables })).toBe(
			"workflow job given given",
		);
		const { tokens } = await jobsOf(text, { situation: ON.tag }, "job");
		expect(await claimsOf(tokens.T?.token as string)).toMatchObject({
			environment: "on-rule",
			aud: "workflow job rule rule",
		});
	});

	test("of workflow's rule are not inherited where the file's are not", async () => {
		const kept = text.replace(
			"script: x",
			"script: x\n  inherit: { variables: [B] }",
		);
		expect(await audiences(kept, { situation: ON.tag })).toEqual({
			job: { T: " job job " },
		});
	});

	test("of the commit are there where the checkout tells of it", async () => {
		const text = `
job:
  script: x
  rules:
    - if: $CI_COMMIT_MESSAGE =~ /skip/ && $CI_COMMIT_TITLE !~ /skip/
  id_tokens: { T: { aud: "$CI_COMMIT_TITLE|$CI_COMMIT_DESCRIPTION|$CI_COMMIT_AUTHOR|$CI_COMMIT_TIMESTAMP" } }
`;
		const commit = {
			author: "Jane <jane@acme.test>",
			timestamp: "2030-01-02T03:04:05+00:00",
			message: "Mend it\n\nskip the rest",
		};
		const on = (message: string) => ({
			situation: { checkout: { ...checkout, commit: { ...commit, message } } },
		});
		expect(await audiences(text, on(commit.message))).toEqual({
			job: {
				T: "Mend it|skip the rest|Jane <jane@acme.test>|2030-01-02T03:04:05+00:00",
			},
		});
		expect(await audiences(text, on("skip"))).toEqual({});
		const long = `${"a".repeat(100)}\nskip`;
		expect((await audiences(text, on(long))).job?.T).toContain(`|${long}|`);
	});

	test("that nothing sets are told", async () => {
		const rules =
			"job: { script: x, rules: [{ if: '$DEPLOY || $CI_COMMIT_TITLE =~ /skip/ || $CI_COMMIT_TAG' }] }";
		const { warnings } = await jobsOf(rules, { situation: ON.tag });
		expect(warnings).toEqual([
			"rules look at variables, and GitLab knows these and this does not, so they count as not set: CI_COMMIT_TITLE; --var NAME=VALUE sets one",
			"rules look at variables, and nothing here sets these, so they count as not set: DEPLOY; --var NAME=VALUE sets one",
		]);
		const set = await jobsOf(rules, {
			situation: { ...ON.tag, variables: { DEPLOY: "1" } },
		});
		expect(set.warnings).toEqual([]);
	});
});

describe("what may be in a file that was not followed", () => {
	test.for([
		["sast: { variables: { A: b } }", "the job may have rules"],
		[
			"job: { script: x, rules: [!reference [.a, rules]] }",
			"some of its rules",
		],
		[
			"job: { script: x, rules: [!reference [.a, rules], { when: never }] }",
			"some of its rules",
		],
		[".a: {}\njob: { extends: .b, stage: test }", "the job may have rules"],
	] as const)("%s counts as part", async ([job, why]) => {
		const text = `include: { template: SAST.gitlab-ci.yml }\n${job}`;
		const { jobs, warnings } = await jobsOf(text, { situation: ON.request });
		expect(jobs[0]?.unknown).toEqual([expect.stringContaining(why)]);
		expect(warnings).toContainEqual(expect.stringContaining(why));
	});

	test("is not asked of a job that is all here", async () => {
		const text = "include: { template: a.yml }\njob: { script: x }";
		expect(await names(text, ON.request)).toEqual([]);
		expect(await names(text, ON.main)).toEqual(["job"]);
	});
});

describe("a matrix", () => {
	const text = `
deploy:
  script: x
  parallel: { matrix: [{ REGION: [eu, us] }] }
  id_tokens: { T: { aud: same } }
  rules:
    - if: $REGION == "eu" && $CI_COMMIT_BRANCH == "feature/a"
    - if: $CI_COMMIT_BRANCH == "main"
`;
	test("has its rules asked for each of its jobs", async () => {
		expect(await names(text, ON.main)).toEqual(["deploy"]);
		expect(await names(text, ON.branch)).toEqual(["deploy: [eu]"]);
		const { left_out } = await jobsOf(text, { situation: ON.branch });
		expect(left_out.map(({ name }) => name)).toEqual(["deploy: [us]"]);
	});

	test("is asked for by its own name or by that of one", async () => {
		const one = (name: string) => jobsOf(text, { situation: ON.branch }, name);
		expect((await one("deploy")).jobs[0]?.name).toBe("deploy: [eu]");
		expect(await rejection(one("deploy: [us]"))).toMatchObject({
			code: "not_applicable",
		});
	});
});

describe("what the situation has not", () => {
	const text = `
build: { script: x }
release:
  script: x
  rules:
    - if: $CI_COMMIT_TAG
deploy:
  script: x
  rules:
    - if: $CI_COMMIT_BRANCH == "feature/a"
      when: never
    - when: always
old: { script: x, only: [tags] }
other: { script: x, except: [branches] }
`;
	test("is told, with what left it out", async () => {
		const told = await jobsOf(text, { situation: ON.branch });
		expect(told).toMatchObject({
			situation: "a push to the branch feature/a",
			no_pipeline: null,
			left_out: [
				{ name: "release", why: "none of its rules holds (.gitlab-ci.yml:5)" },
				{
					name: "deploy",
					why: 'its rule at .gitlab-ci.yml:10 says never, if $CI_COMMIT_BRANCH == "feature/a"',
				},
				{
					name: "old",
					why: "only (.gitlab-ci.yml:13) does not fit: refs tags",
				},
				{
					name: "other",
					why: "except (.gitlab-ci.yml:14) fits: refs branches",
				},
			],
		});
		expect(told.jobs.map(({ name }) => name)).toEqual(["build"]);
	});

	test("is refused by name, and issued with all", async () => {
		const release = (situation: SituationText) =>
			jobsOf(text, { situation }, "release");
		expect(await rejection(release(ON.branch))).toEqual({
			code: "not_applicable",
			message:
				'.gitlab-ci.yml:3: job "release": it is not part of a push to the branch feature/a: none of its rules holds (.gitlab-ci.yml:5). --ref, --tag, --merge-request and --schedule name other situations, --all takes it all the same',
		});
		expect((await release(ON.tag)).jobs).toHaveLength(1);
		expect((await release({ ...ON.branch, all: true })).jobs).toHaveLength(1);
	});

	test("is listed with all", async () => {
		expect(await names(text, { ...ON.branch, all: true })).toEqual([
			"build",
			"release",
			"deploy",
			"old",
			"other",
		]);
	});
});

test("what is needed and left out is told, as GitLab refuses that", async () => {
	const text = (needs: string, more = "") => `
build: { script: x, only: [tags] }
deploy: { script: x, needs: ${needs}${more} }
`;
	const warnings = async (...args: [string, string?]) =>
		(await jobsOf(text(...args), { situation: ON.main })).warnings;
	const told = [
		'job "deploy" needs build, not part of a push to the branch main: GitLab refuses the pipeline (unless it is needed with optional: true)',
	];
	expect(await warnings("[build]")).toEqual(told);
	expect(await warnings("[{ job: build, artifacts: true }]")).toEqual(told);
	expect(await warnings("[{ job: build, optional: true }]")).toEqual([]);
	expect(await warnings("[{ job: build, project: a/b, ref: c }]")).toEqual([]);
	const rule = ", rules: [{ when: always, needs: [] }]";
	expect(await warnings("[build]", rule)).toEqual([]);
	expect(await warnings("[]", rule.replace("[] }", "[build] }"))).toEqual(told);
	const { warnings: none } = await jobsOf(text("[build]"), {
		situation: ON.tag,
	});
	expect(none).toEqual([]);
});

describe("no pipeline is created", () => {
	const text = (rules: string) =>
		`workflow:\n  rules:\n    ${rules}\njob: { script: x }`;
	const why = async (file: string, situation: SituationText) => {
		const { jobs, no_pipeline } = await jobsOf(file, { situation });
		if (no_pipeline !== null) expect(jobs).toEqual([]);
		return no_pipeline;
	};

	test("where workflow says so", async () => {
		const tags = text("- if: $CI_COMMIT_TAG");
		expect(await why(tags, ON.tag)).toBeNull();
		expect(await why(tags, ON.main)).toBe(
			"workflow: none of its rules holds (.gitlab-ci.yml:2)",
		);
		expect(await why(tags, { ...ON.main, all: true })).toBeNull();
		expect(
			await rejection(jobsOf(tags, { situation: ON.main }, "job")),
		).toEqual({
			code: "not_applicable",
			message: expect.stringContaining(
				"it is not part of a push to the branch main: workflow: none of its rules holds",
			),
		});
		const never = text("- { if: $CI_COMMIT_TAG, when: never }");
		expect(await why(never, ON.tag)).toBe(
			"workflow: its rule at .gitlab-ci.yml:3 says never, if $CI_COMMIT_TAG",
		);
	});

	test("where no job is part of it", async () => {
		const job = "job: { script: x, only: [tags] }";
		expect(await why(job, ON.main)).toBe("no job is part of it");
		expect(await why(job, ON.tag)).toBeNull();
	});

	test("where all are in .pre and .post", async () => {
		const job = (stage: string) => `job: { script: x, stage: ${stage} }`;
		const { no_pipeline } = await jobsOf(job(".pre"), { situation: ON.main });
		expect(no_pipeline).toBe("its jobs are in the stages .pre and .post alone");
		expect(await why(job("test"), ON.main)).toBeNull();
	});
});

describe("a merge request", () => {
	const text =
		'job: { script: x, rules: [{ when: always }], id_tokens: { T: { aud: "$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME $CI_MERGE_REQUEST_TARGET_BRANCH_NAME $CI_MERGE_REQUEST_IID $CI_MERGE_REQUEST_REF_PATH $CI_COMMIT_BRANCH" } } }';
	const claims = async (situation: SituationText) => {
		const { tokens } = await jobsOf(text, { situation }, "job");
		return claimsOf(tokens.T?.token as string);
	};

	test("is of the branch, into the target", async () => {
		expect(await claims({ ...ON.request, target: "stable" })).toMatchObject({
			aud: "feature/a stable 1 refs/merge-requests/1/head ",
			pipeline_source: "merge_request_event",
			ref: "feature/a",
			ref_type: "branch",
			ref_path: "refs/heads/feature/a",
			ref_protected: "false",
		});
	});

	test("of the default branch into itself is none, so that another is taken and told", async () => {
		const situation = { checkout, merge_request: true };
		expect(await claims(situation)).toMatchObject({ ref: "unmerged" });
		const { warnings } = await jobsOf(text, { situation });
		expect(warnings).toContain(
			"a merge request of main into itself is none, so its branch is taken as unmerged: --ref names another",
		);
	});

	test("of a fork runs in its parent", async () => {
		const only = "job: { script: x, only: [merge_requests@acme/app] }";
		const fork = {
			scenario: "pipeline/merge-request-from-fork",
			set: ["fork_of.path=acme/app"],
		};
		expect(await names(only, fork)).toEqual(["job"]);
		expect(await names(only, { ...fork, set: [] })).toEqual([]);
	});
});

test.for([
	[{ merge_request: true, tag: "v1" }, "a merge request is of a branch"],
	[{ merge_request: true, schedule: true }, "not of both"],
	[{ target: "main" }, "only a merge request has a target"],
] as const)("%o do not go together", async ([situation, message]) => {
	expect(await rejection(jobsOf("job: { script: x }", { situation }))).toEqual({
		code: "invalid_request",
		message: expect.stringContaining(message),
	});
});

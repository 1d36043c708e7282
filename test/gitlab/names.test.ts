// Names that GitLab and git give out, and such as they refuse.
import { expect, test } from "vitest";
import { jobSchema } from "../../src/gitlab/job.js";
import {
	isEnvironmentName,
	isGroupPath,
	isLogin,
	isProjectPath,
	isRefName,
} from "../../src/gitlab/names.js";

test.for<[(name: string) => boolean, string[], string[]]>([
	[
		isProjectPath,
		["a/b", "my-group/my.project_1", "A/b/c", "1/2"],
		[
			"a",
			"/a",
			"a/",
			"a//b",
			"a/.b",
			"a/b.git",
			"a/-b",
			"a/b-",
			"a/b--c",
			"a/b c",
			"a/b\n",
			"a/\u212a",
			`a/${"b".repeat(256)}`,
		],
	],
	[isGroupPath, ["a", "a/b"], ["", "a/", ".", "a.atom"]],
	[isLogin, ["sample-user", "u.1"], ["a/b", "", "a@b"]],
	[
		isRefName,
		[
			"main",
			"release/1.2",
			"mаin",
			"v1.2.3",
			"a-b_c",
			"x".repeat(255),
			"relea\u017fe",
			"-evil".slice(1),
			"a,b",
			"feature/#1",
		],
		[
			"",
			"@",
			"a b",
			"a\n",
			"a\0b",
			"a..b",
			"a~1",
			"a^",
			"a:b",
			"a?",
			"a*",
			"a[",
			"a\\b",
			"/a",
			"a/",
			"a//b",
			".a",
			"a/.b",
			"a.",
			"a.lock",
			"a.lock/b",
			"a@{b",
			"-a",
			"x".repeat(256),
			"0".repeat(40),
		],
	],
	[
		isEnvironmentName,
		["production", "review/feature-1", "Prod 1", "a.b", "$x"],
		["", "/a", "a/", " a", "a ", "a\n", "a,b", "\u212a", "x".repeat(256)],
	],
])("%o", ([test, taken, refused]) => {
	expect(taken.filter((name) => !test(name))).toEqual([]);
	expect(refused.filter(test)).toEqual([]);
});

test.for([
	["group/project", true],
	["group/sub/project", true],
	["project", false],
	["/project", false],
	["group/", false],
	["group//project", false],
] as const)("a job's project at %s: %s", ([path, taken]) => {
	const { project } = jobSchema.shape;
	const given = { id: 1, path, namespace_id: 2, visibility: "private" };
	expect(project.safeParse(given).success).toBe(taken);
});

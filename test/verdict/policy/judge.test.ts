// What a policy says of claims: each kind of condition, in words, and what the policy looks at.
import { describe, expect, test } from "vitest";
import {
	judgePolicy,
	leewayOf,
	letsEverythingIn,
	usesClaim,
} from "../../../src/verdict/policy/judge.js";
import {
	type Condition,
	type Policy,
	policySchema,
} from "../../../src/verdict/policy/schema.js";

const CLAIMS = {
	project_path: "group/project",
	ref: "main",
	ref_protected: "true",
	runner_id: 12,
	user_email: null,
	groups_direct: ["group", "group/sub"],
	empty: [],
	job_config: {
		url: "https://x",
		sha: "abc",
		"a/b~c": ["first", { deep: true }],
	},
	flag: true,
	aud: "https://rp",
};

const judged = (path: string, condition: Condition) => {
	const policy = policySchema.parse({ claims: { [path]: condition } });
	return judgePolicy(CLAIMS, policy);
};

test.for<[string, Condition, boolean]>([
	["ref", "main", true],
	["ref", "Main", false],
	["ref", ["x", "main"], true],
	["ref", { equals: "MAIN", "ignore-case": true }, true],
	["ref", { equals: ["x", "y"] }, false],
	["ref", { glob: "m*" }, true],
	["ref", { glob: "m?in" }, false],
	["ref", { like: "m?in" }, true],
	["ref", { like: ["x", "MA*"], "ignore-case": true }, true],
	["ref", { "starts-with": "ma" }, true],
	["ref", { "starts-with": "ai" }, false],
	["ref", { "ends-with": ["x", "in"] }, true],
	["ref", { regex: "^ma" }, true],
	["ref", { regex: "^MA", "ignore-case": true }, true],
	["ref", { regex: ["x", "^n"] }, false],
	["ref", { "max-bytes": 4 }, true],
	["ref", { "max-bytes": 3 }, false],
	["ref", { not: "main" }, false],
	["ref", { not: ["x", "y"] }, true],
	["ref", { not: { like: "m*" } }, false],
	["ref", { any: ["x", { glob: "m*" }] }, true],
	["ref", { any: ["x", { not: "main" }] }, false],
	["ref", { all: [{ glob: "m*" }, { not: "main" }] }, false],
	["ref", { all: [{ glob: "m*" }, { any: ["main", "x"] }] }, true],
	// Types.
	["ref_protected", true, false],
	["flag", "true", false],
	["flag", true, true],
	["runner_id", 12, true],
	["runner_id", "12", false],
	["runner_id", { glob: "*" }, false],
	["runner_id", { regex: "." }, false],
	["job_config", { glob: "*" }, false],
	// Missing and null.
	["environment", { glob: "*" }, false],
	["environment", { not: "production" }, false],
	["environment", { not: "production", missing: "ok" }, true],
	["environment", { equals: "production", missing: "ok" }, true],
	["environment", { every: "x" }, false],
	["user_email", { glob: "*" }, false],
	["user_email", { glob: "*", missing: "ok" }, true],
	["constructor", { glob: "*" }, false],
	["toString", { not: "x" }, false],
	// Lists.
	["groups_direct", "group", true],
	["groups_direct", { not: "group" }, false],
	["groups_direct", { equals: "group", list: "never" }, false],
	["groups_direct", { equals: "group", list: "only" }, true],
	["ref", { equals: "main", list: "only" }, false],
	["groups_direct", { every: { glob: "group*" } }, true],
	["groups_direct", { every: "group" }, false],
	["ref", { every: "main" }, true],
	["empty", { every: "x" }, true],
	["empty", { glob: "*" }, false],
	// JSON pointers.
	["/job_config/sha", "abc", true],
	["/job_config/a~1b~0c/0", "first", true],
	["/job_config/a~1b~0c/1/deep", true, true],
	["/job_config/a~1b~0c/01", "first", false],
	["/job_config/length", { glob: "*" }, false],
	["/ref", "main", true],
	["/ref/0", "m", false],
])("%s %j: %s", ([path, condition, holds]) => {
	expect(judged(path, condition)).toHaveLength(holds ? 0 : 1);
});

test.for<[Policy, string]>([
	[
		{ claims: { ref_protected: "false" } },
		'ref_protected is "true", the policy wants "false"',
	],
	[
		{ claims: { ref: ["a", "b"] } },
		'ref is "main", the policy wants "a" or "b"',
	],
	[
		{ claims: { ref: [..."abcdefg"] } },
		'ref is "main", the policy wants "a" or "b" or "c" or "d" or "e" or one of 2 more',
	],
	[
		{ claims: { environment: "x" } },
		'environment is missing, the policy wants "x"',
	],
	[{ claims: { user_email: "x" } }, 'user_email is null, the policy wants "x"'],
	[
		{ claims: { ref: { glob: "r*" } } },
		'ref is "main", the policy wants a text like "r*"',
	],
	[
		{ claims: { ref: { regex: "^r" } } },
		'ref is "main", the policy wants a match of "^r"',
	],
	[
		{ claims: { ref: { "starts-with": "r" } } },
		'ref is "main", the policy wants a text that begins with "r"',
	],
	[
		{ claims: { ref: { not: "main" } } },
		'ref is "main", the policy wants anything but "main"',
	],
	[
		{ claims: { ref: { every: "x" } } },
		'ref is "main", the policy wants no entry but "x"',
	],
	[
		{ claims: { ref: { equals: "main", list: "only" } } },
		'ref is "main", the policy wants a list with "main"',
	],
	[{ claims: { "a\nb": "x" } }, '"a\\nb" is missing, the policy wants "x"'],
	[
		{ required: ["environment"] },
		"environment is missing, the policy wants it there",
	],
	[
		{ required: ["user_email"] },
		"user_email is null, the policy wants it there",
	],
	[
		{ any_of: [{ claims: { ref: "x" } }] },
		'ref is "main", the policy wants "x"',
	],
	[
		{ any_of: [{ claims: { ref: "x" } }, { required: ["environment"] }] },
		'none of 2 alternatives is met: ref is "main", the policy wants "x"; environment is missing, the policy wants it there',
	],
])("%j: %s", ([policy, sentence]) => {
	expect(judgePolicy(CLAIMS, policySchema.parse(policy))).toEqual([sentence]);
});

test("all that is not met is told, and one alternative is enough", () => {
	const policy: Policy = {
		claims: { ref: "x", flag: false },
		required: ["nothing"],
	};
	expect(judgePolicy(CLAIMS, policy)).toHaveLength(3);
	expect(
		judgePolicy(CLAIMS, { any_of: [{ claims: { ref: "x" } }, {}] }),
	).toEqual([]);
	expect(judgePolicy(CLAIMS, {})).toEqual([]);
});

test("a value of a token is shown short and on one line", () => {
	const claims = { ref: `a\u001b[31m\n${"x".repeat(100_000)}` };
	const [sentence = ""] = judgePolicy(claims, { claims: { ref: "main" } });
	expect(sentence.length).toBeLessThan(300);
	expect(sentence).not.toMatch(/\p{Cc}/u);
});

test.for([
	["https://rp", true],
	[["https://rp"], true],
	[["https://rp", "https://other"], false],
	[[], false],
	[undefined, false],
] as const)("a single audience: %j: %s", ([aud, single]) => {
	const unmet = judgePolicy({ aud }, { audience: "single" });
	expect(unmet).toHaveLength(single ? 0 : 1);
	expect(judgePolicy({ aud }, { audience: "contains" })).toEqual([]);
});

test("a regular expression is not run on a long text", () => {
	const policy: Policy = { claims: { ref: { regex: "^(a+)+$" } } };
	// It would not end.
	expect(judgePolicy({ ref: `${"a".repeat(10_001)}!` }, policy)).toHaveLength(
		1,
	);
	expect(judgePolicy({ ref: "a".repeat(10_000) }, policy)).toEqual([]);
});

test("what claims() cannot hold is no trap", () => {
	const claims = JSON.parse(
		'{"__proto__":{"ref":"main"},"ref_protected":"true"}',
	);
	expect(judgePolicy(claims, { claims: { ref: "main" } })).toHaveLength(1);
	expect(judgePolicy(claims, { claims: { "/__proto__/ref": "main" } })).toEqual(
		[],
	);
});

describe("usesClaim", () => {
	const policy: Policy = {
		claims: { ref: "main", "/job_config/sha": "x", "/a~1b": "y" },
		required: ["environment"],
		any_of: [
			{ claims: { project_id: "1" } },
			{ required: ["/user_identities/0"] },
		],
	};
	test.for([
		["ref", true],
		["job_config", true],
		["a/b", true],
		["environment", true],
		["project_id", true],
		["user_identities", true],
		["sha", false],
		["project_path", false],
		["aud", false],
		["jti", false],
		["constructor", false],
	] as const)("%s: %s", ([claim, used]) => {
		expect(usesClaim(policy, claim)).toBe(used);
	});
	test("audience and replay are looked at where they are asked for", () => {
		expect(usesClaim({ audience: "single" }, "aud")).toBe(true);
		expect(usesClaim({ replay: "reject" }, "jti")).toBe(true);
		expect(usesClaim({ replay: "accept", audience: "contains" }, "jti")).toBe(
			false,
		);
	});
});

test.for<[Policy, object]>([
	[{}, { exp: 0, nbf: 0, iat: 0 }],
	[{ leeway: 30 }, { exp: 30, nbf: 30, iat: 30 }],
	[{ leeway: { exp: 5 } }, { exp: 5, nbf: 0, iat: 0 }],
])("leeway of %j", ([policy, leeway]) => {
	expect(leewayOf(policy)).toEqual(leeway);
});

test.for<[Policy, boolean]>([
	[{}, true],
	[
		{ leeway: 60, algorithms: ["RS256"], audience: "single", replay: "reject" },
		true,
	],
	[{ claims: { aud: "https://rp", iss: "https://gitlab" } }, true],
	[{ required: ["sub", "jti", "project_path", "aud"] }, true],
	[{ claims: { sub: { glob: "project_path:*" } } }, true],
	[{ claims: { project_path: { glob: "*/*" }, ref: { not: "refs/x" } } }, true],
	[{ claims: { ref_type: ["branch", "tag"] } }, true],
	[
		{
			any_of: [{ claims: { aud: "https://rp" } }, { claims: { ref: "main" } }],
		},
		true,
	],
	[{ claims: { ref_protected: "true" } }, false],
	[{ claims: { ref_type: "branch" } }, false],
	[{ required: ["environment"] }, false],
	[{ claims: { namespace_path: { "starts-with": "group" } } }, false],
	[{ claims: { sub: { glob: "project_path:group/*" } } }, false],
	[{ any_of: [{ claims: { ref: "main" } }, { claims: { ref: "x" } }] }, false],
])("%j lets everything in: %s", ([policy, all]) => {
	expect(letsEverythingIn(policySchema.parse(policy))).toBe(all);
});

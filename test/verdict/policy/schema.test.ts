// The policy's format: what it takes, and how it refuses the rest.
import { expect, test } from "vitest";
import { z } from "zod";
import { issueText } from "../../../src/scenario/schema-issue.js";
import { policySchema } from "../../../src/verdict/policy/schema.js";

const refusal = (policy: unknown) => {
	const { error } = policySchema.safeParse(policy);
	return error && issueText(error, "policy");
};

test.for([
	{},
	{
		claims: {
			ref: "main",
			runner_id: 4,
			flag: false,
			project_id: ["1", 2, true],
		},
	},
	{
		claims: {
			ref: { equals: "a", "ignore-case": true, list: "never", missing: "ok" },
		},
	},
	{
		claims: {
			ref: { glob: ["a*", "b"] },
			sub: { like: "?" },
			x: { "starts-with": "a" },
		},
	},
	{
		claims: {
			ref: { "ends-with": "a" },
			sub: { regex: ["^a", "b$"] },
			x: { "max-bytes": 0 },
		},
	},
	{ claims: { ref: { not: "a" }, sub: { not: { like: "b" }, missing: "ok" } } },
	{
		claims: {
			ref: { every: { glob: "*" } },
			sub: { any: ["a", { not: "b" }] },
		},
	},
	{ claims: { ref: { all: [{ any: ["a", { every: "b" }] }, { not: "c" }] } } },
	{
		claims: { "/a/b~0~1": "x" },
		required: ["/c"],
		any_of: [{ claims: { a: "b" } }, {}],
	},
	{ leeway: 60, audience: "single", replay: "reject", algorithms: ["RS256"] },
])("%j is taken as it is", (policy) => {
	expect(policySchema.parse(policy)).toEqual(policy);
});

test.for([
	[
		{ claims: { ref: { regex: "(" } } },
		"claims.ref.regex: no regular expression of JavaScript: Unterminated group",
	],
	[
		{ claims: { ref: { regex: ["a", "[z-a]"] } } },
		"claims.ref.regex.1: no regular expression",
	],
	[{ claims: { ref: { not: { regex: "(?i)x" } } } }, "no regular expression"],
	[{ claims: { ref: [] } }, "claims.ref"],
	[{ claims: { ref: null } }, "claims.ref"],
	[{ claims: { ref: { like: "a", glob: "b" } } }, "claims.ref"],
	[{ claims: { ref: { any: [] } } }, "claims.ref.any"],
	[
		{ claims: { ref: { not: { equals: "a", missing: "ok" } } } },
		"`missing` stands beside `not`",
	],
	[{ claims: { "": "a" } }, "claims"],
	[{ claims: { "/a~2": "b" } }, 'in a JSON pointer "~" is written ~0'],
	[{ required: ["/~"] }, "in a JSON pointer"],
	[{ any_of: [] }, "any_of"],
	[{ any_of: [{ leeway: 4 }] }, "any_of.0.leeway: unknown key"],
	[{ leeway: 100_000 }, "leeway"],
	[{ leeway: -1 }, "leeway"],
	[{ audience: "none" }, "audience"],
	[{ algorithms: [] }, "algorithms"],
	[{ clams: {} }, "clams: unknown key"],
] as const)("%j: %s", ([policy, message]) => {
	expect(refusal(policy)).toContain(message);
});

test("it can be given to editors as JSON Schema", () => {
	const schema = z.toJSONSchema(policySchema, { io: "input" });
	expect(schema.properties).toHaveProperty("claims");
	expect(JSON.stringify(schema).length).toBeLessThan(60_000);
});

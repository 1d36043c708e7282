// The tier that GitLab guesses: every alternative of its expressions, and which wins.
import { describe, expect, test } from "vitest";
import { tierByName } from "../../src/gitlab/deployment-tier.js";

const TABLE = {
	development: "dev review trunk",
	testing: "test tst int acpt accept qa qc control quality",
	staging: "stg stag mode model modl pre demo non",
	production: "prd prod live",
	other: "blue canary main acept modal prud st",
} as const;

describe.for(Object.entries(TABLE))("%s", ([tier, names]) => {
	// `mode` is no alternative of its own: only mod(e|)l is.
	const alone = names.split(" ").filter((name) => name !== "mode");

	test.for(alone)("%s", (name) => {
		expect(tierByName(name)).toBe(tier);
	});
	test.for(alone)("%s, anywhere and in any case", (name) => {
		expect(tierByName(`eu/${name.toUpperCase()}/9`)).toBe(tier);
	});
});

test.for([
	["preprod", "staging"],
	["pre-production", "staging"],
	["non-live", "staging"],
	["production-review", "development"],
	["test-dev", "development"],
	["staging-test", "testing"],
	["prod-eu/qa", "testing"],
	["review/feature-x", "development"],
	["production", "production"],
	["staging", "staging"],
	["Production", "production"],
	["mode", "other"],
	["", "other"],
] as const)("the first that matches decides: %s is %s", ([name, tier]) => {
	expect(tierByName(name)).toBe(tier);
});

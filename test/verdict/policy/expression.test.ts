// A policy with an expression: it has the last word, and its parts say which claims are bound and at fault.
import { describe, expect, test } from "vitest";
import { BUILT_IN, loadCatalogue } from "../../../src/scenario/catalogue.js";
import { nearMisses } from "../../../src/verdict/near/near-misses.js";
import {
	expressionOf,
	type Part,
} from "../../../src/verdict/policy/expression.js";
import {
	judgePolicy,
	letsEverythingIn,
	looksAtJob,
	unmetPaths,
	usesClaim,
} from "../../../src/verdict/policy/judge.js";
import type { Policy } from "../../../src/verdict/policy/schema.js";

const project: Part = {
	wants: 'project_id == "22"',
	reads: ["project_id"],
	named: [{ path: "project_id", text: "22" }],
	holds: ({ project_id }) => project_id === "22",
};
const place: Part = {
	wants: 'ref == "main" || environment == "live"',
	reads: ["ref", "environment"],
	named: [
		{ path: "ref", text: "main" },
		{ path: "environment", text: "live" },
	],
	holds: ({ ref, environment }) => ref === "main" || environment === "live",
};
const policy: Policy = { expression: expressionOf([project, place]) };
const MAIN = { project_id: "22", ref: "main" };

test("is met, or says which part is not", () => {
	expect(judgePolicy(MAIN, policy)).toEqual([]);
	expect(
		judgePolicy({ project_id: "22", environment: "live" }, policy),
	).toEqual([]);
	expect(judgePolicy({ ...MAIN, ref: "develop" }, policy)).toEqual([
		'ref is "develop", environment is missing, the policy wants ref == "main" || environment == "live"',
	]);
	expect(unmetPaths({ project_id: 22, ref: "x" }, policy)).toEqual([
		"project_id",
		"ref",
		"environment",
	]);
});

test("stands beside conditions on claims", () => {
	const both: Policy = { ...policy, claims: { ref_protected: "true" } };
	expect(judgePolicy(MAIN, both)).toHaveLength(1);
	expect(judgePolicy({ ...MAIN, ref_protected: "true" }, both)).toEqual([]);
});

test("a part that looks at no claim can fail, too", () => {
	const never: Part = {
		wants: "false",
		reads: [],
		named: [],
		holds: () => false,
	};
	const shut: Policy = { expression: expressionOf([never]) };
	expect(judgePolicy(MAIN, shut)).toEqual(["the policy wants false"]);
});

test("the whole has the last word, also where each of its parts holds", () => {
	const whole: Policy = {
		expression: { holds: () => false, parts: [project] },
	};
	expect(judgePolicy(MAIN, whole)).toEqual([
		"the policy's expression does not hold",
	]);
	const open: Policy = { expression: { holds: () => true, parts: [project] } };
	expect(judgePolicy({ project_id: "23" }, open)).toEqual([]);
});

test("tells what it looks at", () => {
	expect(usesClaim(policy, "environment")).toBe(true);
	expect(usesClaim(policy, "sub")).toBe(false);
	expect(looksAtJob(policy)).toBe(true);
	expect(looksAtJob({ expression: expressionOf([]) })).toBe(false);
});

test("lets everything in only where strangers get in, whatever their audience", () => {
	const audience: Part = {
		wants: 'aud == "x"',
		reads: ["aud"],
		named: [],
		holds: ({ aud }) => aud === "x",
	};
	expect(letsEverythingIn({ expression: expressionOf([audience]) })).toBe(true);
	expect(letsEverythingIn(policy)).toBe(false);
});

describe("near misses", async () => {
	const files = (await loadCatalogue([BUILT_IN])).all();
	const address = { iss: "https://git.example", aud: "https://rp.example" };
	const missesOf = (claims: Record<string, unknown>, asked = policy) =>
		nearMisses(
			files,
			{ claims: { ...claims, ...address } },
			{ policy: asked, issuer: address.iss, audience: address.aud },
		).map(({ scenario }) => scenario.id);
	test("are of the claims that it looks at", () => {
		const ids = missesOf(MAIN);
		expect(ids).toContain("near/suffix:ref");
		expect(ids).toContain("near/number-for-text:project_id");
	});
	test("are none of a claim that does not matter for this job", () => {
		const ids = missesOf({ ...MAIN, environment: "live" });
		// Lists are for all claims: GitLab has none there.
		const others = ids.filter((id) => !/list/.test(id));
		expect(others.filter((id) => /:(?:ref|environment)/.test(id))).toEqual([]);
	});
	test("are none of a value that may be any text", () => {
		const name: Part = {
			wants: "sub, a text",
			reads: ["sub"],
			named: [],
			holds: ({ sub }) => typeof sub === "string",
		};
		const ids = missesOf(
			{ ...MAIN, sub: "project_path:a/b:ref_type:branch:ref:main" },
			{ expression: expressionOf([name]) },
		);
		expect(ids).toContain("near/missing:sub");
		expect(ids).not.toContain("near/suffix:sub");
	});
});

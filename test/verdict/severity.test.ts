// What a finding weighs, and what fails a run: the rule in full, each row beside its twin.
import { describe, expect, test } from "vitest";
import {
	IMPACTS,
	type Impact,
	LEVELS,
	type Level,
} from "../../src/scenario/severity.js";
import { FAIL_ON } from "../../src/verdict/kinds.js";
import {
	failsRun,
	failsUnanswered,
	impactFor,
	kindOf,
	type Weight,
	weightOf,
} from "../../src/verdict/severity.js";

const weight = (
	level: Level,
	impact: Impact,
	only_if: Weight["only_if"] = null,
): Weight => ({ level, impact, only_if });

describe("a token that was let in", () => {
	test.for<[Impact, boolean, string, string, string]>([
		// impact, only if GitLab errs: levels that fail by default, with --strict, named by --fail-on
		["forgery", false, "must should may", "must should may", "must should may"],
		["forgery", true, "must", "must should", "must"],
		[
			"escalation",
			false,
			"must should may",
			"must should may",
			"must should may",
		],
		["escalation", true, "must", "must should", "must"],
		["replay", false, "must", "must should", "must"],
		["robustness", false, "must", "must should", "must"],
		["interoperability", false, "must", "must should", "must"],
		["hygiene", false, "", "must", "must"],
		["hygiene", true, "", "must", "must"],
	])("%s, only if GitLab errs: %s", ([impact, errs, normal, strict, named]) => {
		const failing = (severity: Parameters<typeof failsRun>[2]) =>
			LEVELS.filter((level) =>
				failsRun(
					"dangerous",
					weight(level, impact, errs ? "gitlab-errs" : null),
					severity,
				),
			).join(" ");
		expect(failing({})).toBe(normal);
		expect(failing({ strict: true })).toBe(strict);
		expect(failing({ failOn: [impact] })).toBe(named);
		expect(failing({ failOn: ["dangerous"] })).toBe(normal);
		expect(failing({ failOn: ["too-strict", "stale"] })).toBe("");
	});

	test("is a note where the specs leave it open and nobody gains", () => {
		const kind = (level: Level, impact: Impact, errs = false) =>
			kindOf(
				"rejected",
				"accepted",
				weight(level, impact, errs ? "gitlab-errs" : null),
			);
		expect(kind("may", "forgery", true)).toBe("note");
		expect(kind("may", "hygiene")).toBe("note");
		expect(kind("may", "forgery")).toBe("dangerous");
		expect(kind("may", "replay")).toBe("dangerous");
		expect(kind("should", "forgery", true)).toBe("dangerous");
		for (const impact of IMPACTS)
			expect(
				failsRun("note", weight("may", impact), {
					strict: true,
					failOn: FAIL_ON,
				}),
			).toBe(false);
	});
});

describe("no answer", () => {
	test.for(["broken", "hung", "crashed"] as const)(
		"%s is broken at any level",
		(outcome) => {
			for (const level of LEVELS)
				expect(kindOf("either", outcome, weight(level, "hygiene"))).toBe(
					"broken",
				);
		},
	);

	test("fails, unless something else was chosen", () => {
		expect(failsUnanswered({})).toBe(true);
		expect(failsUnanswered({ failOn: ["broken"] })).toBe(true);
		expect(failsUnanswered({ failOn: ["robustness"] })).toBe(true);
		expect(failsUnanswered({ failOn: ["dangerous"] })).toBe(false);
	});
});

describe("a token that was refused", () => {
	test("is too strict, unless the specs leave it open", () => {
		const kind = (level: Level) =>
			kindOf("accepted", "rejected", weight(level, "interoperability"));
		expect(LEVELS.map(kind)).toEqual(["too-strict", "too-strict", undefined]);
	});

	test("costs an honest job, or nothing where GitLab makes no such token", () => {
		const costs = (expected: "accept" | "policy", impact: Impact) =>
			impactFor("too-strict", weight("must", impact), { expect: expected });
		expect(costs("accept", "interoperability")).toBe("interoperability");
		expect(costs("accept", "hygiene")).toBe("hygiene");
		expect(costs("policy", "escalation")).toBe("interoperability");
	});
});

describe("the user's own policy", () => {
	test.for<[Impact, Impact]>([
		["forgery", "forgery"],
		["escalation", "escalation"],
		["replay", "replay"],
		["robustness", "escalation"],
		["interoperability", "escalation"],
		["hygiene", "escalation"],
	])("makes a may of %s a must of %s", ([impact, made]) => {
		const file = { expect: "policy", level: "may", impact } as const;
		expect(weightOf(file, "policy")).toEqual(weight("must", made));
		expect(weightOf(file, null)).toEqual(weight("may", impact));
	});
});

test("a stale entry fails whatever was chosen", () => {
	const stale = weight("must", "hygiene");
	expect(failsRun("stale", stale, { failOn: ["forgery"] })).toBe(true);
});

// What a file's two words of weight mean where it leaves them out, and in the report.
import { describe, expect, test } from "vitest";
import {
	IMPACT_WORDS,
	IMPACTS,
	impactOf,
	levelOf,
} from "../../src/scenario/severity.js";

describe("a file that says nothing", () => {
	test.for([
		["reject", "forgery"],
		["policy", "escalation"],
		["either", "robustness"],
		["accept", "interoperability"],
	] as const)("with expect: %s costs %s", ([expected, impact]) => {
		expect(impactOf({ expect: expected })).toBe(impact);
		expect(impactOf({ expect: expected, impact: "hygiene" })).toBe("hygiene");
	});

	test("has the level must", () => {
		expect(levelOf({})).toBe("must");
		expect(levelOf({ level: "may" })).toBe("may");
	});
});

test("every impact is told in words", () => {
	expect(Object.keys(IMPACT_WORDS)).toEqual([...IMPACTS]);
});

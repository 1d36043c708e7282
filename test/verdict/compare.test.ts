// Two results held against each other: nothing is new or gone that one of the runs did not look at.
import { expect, test } from "vitest";
import { type Compared, compareResults } from "../../src/verdict/compare.js";

const result = (
	findings: readonly string[],
	asked: readonly string[],
	unasked: readonly string[] = [],
	kind = "dangerous",
): Compared => ({
	version: 1,
	started: "2026-11-01T00:00:00.000Z",
	causes: findings.map((id) => ({ id: `of-${id}`, sentence: `${id} is bad` })),
	findings: findings.map((id) => ({ id, kind })),
	scenarios: [
		...asked.map((id) => ({ id, outcome: "accepted" })),
		...unasked.map((id) => ({ id, outcome: "skipped" })),
	],
	probes: [],
});

test("what was asked both times is new or gone", () => {
	const compared = compareResults(
		result(["a", "b"], ["a", "b", "c"]),
		result(["b", "c"], ["a", "b", "c"]),
	);
	expect(compared).toEqual({
		causes: { fresh: ["c is bad"], gone: ["a is bad"] },
		findings: { fresh: ["c"], gone: ["a"] },
		unknown: { before: [], after: [] },
	});
});

test("what one run did not ask is neither", () => {
	const { findings, unknown } = compareResults(
		result(["a"], ["a"], ["c"]),
		result(["c"], ["c"], ["a"]),
	);
	expect(findings).toEqual({ fresh: [], gone: [] });
	expect(unknown).toEqual({ before: ["c"], after: ["a"] });
});

test("the honest token is looked at in every run", () => {
	const { findings } = compareResults(
		result(["control:x"], ["a"]),
		result([], ["a"]),
	);
	expect(findings.gone).toEqual(["control:x"]);
});

test("a note is no finding that comes or goes", () => {
	const { findings } = compareResults(
		result([], ["a"]),
		result(["a"], ["a"], [], "note"),
	);
	expect(findings.fresh).toEqual([]);
});

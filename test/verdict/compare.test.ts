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
	causes: findings.map((id) => ({
		id: `of-${id}`,
		sentence: `${id} is bad`,
		findings: [id],
	})),
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

test("what one run did not ask is neither, and neither is its cause", () => {
	const { causes, findings, unknown } = compareResults(
		result(["a"], ["a"], ["c"]),
		result(["c"], ["c"], ["a"]),
	);
	expect(findings).toEqual({ fresh: [], gone: [] });
	expect(causes).toEqual({ fresh: [], gone: [] });
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

test("a cause is gone only where all that showed it was asked again", () => {
	const before = result(["a", "b"], ["a", "b"]);
	const cause = { id: "x", sentence: "x is bad", findings: ["a", "b"] };
	const both = { ...before, causes: [cause] };
	expect(compareResults(both, result([], ["a"], ["b"])).causes.gone).toEqual(
		[],
	);
	expect(compareResults(both, result([], ["a", "b"])).causes.gone).toEqual([
		"x is bad",
	]);
	// The same findings under another name of the mistake: nothing has gone.
	expect(compareResults(both, before).causes).toEqual({ fresh: [], gone: [] });
});

test("settings that let every project in are gone only where another project's job was asked", () => {
	const id = "policy:every-project";
	const stranger = "project/other-project";
	const before = result([id], [stranger, "a"]);
	expect(compareResults(before, result([], ["a"])).findings.gone).toEqual([]);
	expect(compareResults(before, result([], ["a"])).causes.gone).toEqual([]);
	expect(compareResults(before, result([], [stranger])).findings.gone).toEqual([
		id,
	]);
});

test("nothing is gone after a run that asked nothing", () => {
	const compared = compareResults(
		result(["control:x", "a"], ["a"]),
		result([], [], ["a"]),
	);
	expect(compared.findings.gone).toEqual([]);
	expect(compared.causes.gone).toEqual([]);
});

test("what crashes now, and was let in before, is new", () => {
	const { findings } = compareResults(
		result(["a"], ["a"]),
		result(["a"], ["a"], [], "broken"),
	);
	expect(findings).toEqual({ fresh: ["a"], gone: [] });
});

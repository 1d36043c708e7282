// Today's findings as known failures: never a crash, never from a run that proves nothing.
import { expect, test } from "vitest";
import { knownFrom } from "../../src/verdict/known.js";
import { sampleResult } from "../report/sample.js";

const base = sampleResult();
const [sample] = base.findings;
if (!sample) throw new Error("the sample has findings");
const of = (id: string, kind: (typeof sample)["kind"], fails = true) => ({
	...sample,
	...{ id, kind, fails },
});
const result = sampleResult({
	findings: [
		of("a", "dangerous"),
		of("b", "too-strict"),
		of("c", "broken"),
		of("d", "stale"),
		of("e", "note", false),
		of("f", "dangerous", false),
		of("control:now-and-then", "too-strict"),
	],
	causes: [
		{
			...{ id: "x", kind: "dangerous", level: "must", impact: "forgery" },
			...{ fails: true, sentence: "It is wrong.", attack: "", remedy: "" },
			...{ example: "a", findings: ["a"] },
		},
	],
});

test("what fails is known, with its cause, and no worse than it is", () => {
	expect(knownFrom(result, "2026-11-24")).toEqual({
		add: [
			{ id: "a", because: "known since 2026-11-24: It is wrong." },
			{
				id: "b",
				because: `known since 2026-11-24: ${sample.title}`,
				kind: "too-strict",
			},
		],
		drop: ["d"],
		left: ["c", "control:now-and-then"],
	});
});

test("nothing is, where the run proves nothing or could not go on", () => {
	for (const change of [
		{ conclusion: "proves-nothing", reason: "it is down" },
		{ conclusion: "findings", reason: "it is down" },
	] as const) {
		expect(knownFrom({ ...result, ...change }, "2026-11-24")).toContain(
			"it is down",
		);
	}
});

// The sentence that stands for a whole result, and what it tells its reader to do.
import { expect, test } from "vitest";
import { verdictOf } from "../../src/report/verdict.js";
import { STOPPED, unprovenFinding } from "../../src/verdict/control-finding.js";
import type { CheckResult } from "../../src/verdict/result.js";
import { fineResult, sampleResult, voidResult } from "./sample.js";

const failing = (kinds: CheckResult["findings"][number]["kind"][]) => {
	const [finding] = sampleResult().findings;
	if (!finding) throw new Error("The sample has findings.");
	return sampleResult({
		findings: kinds.map((kind, index) => ({
			...finding,
			id: `time/number-${index}`,
			kind,
			fails: true,
		})),
	});
};

test.for([
	["1 cause", ["too-strict"], "refused genuine tokens (1 finding)."],
	[
		"3 causes",
		["too-strict", "dangerous", "dangerous"],
		"accepted tokens that it should refuse (2 findings) and refused genuine tokens (1 finding).",
	],
	[
		"4 causes",
		["stale", "too-strict", "broken", "dangerous"],
		"accepted tokens that it should refuse (1 finding), gave no clear answer (1 finding), refused genuine tokens (1 finding) and passed checks that are listed as known failures (1 finding).",
	],
] as const)("%s for what failed by %j", ([causes, kinds, did]) => {
	expect(verdictOf(failing([...kinds]))).toEqual({
		tone: "bad",
		word: "Failed",
		sentence: `${causes} to fix: the relying party ${did}`,
		advice: [],
	});
});

test("findings that fail nothing are a pass that says so", () => {
	const findings = sampleResult().findings.filter(({ fails }) => !fails);
	for (const conclusion of ["conforms", "findings"] as const) {
		expect(verdictOf({ ...fineResult(), conclusion, findings })).toMatchObject({
			tone: "good",
			sentence:
				"No finding in 5 checks fails the run. 3 findings are reported without failing the run.",
		});
	}
});

test.for([
	[{ sent: 3, accepted: 0 }, /accepted 0 of 3 times.*can be reached/s],
	[{ sent: 0, accepted: 0 }, /was not sent.*can be reached/s],
	[{ sent: 1, accepted: 0 }, /accepted 0 of 1 time\./],
	[
		{ sent: 5, accepted: 3 },
		/accepted 3 of 5 times.*different answers to the same/s,
	],
] as const)("what to do when controls are %j", ([controls, advice]) => {
	const verdict = verdictOf({ ...voidResult(), controls });
	expect(verdict.advice.join("\n")).toMatch(advice);
});

test("a run with no reason given still has a sentence", () => {
	expect(verdictOf({ ...voidResult(), reason: null }).sentence).toBe(
		"The reason is not known.",
	);
});

test("a run that was stopped blames nothing on the relying party", () => {
	const reason = `${STOPPED}: 8 s, the limit of --max-time, are over.`;
	const controls = { sent: 4, accepted: 4 };
	const { advice } = verdictOf({ ...voidResult(), reason, controls });
	expect(advice).toEqual([
		"The honest token was accepted 4 of 4 times. How it answers the tokens that were not sent is not known.",
	]);
	expect(unprovenFinding(reason).remedy).toContain("more time");
	expect(verdictOf(failing(["dangerous", "unproven"])).sentence).toContain(
		"and was not checked to the end",
	);
});

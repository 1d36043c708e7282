// Nothing is proven by a refusal: what refuses every token of a probe, or answers none, passes no probe.
import { describe, expect, test } from "vitest";
import { PROBES } from "../../../src/check/probe/probes.js";
import { correct, probe, shareGitLab, type Verify } from "./probe-run.js";

shareGitLab();

const names = PROBES.map(({ id }) => id.replace("probe/", ""));

/** Lets the controls in, and does `otherwise` with the tokens of probes. */
const onlyControls = (otherwise: () => unknown): Verify => {
	const verify = correct();
	return (token, place) =>
		place.scenario.startsWith("probe/") ? otherwise() : verify(token, place);
};

describe.for(names)("%s", (name) => {
	test("concludes nothing from refusals alone", async () => {
		const { outcome, detail } = await probe(
			name,
			onlyControls(() => false),
		);
		expect(detail).toMatch(/^cannot be seen: /);
		expect(outcome).toBe("reported");
	});

	test("fails what hangs, as that", async () => {
		const { outcome, result } = await probe(
			name,
			onlyControls(() => new Promise(() => undefined)),
			{ limits: { timeout: 0.2, refresh: 0.4 } },
		);
		expect(outcome).toBe("failed");
		expect(result.findings[0]).toMatchObject({ kind: "broken", level: "must" });
	});
});

test("each probe has a name of its own", () => {
	expect(new Set(names).size).toBe(names.length);
});

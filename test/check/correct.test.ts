// Correct relying parties on libraries of others: nothing that the specs forbid gets in, and every finding is explained.
import { describe, expect, test } from "vitest";
import { checkRelyingParty } from "../../src/index.js";
import { BOUND, CORRECT } from "./correct.js";
import { explained } from "./explained.js";

describe.each(CORRECT)("$library", ({ start }) => {
	test("has no finding but those that are explained", {
		timeout: 60_000,
	}, async () => {
		let verify = start();
		const result = await checkRelyingParty({
			verify: (token, place) => verify(token, place),
			restart() {
				verify = start();
			},
			policy: { claims: BOUND },
			skip: ["probe"],
		});
		expect(result.reason).toBeNull();
		expect(result.controls.accepted).toBe(result.controls.sent);
		const forbidden = result.findings.filter(({ level }) => level === "must");
		expect(forbidden).toEqual([]);
		expect(result.findings.filter(({ id }) => !explained(id))).toEqual([]);
		expect(result.conclusion).toBe("conforms");
		// It was asked, and it did say yes and no.
		const outcomes = result.scenarios.map(({ outcome }) => outcome);
		const count = (wanted: string) =>
			outcomes.filter((outcome) => outcome === wanted).length;
		expect(count("accepted")).toBeGreaterThan(30);
		expect(count("rejected")).toBeGreaterThan(200);
	});
});

// The whole check of a relying party on a library of others: what it lets in is listed by name, and nothing else.
import { expect, test } from "vitest";
import { checkRelyingParty } from "../../../src/index.js";
import { BOUND, CORRECT } from "../correct.js";
import { EXPLAINED, SOMETIMES } from "../explained.js";

/** Says so of one library. Each has a file: a check waits most of its time, and files wait side by side. */
export function explains(library: string): void {
	const start = CORRECT.find((one) => one.library === library)?.start;
	if (!start) throw new Error(`no relying party is on ${library}`);

	test("has the findings that are explained, and no other", {
		timeout: 120_000,
	}, async () => {
		let verify = start();
		const result = await checkRelyingParty({
			verify: (token, place) => verify(token, place),
			restart() {
				verify = start();
			},
			policy: { claims: BOUND },
			limits: { timeout: 5 },
			skip: ["probe"],
		});
		expect(result.reason).toBeNull();
		expect(result.controls.accepted).toBe(result.controls.sent);
		const found = result.findings
			.filter(({ kind }) => kind !== "note")
			.map(({ id }) => id)
			.filter((id) => !Object.hasOwn(SOMETIMES, id));
		expect(found.sort()).toEqual(Object.keys(EXPLAINED[library] ?? {}).sort());
		// Nobody gets in without GitLab's key, unless GitLab itself errs.
		const open = result.findings.filter(
			({ id, impact, only_if }) =>
				!id.startsWith("near/missing:") && // iss and aud, which GitLab never leaves out
				(impact === "forgery" || impact === "escalation") &&
				only_if === null,
		);
		expect(open).toEqual([]);
		// It was asked, and it did say yes and no.
		const outcomes = result.scenarios.map(({ outcome }) => outcome);
		const count = (wanted: string) =>
			outcomes.filter((outcome) => outcome === wanted).length;
		expect(count("accepted")).toBeGreaterThan(30);
		expect(count("rejected")).toBeGreaterThan(200);
	});
}

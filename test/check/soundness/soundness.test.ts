// Verdicts that were wrong once, each with the relying party that shows it: a run says no more than it saw.
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkProfile } from "../../../src/harness/check-profile.js";
import {
	type CheckOptions,
	type CheckResult,
	checkRelyingParty,
} from "../../../src/index.js";
import { correctParty } from "../../correct-party.js";

const RP = fileURLToPath(new URL("./rp.mjs", import.meta.url));

/** Checks the program with a fault, as the command does. */
const started = (
	behaviour: object,
	selection: { only?: string[]; skip?: string[] },
): Promise<CheckResult> =>
	checkProfile(
		{
			target: {
				http: {
					url: "http://127.0.0.1:{port}/",
					headers: {
						Authorization: "Bearer {token}",
						"X-Scenario": "{scenario}",
					},
				},
			},
			start: [
				process.execPath,
				"-e",
				`process.env.BEHAVIOUR = ${JSON.stringify(JSON.stringify(behaviour))}; import(${JSON.stringify(RP)})`,
			],
			limits: { timeout: 2, refresh: 3, start: 20 },
		},
		{ version: "test", selection },
	);

/** The correct relying party of test/rp.ts, as a function. */
const correct = () => correctParty({ patience: 300 });

const outcomeOf = (result: CheckResult, id: string) =>
	[...result.scenarios, ...result.probes].find((one) => one.id === id);
const failing = ({ findings }: CheckResult) =>
	findings.filter(({ fails }) => fails).map(({ id }) => id);

describe("an RP that reads discovery at its start", () => {
	test("has failed closed where it does not start during an outage", async () => {
		const result = await started(
			{ boot: true },
			{ only: ["time/expired", "probe/outage", "instance/discovery-500"] },
		);
		expect(result.reason).toBeNull();
		expect(failing(result)).toEqual([]);
		expect(outcomeOf(result, "probe/outage")?.outcome).toBe("passed");
		expect(outcomeOf(result, "instance/discovery-500")).toMatchObject({
			outcome: "rejected",
			passed: true,
		});
		expect(outcomeOf(result, "time/expired")?.outcome).toBe("rejected");
	});

	test("is started while the keys are what the scenario says", async () => {
		const result = await started(
			{ keep: true },
			{ only: ["key/rsa-512-key-in-jwks", "key/unknown-kid"] },
		);
		expect(outcomeOf(result, "key/rsa-512-key-in-jwks")?.outcome).toBe(
			"accepted",
		);
		expect(failing(result)).toEqual(["key/rsa-512-key-in-jwks"]);
	});
});

test("an RP that dies in one probe does not pass the next one by being dead", async () => {
	const result = await started(
		{ exitOn: "probe/replay" },
		{ only: ["time/expired", "probe/replay", "probe/attacker-fetch"] },
	);
	expect(result.conclusion).toBe("findings");
	const died = result.findings.find(({ id }) => id === "control:probe/replay");
	expect(died).toMatchObject({ kind: "broken", fails: true });
	expect(died?.actual).toContain("exit 7");
	expect(died?.actual).toContain("cannot go on after probe/replay");
	expect(outcomeOf(result, "probe/attacker-fetch")?.outcome).toBe("passed");
});

test("an RP that ends at one token is told with its exit code, and asked on", async () => {
	const result = await started(
		{ exitOn: "time/expired" },
		{ only: ["time", "signature"] },
	);
	const died = outcomeOf(result, "time/expired");
	expect(died).toMatchObject({ outcome: "crashed", passed: false });
	expect(died?.detail).toContain("exit 7");
	expect(failing(result)).toEqual(["time/expired"]);
	expect(outcomeOf(result, "signature/zeros")).toMatchObject({ passed: true });
	expect(result.controls.accepted).toBeLessThan(result.controls.sent);
});

test("one that cannot be started anew, and is gone, never conforms", async () => {
	const { verify } = correct();
	let isGone = false;
	const result = await checkRelyingParty({
		limits: { timeout: 0.3, refresh: 0.2 },
		only: ["algorithm", "signature", "time"],
		verify(token, place) {
			isGone ||= place.scenario === "signature/zeros";
			return isGone ? new Promise(() => undefined) : verify(token, place);
		},
	});
	expect(result.conclusion).toBe("findings");
	expect(result.reason).toContain("signature/zeros");
	expect(failing(result)).toContain("control");
	expect(failing(result)).toContain("signature/zeros");
	const shown = result.scenarios.filter(({ passed }) => passed);
	expect(shown.every(({ id }) => id.startsWith("algorithm/"))).toBe(true);
});

test("refusals between two controls prove nothing where the second is refused", async () => {
	const { verify } = correct();
	let asked = 0;
	const result = await checkRelyingParty({
		limits: { timeout: 1, refresh: 0.2 },
		only: ["time"],
		concurrency: 1,
		verify(token, place) {
			asked += 1;
			if (asked > 6) throw new Error("too many requests");
			return verify(token, place);
		},
	});
	expect(result.conclusion).toBe("proves-nothing");
	expect(failing(result)).toEqual(["control"]);
	expect(result.scenarios.filter(({ passed }) => passed)).toEqual([]);
	expect(outcomeOf(result, "time/expired")?.outcome).toBe("not-reached");
});

test("what the user's policy demands counts, where a spec only recommends", async () => {
	const only = ["claims/jti-missing", "claims/sub-missing"];
	const lenient = (): CheckOptions => {
		const { verify, restart } = correct();
		return {
			only: [...only, "time/expired"],
			restart,
			verify: (token, place) =>
				only.includes(place.scenario) ? true : verify(token, place),
		};
	};
	const plain = await checkRelyingParty(lenient());
	expect(failing(plain)).toEqual([]);
	const demanding = await checkRelyingParty({
		...lenient(),
		policy: { required: ["sub", "jti"] },
	});
	expect(failing(demanding).sort()).toEqual(only);
	const [finding] = demanding.findings;
	expect(finding).toMatchObject({ level: "must", rule: "policy" });
});

describe("an instance that misbehaves", () => {
	test("and that the RP never looked at is not passed", async () => {
		const { verify } = correct();
		const result = await checkRelyingParty({
			verify,
			// It says that it forgets, and does not.
			restart() {},
			limits: { refresh: 1 },
			only: ["instance", "key/rsa-512-key-in-jwks", "time/expired"],
		});
		const unseen = result.scenarios.filter(({ detail }) =>
			/not tested: the RP did not fetch/.test(detail),
		);
		expect(unseen.length).toBeGreaterThan(20);
		for (const { outcome, passed } of unseen) {
			expect(outcome).toBe("not-applicable");
			expect(passed).toBe(false);
		}
		expect(outcomeOf(result, "time/expired")).toMatchObject({ passed: true });
	});

	test("is looked at by one that forgets", async () => {
		const result = await checkRelyingParty({
			...correct(),
			only: ["instance/jwks-500", "instance/jwks-500-foreign-token"],
		});
		expect(result.scenarios.filter(({ passed }) => passed)).toHaveLength(2);
	});
});

test("what waits only as long as a slow issuer makes it wait does not hang", async () => {
	const patient = (delay: number): CheckOptions => {
		const { verify, restart } = correct();
		return {
			restart,
			limits: { timeout: 0.5, refresh: 1 },
			only: ["ours"],
			scenarios: [SLOW],
			async verify(token, place) {
				if (place.scenario === "ours/slow-keys")
					await new Promise((resolve) => setTimeout(resolve, delay));
				return verify(token, place);
			},
		};
	};
	const waits = await checkRelyingParty(patient(300));
	expect(failing(waits)).toEqual([]);
	expect(outcomeOf(waits, "ours/slow-keys")).toMatchObject({ passed: true });
	const hangs = await checkRelyingParty(patient(5000));
	expect(outcomeOf(hangs, "ours/slow-keys")?.outcome).toBe("hung");
	expect(failing(hangs)).toEqual(["ours/slow-keys"]);
});

const SLOW = fileURLToPath(new URL("./scenarios", import.meta.url));

test("a hang fails the run, whatever the level of the token", async () => {
	const { verify, restart } = correct();
	const id = "header/typ-other"; // may
	let hangs = false;
	const result = await checkRelyingParty({
		restart() {
			hangs = false;
			restart?.();
		},
		limits: { timeout: 0.3 },
		only: ["header"],
		verify(token, place) {
			hangs = place.scenario === id;
			return hangs ? new Promise(() => undefined) : verify(token, place);
		},
	});
	expect(outcomeOf(result, id)).toMatchObject({
		outcome: "hung",
		level: "may",
	});
	expect(failing(result)).toEqual([id]);
	expect(result.conclusion).toBe("findings");
});

test("a refusal at the second try leaves a trace", async () => {
	const { verify, restart } = correct();
	const seen = new Set<string>();
	const result = await checkRelyingParty({
		restart,
		limits: { timeout: 0.3 },
		only: ["time"],
		async verify(token, place) {
			const { scenario } = place;
			const isFirst = scenario.startsWith("time/") && !seen.has(scenario);
			seen.add(scenario);
			return isFirst ? new Promise(() => undefined) : verify(token, place);
		},
	});
	const retried = result.scenarios.filter(({ earlier }) => earlier.length > 0);
	expect(retried.length).toBeGreaterThan(3);
	expect(retried[0]?.earlier[0]).toBe("hung: no answer within 0.3 s");
	expect(result.notes.join("\n")).toContain("when sent again alone");
});

test("an RP that refuses everything has a finding that fails", async () => {
	const result = await checkRelyingParty({ verify: () => false });
	expect(result.conclusion).toBe("proves-nothing");
	expect(failing(result)).toEqual(["control"]);
	expect(result.scenarios.filter(({ passed }) => passed)).toEqual([]);
});

test("a selection does not say that it conforms, and what was left out is told", async () => {
	const quick = await checkRelyingParty({ ...correct(), quick: true });
	expect(quick.conclusion).toBe("no-findings");
	const left = [...quick.scenarios, ...quick.probes].filter(
		({ outcome }) => outcome === "skipped",
	);
	expect(left.map(({ id }) => id)).toContain("probe/rotation");
	expect(left.map(({ id }) => id)).toContain("instance/jwks-timeout");
});

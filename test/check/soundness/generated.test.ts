// The check against relying parties whose behaviour is generated: what the result says is what really happened.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CheckResult, checkRelyingParty } from "../../../src/index.js";
import { wasAsked } from "../../../src/verdict/result.js";
import { type Check, relyingParty } from "../../rp.js";

const ONLY = [
	"time",
	"signature",
	"audience",
	"instance/jwks-500",
	"probe/replay",
	"probe/same-jti",
];
const IDS = [
	"time/expired",
	"time/not-yet-valid",
	"signature/zeros",
	"signature/flipped-bit",
	"audience/other-service",
	"audience/prefix",
	"instance/jwks-500",
	"valid/baseline",
	"probe/replay",
];

interface Behaviour {
	omit: Check | undefined;
	/** ids that it lets in whatever they are */
	letsIn: string[];
	/** ids after which it answers nothing until it is started anew */
	dies: string[];
	/** ids that it never answers */
	hangs: string[];
	/** answers after which it refuses all */
	tires: number | undefined;
	/** whether it can be started anew, and whether that takes its troubles away */
	restart: "none" | "works" | "fails";
	/** whether its start needs the issuer's keys */
	boots: boolean;
	concurrency: number;
}

const WELL: Behaviour = {
	omit: undefined,
	letsIn: [],
	dies: [],
	hangs: [],
	tires: undefined,
	restart: "works",
	boots: false,
	concurrency: 4,
};

const behaviours: fc.Arbitrary<Behaviour> = fc.record({
	omit: fc.constantFrom(undefined, "signature", "expiry", "audience"),
	letsIn: fc.subarray(IDS, { maxLength: 2 }),
	dies: fc.subarray(IDS, { maxLength: 2 }),
	hangs: fc.subarray(IDS, { maxLength: 1 }),
	tires: fc.option(fc.integer({ min: 1, max: 90 }), {
		nil: undefined,
		freq: 3,
	}),
	restart: fc.constantFrom("none", "works", "works", "fails"),
	boots: fc.boolean(),
	concurrency: fc.integer({ min: 1, max: 20 }),
});

interface Event {
	scenario: string;
	did: "accepted" | "rejected" | "nothing";
}

/** Seconds for an answer: few where some are never given, and as many as it takes where all are. */
const timeoutFor = ({ dies, hangs }: Behaviour) =>
	dies.length + hangs.length > 0 ? 0.1 : 5;

/** Runs a check of it, and keeps what it really did, and whether it always did so in time. */
async function observe(behaviour: Behaviour, only = ONLY) {
	const log: Event[] = [];
	let isInTime = true;
	const timeout = timeoutFor(behaviour);
	let judge: ReturnType<typeof relyingParty> | undefined;
	let isDead = false;
	let answers = 0;
	const never = () => new Promise<never>(() => undefined);
	const result = await checkRelyingParty({
		only,
		concurrency: behaviour.concurrency,
		limits: { timeout, refresh: 0.2, start: 0.3 },
		...(behaviour.restart !== "none" && {
			async restart() {
				if (behaviour.restart === "fails") throw new Error("it stays away");
				isDead = false;
				answers = 0;
				judge = undefined;
			},
		}),
		async verify(token, { issuer, audience, scenario }) {
			const begun = performance.now();
			const note = (did: Event["did"]) => {
				log.push({ scenario, did });
				isInTime &&= performance.now() - begun < 600 * timeout;
			};
			isDead ||= behaviour.dies.includes(scenario);
			if (isDead || behaviour.hangs.includes(scenario)) {
				note("nothing");
				return never();
			}
			answers += 1;
			if (behaviour.tires !== undefined && answers > behaviour.tires) {
				note("rejected");
				return false;
			}
			if (behaviour.letsIn.includes(scenario)) {
				note("accepted");
				return true;
			}
			judge ??= relyingParty({
				issuer,
				audience,
				now: () => Date.now() / 1000,
				patience: 40,
				omit: behaviour.omit,
			});
			const fault = await judge(token);
			note(fault === undefined ? "accepted" : "rejected");
			return fault === undefined;
		},
	});
	return { result, log, isInTime };
}

const shouldBeRefused = ({ expected }: { expected: string | null }) =>
	expected === "rejected";

/** What must be true of any result, given what happened. */
function holds(result: CheckResult, log: readonly Event[]): void {
	const eventsOf = (id: string) =>
		log.filter(({ scenario }) => scenario === id).map(({ did }) => did);
	const findings = new Set(result.findings.map(({ id }) => id));

	for (const scenario of result.scenarios) {
		const { id, outcome, passed } = scenario;
		const events = eventsOf(id);
		// Nothing that was not asked is called passed, or anything but that.
		if (events.length === 0) {
			expect([id, wasAsked(outcome), passed]).toEqual([id, false, false]);
			continue;
		}
		// No hole that was asked and let in is missing.
		if (events.at(-1) === "accepted" && shouldBeRefused(scenario)) {
			expect([id, outcome]).toEqual([id, "accepted"]);
			expect(findings).toContain(id);
		}
		if (outcome === "accepted" || outcome === "rejected")
			expect(events).toContain(outcome);
		if (passed) expect(outcome).not.toMatch(/hung|crashed/);
		// A refusal counts where the honest token was let in before and after it.
		if (passed && outcome === "rejected") {
			const at = log.findLastIndex((one) => one.scenario === id);
			const isHonest = (event: Event) =>
				event.scenario === "valid/baseline" && event.did === "accepted";
			expect([id, log.slice(0, at).some(isHonest)]).toEqual([id, true]);
			const behind = log
				.slice(at)
				.find(
					({ scenario, did }) =>
						scenario === "valid/baseline" || did === "nothing",
				);
			expect([id, behind?.did ?? "none"]).toEqual([
				id,
				expect.stringMatching(/accepted|nothing/),
			]);
		}
	}

	// The control's state is always told.
	const controls = eventsOf("valid/baseline");
	const isWell = controls.at(-1) === "accepted";
	if (result.reason === null) expect(isWell).toBe(true);
	else {
		expect(result.conclusion).not.toMatch(/conforms|no-findings/);
		expect(findings).toContain("control");
	}
	if (result.conclusion === "no-findings") {
		expect(result.controls.accepted).toBe(result.controls.sent);
		expect(controls).not.toContain("nothing");
	}
	expect(result.conclusion).not.toBe("conforms"); // it is a selection
	expect(
		result.conclusion === "proves-nothing" || findings.has("control"),
	).toBe(result.reason !== null);
}

describe("of a relying party that does anything at any point", () => {
	test("the result says what happened, and no more", async () => {
		await fc.assert(
			fc.asyncProperty(behaviours, async (behaviour) => {
				const { result, log, isInTime } = await observe(behaviour);
				// On a machine that is busy with other things an answer may come as late as none.
				fc.pre(isInTime);
				holds(result, log);
			}),
			{ numRuns: 40, endOnFailure: true },
		);
	}, 120_000);

	test.for(Array.from({ length: 12 }, (_, index) => index + 1))(
		"one that tires after %i answers is told, whichever control that meets",
		async (tires) => {
			const only = ["time/expired", "probe/replay"];
			const { result, log } = await observe({ ...WELL, tires }, only);
			holds(result, log);
			const refused = log.some(
				({ scenario, did }) =>
					scenario === "valid/baseline" && did === "rejected",
			);
			const told = result.findings.some(
				({ id, fails }) => fails && id.startsWith("control"),
			);
			expect(told || result.reason !== null).toBe(refused);
		},
	);

	test("one that does nothing of it has no findings", async () => {
		const { result, log } = await observe(WELL);
		holds(result, log);
		expect(result.findings.filter(({ fails }) => fails)).toEqual([]);
		expect(result.conclusion).toBe("no-findings");
		expect(
			result.scenarios.filter(({ passed }) => passed).length,
		).toBeGreaterThan(40);
	});
});

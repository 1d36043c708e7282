// The clocks: standing still, shifted, moved; and durations as they are written.
import { describe, expect, test } from "vitest";
import {
	frozenClock,
	movableClock,
	parseDuration,
	shiftedClock,
	systemClock,
} from "../src/clock.js";
import { refusal } from "./refusal.js";

const NOW = 1_800_000_000.5;

test("the system's clock is the machine's, in seconds", () => {
	const before = Date.now() / 1000;
	const now = systemClock.now();
	expect(now).toBeGreaterThanOrEqual(before);
	expect(now).toBeLessThanOrEqual(Date.now() / 1000);
});

test("a frozen clock stands still; a shifted one keeps its distance", () => {
	const frozen = frozenClock(NOW);
	expect([frozen.now(), frozen.now()]).toEqual([NOW, NOW]);
	expect(shiftedClock(frozen, -60).now()).toBe(NOW - 60);
	expect(shiftedClock(shiftedClock(frozen, -60), 90).now()).toBe(NOW + 30);
});

describe("a duration", () => {
	test.for([
		["90s", 90],
		["-1h", -3600],
		["+5m", 300],
		["1h30m", 5400],
		["-1h30m", -5400],
		["1d", 86_400],
		["1y", 31_557_600],
		["0s", 0],
		["1m1m", 120],
	] as const)("%s is %i s", ([text, seconds]) => {
		expect(parseDuration(text)).toBe(seconds);
	});

	test.for([
		"",
		"1",
		"h",
		"1w",
		"1 h",
		"1.5.5h",
		"--1h",
		"1h-30m",
		"1H",
		"1h\n",
	])("%j is none", (text) => {
		expect(refusal(() => parseDuration(text))).toEqual({
			code: "invalid_request",
			message: `"${text}" is no duration: expected such as 90s, -1h or 1h30m`,
		});
	});

	test("that is none is not repeated at length", () => {
		expect(refusal(() => parseDuration("x".repeat(99)))).toMatchObject({
			message: expect.stringMatching(/^"x{40}" is no duration/),
		});
	});
});

describe("a movable clock", () => {
	/** One over a clock that the test moves. */
	function clocks() {
		const beneath = { time: NOW, now: () => beneath.time };
		return { beneath, clock: movableClock(beneath) };
	}

	test("follows the one beneath until it is moved", () => {
		const { beneath, clock } = clocks();
		expect(clock.moved).toBe(false);
		beneath.time += 10;
		expect(clock.state()).toEqual({
			now: NOW + 10,
			iso: "2027-01-15T08:00:10.500Z",
			frozen: false,
			offset: 0,
		});
	});

	test("stands still when it is frozen, here or elsewhere", () => {
		const { beneath, clock } = clocks();
		clock.freeze();
		beneath.time += 10;
		expect(clock.now()).toBe(NOW);
		clock.freeze(60);
		expect(clock.moved).toBe(true);
		expect(clock.state()).toEqual({
			now: 60,
			iso: "1970-01-01T00:01:00.000Z",
			frozen: true,
			offset: 0,
		});
	});

	test("runs on when it is shifted", () => {
		const { beneath, clock } = clocks();
		clock.freeze(0);
		clock.shift(-60);
		beneath.time += 10;
		expect(clock.state()).toMatchObject({
			now: NOW - 50,
			frozen: false,
			offset: -60,
		});
		expect(clock.moved).toBe(true);
	});

	test("frozen after it was shifted, stands where that had brought it", () => {
		const { clock } = clocks();
		clock.shift(60);
		clock.freeze();
		expect(clock.state()).toMatchObject({ now: NOW + 60, offset: 0 });
	});

	test("is advanced from where it is, frozen or not", () => {
		const { beneath, clock } = clocks();
		clock.advance(5);
		clock.advance(5);
		beneath.time += 1;
		expect(clock.now()).toBe(NOW + 11);
		clock.freeze(100);
		clock.advance(-40);
		beneath.time += 1;
		expect(clock.now()).toBe(60);
	});

	test.for(["freeze", "shift"] as const)("is reset after %s", (move) => {
		const { clock } = clocks();
		clock[move](60);
		clock.reset();
		expect([clock.now(), clock.moved]).toEqual([NOW, false]);
	});

	const LAST = 253_402_300_799;
	test.for<[string, (clock: ReturnType<typeof movableClock>) => void]>([
		["frozen before 1970", (clock) => clock.freeze(-1)],
		["frozen after 9999", (clock) => clock.freeze(LAST + 1)],
		["frozen at no number", (clock) => clock.freeze(Number.NaN)],
		["shifted before 1970", (clock) => clock.shift(-NOW - 1)],
		["shifted after 9999", (clock) => clock.shift(LAST)],
		["advanced out of time", (clock) => clock.advance(Infinity)],
	])("is not %s, and stays as it was", ([, move]) => {
		const { clock } = clocks();
		clock.freeze(7);
		expect(refusal(() => move(clock))).toEqual({
			code: "invalid_request",
			message: "the clock only goes from 1970 to 9999",
		});
		expect(clock.now()).toBe(7);
	});

	test.for([0, LAST])("is frozen at the limit, %i", (seconds) => {
		const { clock } = clocks();
		clock.freeze(seconds);
		expect(clock.now()).toBe(seconds);
	});
});

// Where the time comes from: the system, a fixed instant, or a clock that is moved from outside.
import { MockError } from "./errors.js";

/** A source of time. `now()` is in seconds since the epoch, with a fraction. */
export interface Clock {
	now(): number;
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => Date.now() / 1000 };

/** A clock that stands still at `seconds` since the epoch. */
export const frozenClock = (seconds: number): Clock => ({ now: () => seconds });

/** `clock`, moved by `offset` seconds (negative: into the past). */
export const shiftedClock = (clock: Clock, offset: number): Clock => ({
	now: () => clock.now() + offset,
});

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_557_600 } as const;

/** A duration in text, such as `90s`, `-1h` or `1h30m`; units s, m, h, d, y. */
export const DURATION = /^([+-]?)((?:\d{1,9}(?:\.\d{1,3})?[smhdy])+)$/;

/**
 * Reads a duration, in seconds.
 * @throws MockError `invalid_request`
 */
export function parseDuration(text: string): number {
	const match = DURATION.exec(text);
	if (!match) {
		throw new MockError(
			"invalid_request",
			`"${text.slice(0, 40)}" is no duration: expected such as 90s, -1h or 1h30m`,
		);
	}
	let seconds = 0;
	for (const [, amount, unit] of (match[2] ?? "").matchAll(
		/([\d.]+)([a-z])/g,
	)) {
		seconds += Number(amount) * SECONDS[unit as keyof typeof SECONDS];
	}
	return match[1] === "-" ? -seconds : seconds;
}

/** How a clock stands to the one that it came from. */
export interface ClockState {
	/** seconds since the epoch */
	now: number;
	/** the same, as ISO 8601 */
	iso: string;
	/** whether it stands still */
	frozen: boolean;
	/** seconds that it is ahead of the clock beneath; 0 where it stands still */
	offset: number;
}

/** A clock that can be moved. */
export interface MovableClock extends Clock {
	/** Stands still at `seconds` since the epoch. */
	freeze(seconds?: number): void;
	/** Runs, `seconds` ahead of the clock beneath. */
	shift(seconds: number): void;
	/** Moves on by `seconds`, frozen or not. */
	advance(seconds: number): void;
	/** Is the clock beneath again. */
	reset(): void;
	state(): ClockState;
	/** whether it was moved at all */
	readonly moved: boolean;
}

const LATEST = 253_402_300_799; // the last second of the year 9999

/** A clock that follows `beneath` until it is moved. */
export function movableClock(beneath: Clock): MovableClock {
	let frozen: number | undefined;
	let offset = 0;
	const now = () => frozen ?? beneath.now() + offset;
	const checked = (seconds: number) => {
		if (!(seconds >= 0 && seconds <= LATEST)) {
			throw new MockError(
				"invalid_request",
				"the clock only goes from 1970 to 9999",
			);
		}
	};
	const clock: MovableClock = {
		now,
		get moved() {
			return frozen !== undefined || offset !== 0;
		},
		freeze(seconds = now()) {
			checked(seconds);
			frozen = seconds;
			offset = 0;
		},
		shift(seconds) {
			checked(beneath.now() + seconds);
			frozen = undefined;
			offset = seconds;
		},
		advance(seconds) {
			if (frozen !== undefined) clock.freeze(frozen + seconds);
			else clock.shift(offset + seconds);
		},
		reset() {
			frozen = undefined;
			offset = 0;
		},
		state: () => ({
			now: now(),
			iso: new Date(now() * 1000).toISOString(),
			frozen: frozen !== undefined,
			offset,
		}),
	};
	return clock;
}

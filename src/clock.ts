// Where the time comes from: the system, a fixed instant, or another clock shifted.

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

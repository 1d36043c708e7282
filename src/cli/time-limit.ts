// A time after which a command stops by itself, before the job's own limit ends it without a word.
import { MockError } from "../errors.js";

/** Ends a command, or does not. */
interface TimeLimit {
	readonly signal: AbortSignal;
	/** It does nothing from here on. */
	release(): void;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const LONGEST = 86_400; // a timer's own limit is not far above

/**
 * Seconds of a time such as 90s, 10m or 1h.
 * @throws MockError `invalid_option`
 */
export function secondsIn(option: string, text: string): number {
	const [, number, unit = ""] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
	const seconds = Number(number) * (SECONDS[unit] ?? 0);
	if (seconds > 0 && seconds <= LONGEST) return seconds;
	throw new MockError(
		"invalid_option",
		`${option}: expected a time such as 90s, 10m or 1h, at most a day`,
	);
}

/**
 * The signal, or that the time is up.
 * @param seconds undefined: no limit
 */
export function timeLimit(
	signal: AbortSignal,
	seconds: number | undefined,
): TimeLimit {
	if (seconds === undefined) return { signal, release() {} };
	const limit = new AbortController();
	const timer = setTimeout(
		() => limit.abort(`${seconds} s, the limit of --max-time, are over`),
		1000 * seconds,
	);
	return {
		signal: AbortSignal.any([signal, limit.signal]),
		release: () => clearTimeout(timer),
	};
}

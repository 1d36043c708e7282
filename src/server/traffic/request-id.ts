// Which id a request has: GitLab's own form (a ULID), or the one that a trusted proxy gave it.
import { randomFillSync } from "node:crypto";

/** The header of every answer, as GitLab has it. */
export const REQUEST_ID = "X-Request-Id";

// What Rails leaves in such an id. A JWT has dots, and so is none.
const WELL_FORMED = /^[\w@-]{1,255}$/;

/**
 * The id of a request. GitLab makes one unless its setting `propagate_correlation_id` says to take the client's.
 * @param given the client's header
 * @param trusted whether it comes from a proxy that is believed
 */
export const requestId = (
	given: string | string[] | undefined,
	trusted: boolean,
): string =>
	trusted && typeof given === "string" && WELL_FORMED.test(given)
		? given
		: newRequestId();

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16; // five bits of a byte each

const pool = new Uint8Array(256 * RANDOM_DIGITS);
let used = pool.length;
let lastTime = -1;
let timeText = "";

/** A ULID: the time in milliseconds, then 80 random bits. */
export function newRequestId(now = Date.now()): string {
	if (now !== lastTime) {
		lastTime = now;
		timeText = inBase32(now);
	}
	if (used === pool.length) {
		randomFillSync(pool); // for many ids at once: a call takes longer than all the rest
		used = 0;
	}
	let id = timeText;
	for (const end = used + RANDOM_DIGITS; used < end; used++)
		id += DIGITS[(pool[used] ?? 0) & 31];
	return id;
}

function inBase32(time: number): string {
	let text = "";
	let rest = time;
	for (let digit = 0; digit < TIME_DIGITS; digit++) {
		text = DIGITS[rest % 32] + text;
		rest = Math.floor(rest / 32);
	}
	return text;
}

// Finds by search how long after exp, and before nbf and iat, a relying party accepts a token, to the second.
import {
	type LeewayFound,
	NO_LIMIT,
	type ProbeContext,
	said,
	type TimeClaim,
} from "./probe.js";

const FARTHEST = 86_400; // seconds that are searched
const RIGHT = -30; // seconds on the right side
const LIFETIME = 60; // seconds; some refuse what was issued long ago, whatever its exp says
const LATER = 600; // seconds from a late nbf or iat to exp

/** How a claim is set so that it is `seconds` on the wrong side. */
const WRONG: Record<TimeClaim, (seconds: number) => Record<string, string>> = {
	exp: (seconds) => ({
		iat: at(-seconds - LIFETIME),
		nbf: at(-seconds - LIFETIME),
		exp: at(-seconds),
	}),
	nbf: (seconds) => ({ nbf: at(seconds), exp: at(seconds + LATER) }),
	iat: (seconds) => ({ iat: at(seconds), exp: at(seconds + LATER) }),
};

/** The claims of a token that expires in so many seconds, or has expired. */
export const expiringIn = (seconds: number): Record<string, string> =>
	WRONG.exp(-seconds);

const at = (seconds: number): string =>
	seconds < 0 ? `now-${-seconds}s` : `now+${seconds}s`;

/** The most seconds that are accepted. */
export async function searchLeeway(
	claim: TimeClaim,
	{ show }: Pick<ProbeContext, "show">,
): Promise<LeewayFound> {
	let fault: string | undefined;
	const accepts = async (seconds: number) => {
		if (fault !== undefined) return false; // more of them would say no more
		const claims = WRONG[claim](seconds);
		const answer = await show(undefined, { token: { claims } });
		if (answer.outcome !== "accepted" && answer.outcome !== "rejected")
			fault = `with ${claim} ${seconds} s on the wrong side a token was ${said(answer)}`;
		return answer.outcome === "accepted";
	};
	const right = await show(undefined, {
		token: { claims: WRONG[claim](RIGHT) },
	});
	if (right.outcome !== "accepted")
		return {
			unseen: `with ${claim} ${-RIGHT} s on the right side a token was ${said(right)}`,
		};
	let found: LeewayFound = 0;
	if (await accepts(1)) {
		found = (await accepts(FARTHEST)) ? NO_LIMIT : await between(accepts);
	}
	return fault === undefined ? found : { unseen: fault };
}

async function between(
	accepts: (seconds: number) => Promise<boolean>,
): Promise<number> {
	let [good, bad] = [1, FARTHEST];
	while (bad - good > 1) {
		const middle = Math.floor((good + bad) / 2);
		if (await accepts(middle)) good = middle;
		else bad = middle;
	}
	return good;
}

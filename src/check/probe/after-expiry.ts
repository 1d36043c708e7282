// Probe of a verdict that is kept beyond the token's end: the same token before and after exp and the leeway.
import { setTimeout as sleep } from "node:timers/promises";
import { expiringIn } from "./leeway-search.js";
import { type Probe, type ProbeContext, said, unseen } from "./probe.js";

const REST = 2; // seconds that the first token is still accepted
const OVER = 4; // seconds after which it must be at its end, since the leeway is known to the second
const PAUSE = 250; // ms
const LONGEST = 12; // seconds: a verdict that is kept for some seconds is seen to end

export const afterExpiry: Probe = {
	id: "probe/after-expiry",
	title: "refuses a token that it accepted before, once exp has passed",
	level: "must",
	kind: "dangerous",
	impact: "replay",
	gain: "Who has used a token once goes on using it, long after the job has ended.",
	spec: ["RFC 7519 §4.1.4"],
	waits: true,
	needs: [],
	async run(context) {
		const { mint, present } = context;
		const leeway = await context.leeway("exp");
		if (typeof leeway === "object") return unseen(leeway.unseen);
		if (typeof leeway === "string")
			return unseen("it accepts tokens a day after their exp at least");
		const measured = { leeway };
		const claims = expiringIn(REST - leeway);
		const { token, claims: made } = await mint(undefined, {
			token: { claims },
		});
		const first = await present(token);
		if (first.outcome !== "accepted")
			return unseen(`a token with ${REST} s left was ${said(first)}`, measured);
		if (!(await hasEnded(context, made)))
			return unseen(
				"a token that was not sent before is still accepted after its exp and the leeway",
				measured,
			);
		const again = await present(token);
		const after = again.outcome;
		if (after === "rejected")
			return {
				outcome: "passed",
				detail:
					"a token that was accepted before was refused once its exp and the leeway had passed",
				measured: { ...measured, after },
			};
		if (after !== "accepted")
			return unseen(`after its exp the token was ${said(again)}`, measured);
		const kept = await keptFor(token, context);
		return {
			outcome: "failed",
			// RFC 7519 §4.1.4 lets an implementer allow for some time, though for the clocks.
			...(kept !== undefined && { level: "should" as const }),
			detail: `a token that was accepted before was still accepted ${kept === undefined ? `${LONGEST} s after its exp and the leeway had passed, and may be so for ever` : `for ${kept} s after its exp and the leeway had passed`}; a token that was not sent before was refused: it caches its verdict`,
			measured: { ...measured, after, kept: kept ?? null },
		};
	},
};

/** For how many seconds more a token is accepted; undefined: longer than is waited for. */
async function keptFor(
	token: string,
	{ present }: ProbeContext,
): Promise<number | undefined> {
	const begun = performance.now();
	const elapsed = () => (performance.now() - begun) / 1000;
	while (elapsed() < LONGEST) {
		await sleep(PAUSE);
		const { outcome } = await present(token);
		if (outcome !== "accepted") return Number(elapsed().toFixed(1));
	}
	return undefined;
}

/** Waits until tokens with these times that were never shown are refused. */
async function hasEnded(
	{ show }: ProbeContext,
	{ exp, nbf, iat }: Readonly<Record<string, unknown>>,
): Promise<boolean> {
	const claims = { exp: Number(exp), nbf: Number(nbf), iat: Number(iat) };
	const begun = performance.now();
	while (performance.now() - begun < 1000 * OVER) {
		await sleep(PAUSE);
		const { outcome } = await show(undefined, { token: { claims } });
		if (outcome !== "accepted") return outcome === "rejected";
	}
	return false;
}

// Probe of the leeway for exp, nbf and iat, measured to the second by search.
import { leewayOf } from "../../verdict/policy/judge.js";
import {
	type LeewayFound,
	NO_LIMIT,
	type Probe,
	type TimeClaim,
	unseen,
} from "./probe.js";

const MOST = 300; // seconds: five minutes, which RFC 7519 calls "no more than a few"

const CLAIMS = ["exp", "nbf", "iat"] as const;

export const leeway: Probe = {
	id: "probe/leeway",
	title: "allows for clocks that differ by no more than a few minutes",
	level: "should",
	kind: "dangerous",
	impact: "replay",
	gain: "Tokens are good for longer than their issuer says.",
	spec: ["RFC 7519 §4.1.4", "RFC 7519 §4.1.5"],
	waits: false,
	needs: [],
	async run(context) {
		const found: Record<TimeClaim, LeewayFound> = {
			exp: await context.leeway("exp"),
			nbf: await context.leeway("nbf"),
			iat: await context.leeway("iat"),
		};
		const { leeway: asked } = context.policy;
		const wanted = leewayOf(context.policy);
		const isTooLong = [found.exp, found.nbf].some((one) => isAbove(one, MOST));
		const isOther = CLAIMS.some((claim) => {
			// No step of a recipient's reads iat: one number for all of them is not about it.
			const isAsked =
				typeof asked === "number"
					? claim !== "iat"
					: asked?.[claim] !== undefined;
			return isAsked && isAbove(found[claim], wanted[claim] + 1);
		});
		const measured = Object.fromEntries(
			CLAIMS.map((claim) => [claim, shown(found[claim])]),
		);
		const hidden = CLAIMS.flatMap((claim) => {
			const one = found[claim];
			return typeof one === "object" ? [one.unseen] : [];
		});
		const isWrong = isTooLong || isOther;
		if (hidden.length > 0 && !isWrong)
			return unseen(hidden.join("; "), measured);
		const { exp, nbf, iat } = found;
		return {
			outcome: isWrong ? "failed" : "passed",
			...(isOther && { level: "must" as const }), // the policy says so
			detail: `it accepts a token ${words(exp)} after exp, ${words(nbf)} before nbf and ${words(iat)} before iat${isOther ? `; the policy says ${wanted.exp}, ${wanted.nbf} and ${wanted.iat} s` : ""}`,
			measured,
		};
	},
};

const isAbove = (found: LeewayFound, most: number): boolean =>
	found === NO_LIMIT || (typeof found === "number" && found > most);

const shown = (found: LeewayFound): number | string | null =>
	typeof found === "object" ? null : found;

const words = (found: LeewayFound): string => {
	if (typeof found === "number") return `up to ${found} s`;
	return found === NO_LIMIT
		? "without a limit, or a day at least,"
		: "for a time that cannot be seen";
};

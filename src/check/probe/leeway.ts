// Probe of the leeway for exp, nbf and iat, measured to the second by search.
import { leewayOf } from "../../verdict/policy/judge.js";
import type { Probe, ProbeContext } from "./probe.js";

const MOST = 300; // seconds: five minutes, which RFC 7519 calls "no more than a few"
const FARTHEST = 86_400; // seconds that are searched

type Claim = "exp" | "nbf" | "iat";

/** How a claim is set so that it is `seconds` on the wrong side. */
const WRONG: Record<Claim, (seconds: number) => Record<string, string>> = {
	exp: (seconds) => ({
		iat: `now-1h-${seconds}s`,
		nbf: `now-1h-${seconds}s`,
		exp: `now-${seconds}s`,
	}),
	nbf: (seconds) => ({
		nbf: `now+${seconds}s`,
		exp: `now+${seconds}s+10m`,
	}),
	iat: (seconds) => ({
		iat: `now+${seconds}s`,
		exp: `now+${seconds}s+10m`,
	}),
};

export const leeway: Probe = {
	id: "probe/leeway",
	title: "allows for clocks that differ by no more than a few minutes",
	level: "should",
	impact: "replay",
	kind: "dangerous",
	gain: "Tokens are good for longer than their issuer says.",
	spec: ["RFC 7519 §4.1.4", "RFC 7519 §4.1.5"],
	waits: false,
	async run(context) {
		const measured: Record<string, number | string> = {};
		for (const claim of ["exp", "nbf", "iat"] as const) {
			measured[claim] = (await measure(claim, context)) ?? NO_LIMIT;
		}
		const { exp, nbf, iat } = measured;
		const { leeway: asked } = context.policy;
		const wanted = leewayOf(context.policy);
		const isTooLong = [exp, nbf].some((found) => secondsOf(found) > MOST);
		const isOther = (["exp", "nbf", "iat"] as const).some((claim) => {
			const isAsked = typeof asked === "number" || asked?.[claim] !== undefined;
			return isAsked && secondsOf(measured[claim]) > wanted[claim] + 1;
		});
		const detail = `it accepts a token ${words(exp)} after exp, ${words(nbf)} before nbf and ${words(iat)} before iat${isOther ? `; the policy says ${wanted.exp}, ${wanted.nbf} and ${wanted.iat} s` : ""}`;
		return {
			outcome: isTooLong || isOther ? "failed" : "passed",
			...(isOther && { level: "must" as const }), // the policy says so
			detail,
			measured,
		};
	},
};

const NO_LIMIT = "no limit";
const secondsOf = (found: number | string | undefined): number =>
	found === NO_LIMIT ? Number.POSITIVE_INFINITY : Number(found);

const words = (seconds: number | string | undefined): string =>
	typeof seconds === "number"
		? `up to ${seconds} s`
		: "without a limit, or a day at least,";

/** The most seconds that are accepted; undefined where a day is. The clock runs meanwhile: to the second, or one less. */
async function measure(
	claim: Claim,
	{ show }: ProbeContext,
): Promise<number | undefined> {
	const accepts = async (seconds: number) => {
		const claims = WRONG[claim](seconds);
		const answer = await show(undefined, { token: { claims } });
		return answer.outcome === "accepted";
	};
	if (!(await accepts(1))) return 0;
	if (await accepts(FARTHEST)) return undefined;
	let [good, bad] = [1, FARTHEST];
	while (bad - good > 1) {
		const middle = Math.floor((good + bad) / 2);
		if (await accepts(middle)) good = middle;
		else bad = middle;
	}
	return good;
}

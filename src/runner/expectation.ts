// What a correct relying party with this policy does with a token: computed by the reference verifier, not believed of the file.
import type { JsonWebKey } from "node:crypto";
import type { Scenario } from "../scenario/schema.js";
import type { Rule } from "../token/rules.js";
import { verifyToken } from "../token/verify.js";
import { judgePolicy, leewayOf } from "./policy/judge.js";
import type { Policy } from "./policy/schema.js";
import type { ProvidedToken } from "./provider.js";

/** What is to be expected, and why. */
export interface Expected {
	outcome: "accepted" | "rejected" | "either";
	/** the check that rejects it */
	rule: Rule | "policy" | null;
	/** the same in words */
	because: string;
}

/** Whom the token is shown to, and when. */
export interface Circumstances {
	issuer: string;
	audience: string;
	/** the keys that the issuer publishes meanwhile, or would if it did not misbehave */
	keys: readonly JsonWebKey[];
	/** seconds since the epoch */
	now: number;
	policy: Policy;
}

/** What a correct relying party does with the token of `scenario`. */
export function expectedOf(
	scenario: Scenario,
	minted: ProvidedToken,
	around: Circumstances,
): Expected {
	const { policy } = around;
	const [finding] = verifyToken(minted.token, {
		issuer: around.issuer,
		audience: around.audience,
		keys: around.keys,
		now: around.now,
		leeway: leewayOf(policy),
	});
	if (scenario.expect === "either") {
		const because = "the instance misbehaves: either, but no crash and no hang";
		return { outcome: "either", rule: null, because };
	}
	if (finding) {
		const { rule, message } = finding;
		const tolerated =
			rule === "algorithm" &&
			policy.algorithms?.includes(String(minted.header.alg));
		return {
			outcome: tolerated ? "either" : "rejected",
			rule: tolerated ? null : rule,
			because: message,
		};
	}
	const [unmet] = judgePolicy(minted.claims, policy);
	return unmet === undefined
		? { outcome: "accepted", rule: null, because: "the token is in order" }
		: { outcome: "rejected", rule: "policy", because: unmet };
}

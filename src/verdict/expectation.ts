// What a correct relying party with this policy does with a token: computed by the reference verifier, not believed of the file.
import type { JsonWebKey } from "node:crypto";
import type { Scenario } from "../scenario/schema.js";
import type { Rule } from "../token/rules.js";
import { verifyToken } from "../token/verify.js";
import type { ShownToken } from "./answer.js";
import { judgePolicy, leewayOf } from "./policy/judge.js";
import type { Policy } from "./policy/schema.js";

/** What is to be expected, and why. */
export interface Expected {
	outcome: "accepted" | "rejected" | "either";
	/** the check that rejects it */
	rule: Rule | "policy" | null;
	/** the same in words */
	because: string;
	/** whether the user's own policy refuses it, whatever else does */
	demanded: boolean;
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
	minted: ShownToken,
	around: Circumstances,
): Expected {
	const { policy } = around;
	const expectation = {
		issuer: around.issuer,
		audience: around.audience,
		keys: around.keys,
		now: around.now,
		leeway: leewayOf(policy),
	};
	const [finding] = verifyToken(minted.token, expectation);
	if (scenario.expect === "either") {
		const because = "the instance misbehaves: either, but no crash and no hang";
		return { outcome: "either", rule: null, because, demanded: false };
	}
	const { algorithms } = policy;
	const isOther = finding?.rule === "algorithm" && algorithms !== undefined;
	// An algorithm that the policy takes has to be used well, too.
	const isTolerated =
		isOther &&
		verifyToken(minted.token, { ...expectation, algorithms }).length === 0;
	// Both are asked: a spec that only recommends does not hide what the user's policy demands.
	const [unmet] = judgePolicy(minted.claims, policy);
	const demanded = unmet !== undefined;
	if (finding && !isTolerated) {
		const { rule, message } = finding;
		const because = demanded
			? `${message}; and by the policy: ${unmet}`
			: message;
		return { outcome: "rejected", rule, because, demanded };
	}
	if (demanded)
		return { outcome: "rejected", rule: "policy", because: unmet, demanded };
	return isTolerated
		? {
				outcome: "either",
				rule: null,
				because: `the policy takes ${String(minted.header.alg)}`,
				demanded,
			}
		: {
				outcome: "accepted",
				rule: null,
				because: "the token is in order",
				demanded,
			};
}

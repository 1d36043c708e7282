// What a correct relying party with this policy does with a token: computed by the reference verifier, not believed of the file.
import type { JsonWebKey } from "node:crypto";
import type { Scenario } from "../scenario/schema.js";
import { impactOf, levelOf } from "../scenario/severity.js";
import type { Rule } from "../token/rules.js";
import { verifyToken } from "../token/verify.js";
import type { ShownToken } from "./answer.js";
import { type CheckName, policyCheck } from "./cause/checks.js";
import { judgePolicy, leewayOf, unmetPaths } from "./policy/judge.js";
import type { Policy } from "./policy/schema.js";

/** What is to be expected, and why. */
export interface Expected {
	outcome: "accepted" | "rejected" | "either";
	/** the check that rejects it */
	rule: Rule | "policy" | null;
	/** the same in words */
	because: string;
	/** every check that the token breaks */
	breaks: readonly CheckName[];
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
	if (scenario.expect === "either") {
		const because = scenario.instance?.faults
			? "accepted or refused, as the instance misbehaves, but no crash and no hang"
			: "accepted or refused, but no crash and no hang";
		return { outcome: "either", rule: null, because, breaks: [] };
	}
	const findings = verifyToken(minted.token, expectation);
	const [finding] = findings;
	const breaks = [
		...new Set<CheckName>([
			...findings.map(({ rule }) => rule),
			...unmetPaths(minted.claims, policy).map(policyCheck),
		]),
	];
	const { algorithms } = policy;
	const isOther = finding?.rule === "algorithm" && algorithms !== undefined;
	// An algorithm that the policy takes has to be used well, too.
	const isTolerated =
		isOther &&
		verifyToken(minted.token, { ...expectation, algorithms }).length === 0;
	if (finding && !isTolerated) {
		const { rule, message } = finding;
		const demand = isWeak(scenario) && demandOf(minted.claims, policy);
		// A word of the spec's that weighs less does not hide what the user's own policy demands.
		if (demand)
			return { outcome: "rejected", rule: "policy", because: demand, breaks };
		return { outcome: "rejected", rule, because: message, breaks };
	}
	const [unmet] = judgePolicy(minted.claims, policy);
	if (unmet !== undefined)
		return { outcome: "rejected", rule: "policy", because: unmet, breaks };
	const unsettled = policy.expression?.unsettled?.(minted.claims);
	if (unsettled !== undefined)
		return { outcome: "either", rule: null, because: unsettled, breaks: [] };
	return isTolerated
		? {
				outcome: "either",
				rule: null,
				because: `the policy takes ${String(minted.header.alg)}`,
				breaks: [],
			}
		: {
				outcome: "accepted",
				rule: null,
				because: "the token is in order",
				breaks: [],
			};
}

const isWeak = (scenario: Scenario): boolean =>
	levelOf(scenario) !== "must" || impactOf(scenario) === "hygiene";

/** What the policy demands and the claims lack. No claim of GitLab's is true or false: such a one means the text. */
function demandOf(
	claims: ShownToken["claims"],
	policy: Policy,
): string | undefined {
	const written = Object.entries(claims).map(([name, value]) => [
		name,
		typeof value === "boolean" ? String(value) : value,
	]);
	return judgePolicy(Object.fromEntries(written), policy)[0];
}

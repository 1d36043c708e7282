// What a token breaks, check by check: the rules of the specs, and each claim that the policy binds.
import { RULES, type Rule } from "../../token/rules.js";

/** A check that a relying party owes: a rule, or `claim:NAME` for one that its policy binds. */
export type CheckName = Rule | `claim:${string}`;

const claimCheck = (path: string): CheckName => `claim:${path}`;

/** The check that a condition of the policy is; null: that there be a single audience. */
export const policyCheck = (path: string | null): CheckName =>
	path === null ? "audience" : claimCheck(path);

/** The check that a near miss of a claim is about. */
export const nearCheck = (claim: string): CheckName =>
	claim === "iss" ? "issuer" : claim === "aud" ? "audience" : claimCheck(claim);

/** The claim that a check is about; undefined for a rule. */
export const claimOf = (check: string): string | undefined =>
	check.startsWith("claim:") ? check.slice("claim:".length) : undefined;

/** What is said of a relying party that leaves a check out. */
export interface CheckWords {
	/** what is wrong, in one sentence */
	sentence: string;
	/** what an attacker does with it */
	attack: string;
	/** what to change */
	remedy: string;
}

/** Each rule as a check that is not made at all. */
const UNCHECKED: Readonly<Record<Rule, CheckWords>> = {
	shape: {
		sentence: "The token is taken apart without looking at its form.",
		attack: "An attacker writes a token that two parsers read differently.",
		remedy:
			"Let a maintained JWT library read the token: three parts in base64url, header and payload each a JSON object.",
	},
	algorithm: {
		sentence: "The token chooses how it is verified (alg).",
		attack:
			"Anyone writes a token with alg none, or an HMAC under the public key, and gets in.",
		remedy:
			"Fix the algorithm when you verify: RS256 and no other, whatever the token's header says.",
	},
	type: {
		sentence: "The header's typ is not looked at.",
		attack:
			"A token that GitLab made for another purpose is taken for an ID token.",
		remedy: "Where the header has typ, take JWT and application/jwt alone.",
	},
	critical: {
		sentence: "Extensions that the token marks as critical are ignored.",
		attack: "A token is read without an extension that changes its meaning.",
		remedy: "Refuse a header with crit: GitLab sends none.",
	},
	key: {
		sentence: "The key that verifies need not be one that GitLab publishes.",
		attack: "Anyone signs a token with a key of their own, and gets in.",
		remedy:
			"Take keys from the issuer's JWKS alone, by kid, with use sig; ignore jwk, jku, x5c and x5u in the header, and refuse what no key fits.",
	},
	signature: {
		sentence: "The signature is not verified.",
		attack: "Anyone writes a token with any claims, and gets in.",
		remedy:
			"Verify the signature before you read a claim: the function that only decodes a token (decode, parse without a key) does not.",
	},
	"token-type": {
		sentence:
			"Other tokens that GitLab signs are taken for a job's, if their claims fit.",
		attack:
			"Somebody who signs in with GitLab, or an older kind of token, gets in as if a job had asked.",
		remedy:
			"Ask for what only a CI/CD job's token has: project_path, ref and job_id.",
	},
	issuer: {
		sentence: "The issuer (iss) is not checked.",
		attack:
			"A token of another GitLab gets in, where somebody else owns a project of the same path.",
		remedy:
			"Compare iss with the one issuer that you trust, byte for byte, and take its keys from that issuer's own JWKS.",
	},
	audience: {
		sentence: "The audience (aud) is not checked.",
		attack:
			"A service that a job handed its token to, or whoever reads its log, uses that token here.",
		remedy:
			"Give the verifier the name of your service as the audience; aud has to be it, or a list that has it.",
	},
	expiry: {
		sentence: "The expiry (exp) is not checked.",
		attack: "A token out of an old log or a backup gets in for ever.",
		remedy:
			"Refuse a token whose exp is not a number in the future; allow a minute or so for clocks that differ.",
	},
	"not-before": {
		sentence: "The start of validity (nbf) is not checked.",
		attack: "A token is used before the time that GitLab set.",
		remedy: "Where the token has nbf, refuse it before that time.",
	},
	"issued-at": {
		sentence: "The time of issue (iat) is not checked.",
		attack:
			"A token from the future escapes a limit on the age of tokens, where there is one.",
		remedy: "Refuse a token whose iat is missing or lies in the future.",
	},
	claims: {
		sentence: "Claims that every job's token has may be missing.",
		attack:
			"A decision is made about nothing: a claim that is not there passes a comparison.",
		remedy:
			"Refuse a token that lacks a claim you decide by, or has it with another type.",
	},
};

/** The words for a check that is not made at all. */
export function uncheckedWords(check: CheckName): CheckWords {
	const claim = claimOf(check);
	if (claim === undefined) return UNCHECKED[check as Rule];
	return {
		sentence: `${claim} is not checked.`,
		attack: `Any job whose other claims fit gets in, whatever its ${claim} says.`,
		remedy: `Compare ${claim} with what your policy wants before you let the token in.`,
	};
}

/** What a check is about, within a sentence. */
export function subjectOf(check: CheckName): string {
	const claim = claimOf(check);
	if (claim !== undefined) return claim;
	if (check === "audience") return "the audience (aud)";
	if (check === "issuer") return "the issuer (iss)";
	return check;
}

/** Whether a check compares one member of the token with a wanted value. */
export const isComparison = (check: CheckName): boolean =>
	check === "audience" || check === "issuer" || claimOf(check) !== undefined;

/** The order of the checks: that of the specs, then the policy's. */
export const orderOf = (check: CheckName): number => {
	const at = Object.keys(RULES).indexOf(check);
	return at < 0 ? Number.MAX_SAFE_INTEGER : at;
};

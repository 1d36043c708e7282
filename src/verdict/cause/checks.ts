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
		sentence: "The service does not check the form of the token.",
		attack: "An attacker writes a token that two programs read differently.",
		remedy:
			"Let a maintained JWT library read the token: three parts in base64url, whose header and payload are JSON objects.",
	},
	algorithm: {
		sentence:
			"The token's header chooses the algorithm by which the token is verified (alg).",
		attack:
			"Anyone writes a token with alg none, or signs one with HMAC and the public key, and gets in.",
		remedy:
			"Configure the verifier with the algorithm RS256 and no other, whatever the token's header says.",
	},
	type: {
		sentence: "The header's typ is not checked.",
		attack:
			"A token that GitLab made for another purpose is accepted as an ID token.",
		remedy: "If the header has typ, accept only JWT and application/jwt.",
	},
	critical: {
		sentence: "Extensions that the token marks as critical are ignored.",
		attack:
			"The service reads a token without an extension that changes its meaning.",
		remedy: "Refuse a header with crit: GitLab sends none.",
	},
	key: {
		sentence:
			"The service verifies tokens with keys that GitLab does not publish.",
		attack: "Anyone signs a token with a key of their own, and gets in.",
		remedy:
			"Use only keys of the issuer's JWKS with use sig, found by kid. Ignore jwk, jku, x5c and x5u in the header, and refuse a token that no key fits.",
	},
	signature: {
		sentence: "The signature is not verified.",
		attack: "Anyone writes a token with any claims, and gets in.",
		remedy:
			"Verify the signature before you read a claim. A function that only decodes a token (decode, or parse without a key) does not verify it.",
	},
	"token-type": {
		sentence:
			"Other tokens that GitLab signs are accepted as a job's ID token.",
		attack:
			"A person who signs in with GitLab, or who has an older kind of token, gets in as if they were a job.",
		remedy:
			"Require the claims that only a CI/CD job's token has: project_path, ref and job_id.",
	},
	issuer: {
		sentence: "The issuer (iss) is not checked.",
		attack:
			"A token of another GitLab gets in, on which somebody else owns a project with your project's path.",
		remedy:
			"Compare iss exactly with the one issuer that you trust, and use only the keys of that issuer's JWKS.",
	},
	audience: {
		sentence: "The audience (aud) is not checked.",
		attack:
			"Another service to which a job sent its token, or anyone who reads that service's log, uses the token here.",
		remedy:
			"Configure the verifier with your service's audience: aud must be that string, or an array that contains it.",
	},
	expiry: {
		sentence: "The expiry (exp) is not checked.",
		attack: "A token from an old log or a backup gets in for ever.",
		remedy:
			"Refuse a token whose exp is not a number in the future. Allow about a minute for clocks that differ.",
	},
	"not-before": {
		sentence: "The start of validity (nbf) is not checked.",
		attack: "A token is used before the time from which it is valid.",
		remedy: "If the token has nbf, refuse it before that time.",
	},
	"issued-at": {
		sentence: "The time of issue (iat) is not checked.",
		attack:
			"A token whose iat is in the future is never too old for a limit on the age of tokens.",
		remedy: "Refuse a token whose iat is missing or in the future.",
	},
	claims: {
		sentence: "Tokens without claims that every job's token has are accepted.",
		attack:
			"A missing claim passes the policy's comparison, so a job gets in about which it says nothing.",
		remedy:
			"Refuse a token if a claim that your policy uses is missing or has another type.",
	},
};

/** The words for a check that is not made at all. */
export function uncheckedWords(check: CheckName): CheckWords {
	const claim = claimOf(check);
	if (claim === undefined) return UNCHECKED[check as Rule];
	return {
		sentence: `${claim} is not checked.`,
		attack: `Any job whose other claims fit gets in, whatever its ${claim} says.`,
		remedy: `Compare ${claim} with the value in your policy before you accept the token.`,
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

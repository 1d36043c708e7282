// The checks that a relying party owes, each once, in the order in which the specs make them.

/** One check, where it is written, and what an RP that omits it loses. */
export interface RuleText {
	title: string;
	spec: readonly string[];
	/** what goes wrong without it */
	without: string;
}

export const RULES = {
	shape: {
		title: "The token is a JWS in compact serialization over JSON objects",
		spec: [
			"RFC 7515 §5.2",
			"RFC 7519 §1",
			"RFC 7519 §7.2",
			"RFC 7515 §10.12",
			"RFC 4648 §3.3",
		],
		without:
			"Two parsers can read two different tokens out of one string, and a check made on one of them says nothing about the other.",
	},
	algorithm: {
		title: "The signature algorithm is the one that was agreed, RS256",
		spec: [
			"RFC 8725 §3.1",
			"RFC 7518 §3.6",
			"OpenID Connect Core §3.1.3.7 (7), a SHOULD",
		],
		without:
			"The token chooses how it is verified: not at all (none), or by HMAC with the public key, which everyone knows.",
	},
	type: {
		title: "The header's typ, if there is one, is that of a JWT",
		spec: ["RFC 8725 §3.11", "RFC 7519 §5.1", "RFC 7519 §7.3"],
		without:
			"A token that was made for another purpose is accepted as an ID token.",
	},
	critical: {
		title:
			"Every extension that crit lists is understood, or the token is refused",
		spec: ["RFC 7515 §4.1.11"],
		without:
			"The token is read without an extension that changes what it means.",
	},
	key: {
		title: "The key is one that the issuer publishes for signatures",
		spec: ["OpenID Connect Core §3.1.3.7 (6)", "RFC 8725 §3.8"],
		without: "Anyone can sign a token with a key of their own.",
	},
	signature: {
		title: "The signature is valid for these bytes under that key",
		spec: ["RFC 7515 §5.2"],
		without: "Anyone can write a token with any claims.",
	},
	"token-type": {
		title:
			"The token is an ID token of a CI/CD job, not of a person or a session",
		spec: [
			"RFC 8725 §3.12",
			"RFC 8725 §2.8",
			"OpenID Connect Back-Channel Logout §2.4",
		],
		without:
			"Other tokens that the issuer signs for this audience are accepted as a job's: a person's sign-in, a logout, an older kind of token.",
	},
	issuer: {
		title: "iss is, byte for byte, the issuer that is trusted",
		spec: ["OpenID Connect Core §3.1.3.7 (2)", "RFC 8725 §3.8"],
		without:
			"Tokens of another GitLab, with projects of any name, are accepted.",
	},
	audience: {
		title: "aud is this service, or an array that contains it",
		spec: [
			"OpenID Connect Core §3.1.3.7 (3)",
			"RFC 7519 §4.1.3",
			"RFC 8725 §3.9",
		],
		without:
			"A token that a job sent to another service, which may be hostile, is accepted here too.",
	},
	expiry: {
		title: "exp is a number and in the future",
		spec: ["RFC 7519 §4.1.4", "OpenID Connect Core §3.1.3.7 (9)"],
		without: "A token from an old log is accepted for ever.",
	},
	"not-before": {
		title: "nbf, if there is one, is a number and not in the future",
		spec: ["RFC 7519 §4.1.5"],
		without: "A token is accepted before the time from which it is valid.",
	},
	"issued-at": {
		title: "iat is a number and not in the future",
		spec: ["OpenID Connect Core §3.1.3.7 (10), a can"],
		without:
			"A token whose iat is in the future is never too old for a limit on its age.",
	},
	claims: {
		title: "The claims that the policy uses are there and have GitLab's types",
		spec: ["RFC 8725 §3.8", "RFC 7519 §7.3", "GitLab: ID token authentication"],
		without:
			"A policy compares a missing claim, or one of another type, and accepts the token.",
	},
} as const satisfies Record<string, RuleText>;

/** The id of a rule. */
export type Rule = keyof typeof RULES;

/** Every rule's id, in spec order. */
export const RULE_IDS = Object.keys(RULES) as [Rule, ...Rule[]];

// Findings of correct relying parties that are no holes, and why.
const EXPLAINED: readonly [pattern: RegExp, because: string][] = [
	[
		/^instance\/jwks-with-unknown-key-types/,
		"PyJWT 2.6 fails as a whole on a key type that it does not know",
	],
	[
		/^header\/(typ-|access-|logout-|security-)/,
		"typ is only recommended to be looked at (RFC 8725 §3.11)",
	],
	[/^claims\/sub-/, "nothing here decides by sub"],
	[
		/^token-type\//,
		"the claims that it is bound to are there; of sub it asks nothing",
	],
	[
		/^time\/(exp-1e308|exp-in-milliseconds|lifetime-)/,
		"no limit on the lifetime is asked for, and GitLab would not sign it",
	],
	[/^time\/iat-/, "iat is not looked at unless a greatest age is asked for"],
	[
		/^encoding\/(non-canonical|standard-base64|trailing-newline|utf-8-bom|invalid-utf-8)/,
		"Node's decoders are lenient; the signed bytes are the same",
	],
	[
		/^key\/(exponent-one-key|rsa-1024)/,
		"the issuer itself would have to publish such a key",
	],
	[
		/^key\/key-with-use-enc/,
		"the use of a key is not handed on to the verifier",
	],
	[
		/^algorithm\/es256-with-published-ec-key/,
		"the key says which algorithm it is for",
	],
];

/** Why the finding of this scenario is no hole; undefined where it may be one. */
export const explained = (id: string): string | undefined =>
	EXPLAINED.find(([pattern]) => pattern.test(id))?.[1];

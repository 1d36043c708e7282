// fast-jwt with get-jwks: the keys through discovery, as get-jwks documents it.
import { createVerifier, type DecodedJwt, TokenError } from "fast-jwt";
import buildGetJwks from "get-jwks";
import { AUDIENCE, answerOf, lax, relyingParty } from "./cases.js";

relyingParty("fast-jwt with get-jwks", {
	async start(gitlab) {
		const domain = gitlab.issuer;
		const getJwks = buildGetJwks({
			issuersWhitelist: [domain],
			providerDiscovery: true,
		});
		const verify = createVerifier({
			key: ({ header }: DecodedJwt) =>
				getJwks.getPublicKey({ kid: header.kid, alg: header.alg, domain }),
			allowedIss: domain,
			allowedAud: AUDIENCE,
		});
		return { judge: (token) => answerOf(() => verify(token), TokenError) };
	},
	attacks: {
		"time/expired": /^The token has expired at /,
		"time/exp-missing": lax("exp is optional unless requiredClaims lists it"),
		"time/exp-string": /^The exp claim must be a number\.$/,
		"time/not-yet-valid": /^The token will be active at /,
		"time/iat-in-future": lax("iat is looked at only with maxAge"),
		"audience/other-service": /^The aud claim value is not allowed\.$/,
		"audience/list-without-ours": /^None of aud claim values are allowed\.$/,
		"audience/missing": lax("allowedAud is checked only if aud is there"),
		"issuer/other-gitlab": /^The iss claim value is not allowed\.$/,
		"issuer/trailing-slash": /^The iss claim value is not allowed\.$/,
		"issuer/missing": lax("allowedIss is checked only if iss is there"),
		"key/unknown-kid": /No matching JWK found in the set\.$/,
		"algorithm/alg-none": /No matching JWK found in the set\.$/,
		"algorithm/hs256-public-key": /No matching JWK found in the set\.$/,
		"signature/flipped-bit": /^The token signature is invalid\.$/,
		"signature/payload-changed-after-signing":
			/^The token signature is invalid\.$/,
		"a critical extension that nobody knows":
			/^Critical extension "unheard-of" is not supported\.$/,
	},
});

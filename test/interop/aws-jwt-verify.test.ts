// aws-jwt-verify: no discovery, the keys over TLS only.
import { JwtVerifier } from "aws-jwt-verify";
import { JwtBaseError } from "aws-jwt-verify/error";
import { SimpleFetcher } from "aws-jwt-verify/https";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { AUDIENCE, answerOf, lax, relyingParty } from "./cases.js";

relyingParty("aws-jwt-verify", {
	gitlab: { tls: {} },
	async start(gitlab) {
		const fetcher = new SimpleFetcher({
			defaultRequestOptions: { ca: gitlab.ca },
		});
		const verifier = JwtVerifier.create(
			{
				issuer: gitlab.issuer,
				audience: AUDIENCE,
				jwksUri: `${gitlab.issuer}/oauth/discovery/keys`,
			},
			{ jwksCache: new SimpleJwksCache({ fetcher }) },
		);
		return {
			judge: (token) => answerOf(() => verifier.verify(token), JwtBaseError),
		};
	},
	attacks: {
		"time/expired": /^Token expired at /,
		"time/exp-missing": lax("exp is checked only if it is there"),
		"time/exp-string": /^JWT payload exp claim is not a number$/,
		"time/not-yet-valid": /^Token can't be used before /,
		"time/iat-in-future": lax("of iat it asks only that it is a number"),
		"audience/other-service": /^Audience not allowed: /,
		"audience/list-without-ours": /^Audience not allowed: /,
		"audience/missing": /^Missing Audience\. /,
		"issuer/other-gitlab": /^Issuer not allowed: /,
		"issuer/trailing-slash": /^Issuer not allowed: /,
		"issuer/missing": /^Missing Issuer\. /,
		"key/unknown-kid": /^JWK for kid ".+" not found in the JWKS$/,
		"algorithm/alg-none": /^JWT string does not consist of exactly 3 parts /,
		"algorithm/hs256-public-key":
			/^JWT signature algorithm not allowed: HS256\. /,
		"signature/flipped-bit": /^Invalid signature$/,
		"signature/payload-changed-after-signing": /^Invalid signature$/,
		"a critical extension that nobody knows": lax("crit is not read"),
	},
});

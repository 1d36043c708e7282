// jose: keys from the JWKS, claims as its documentation checks them.
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { AUDIENCE, answerOf, lax, relyingParty } from "./cases.js";

relyingParty("jose", {
	async start(gitlab) {
		const keys = createRemoteJWKSet(
			new URL(`${gitlab.url}/oauth/discovery/keys`),
		);
		const options = { issuer: gitlab.issuer, audience: AUDIENCE };
		return {
			judge: (token) =>
				answerOf(() => jwtVerify(token, keys, options), errors.JOSEError),
		};
	},
	attacks: {
		"time/expired": /^"exp" claim timestamp check failed$/,
		"time/exp-missing": lax("exp is optional unless requiredClaims lists it"),
		"time/exp-string": /^"exp" claim must be a number$/,
		"time/not-yet-valid": /^"nbf" claim timestamp check failed$/,
		"time/iat-in-future": lax("iat is looked at only with maxTokenAge"),
		"audience/other-service": /^unexpected "aud" claim value$/,
		"audience/list-without-ours": /^unexpected "aud" claim value$/,
		"audience/missing": /^missing required "aud" claim$/,
		"issuer/other-gitlab": /^unexpected "iss" claim value$/,
		"issuer/trailing-slash": /^unexpected "iss" claim value$/,
		"issuer/missing": /^missing required "iss" claim$/,
		"key/unknown-kid": /^no applicable key found in the JSON Web Key Set$/,
		"algorithm/alg-none": /^Unsupported "alg" value for a JSON Web Key Set$/,
		"algorithm/hs256-public-key":
			/^Unsupported "alg" value for a JSON Web Key Set$/,
		"signature/flipped-bit": /^signature verification failed$/,
		"signature/payload-changed-after-signing":
			/^signature verification failed$/,
		"a critical extension that nobody knows":
			/^Extension Header Parameter "unheard-of" is not recognized$/,
	},
});

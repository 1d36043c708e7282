// openid-client 6: discovery, then the token as the ID token of a token response.
import * as client from "openid-client";
import { AUDIENCE, answerOf, lax, relyingParty } from "./cases.js";
import { discover } from "./discover.js";

relyingParty("openid-client", {
	async start(gitlab) {
		const { config, hand } = await discover(gitlab.issuer, AUDIENCE);
		return {
			judge(token) {
				hand(token);
				return answerOf(
					() => client.genericGrantRequest(config, "urn:test", {}),
					client.ClientError,
				);
			},
		};
	},
	attacks: {
		"time/expired": /"exp" \(expiration time\) claim value, expiration is past/,
		"time/exp-missing": /"exp" \(expiration time\) claim missing$/,
		"time/exp-string": /"exp" \(expiration time\) claim type$/,
		"time/not-yet-valid": /"nbf" \(not before\) claim value$/,
		"time/iat-in-future": lax("of iat it asks only that it is a number"),
		"audience/other-service": /"aud" \(audience\) claim value$/,
		"audience/list-without-ours": /"aud" \(audience\) claim value$/,
		"audience/missing": /"aud" \(audience\) claim missing$/,
		"issuer/other-gitlab": /"iss" \(issuer\) claim value$/,
		"issuer/trailing-slash": /"iss" \(issuer\) claim value$/,
		"issuer/missing": /"iss" \(issuer\) claim missing$/,
		"key/unknown-kid": /no applicable keys found$/,
		"algorithm/alg-none": /unexpected JWT "alg" header parameter$/,
		"algorithm/hs256-public-key": /unexpected JWT "alg" header parameter$/,
		"signature/flipped-bit": /JWT signature verification failed$/,
		"signature/payload-changed-after-signing":
			/JWT signature verification failed$/,
		"a critical extension that nobody knows":
			/no JWT "crit" header parameter extensions are supported$/,
	},
});

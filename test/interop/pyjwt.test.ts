// PyJWT, as Debian packages it, with the keys from the JWKS.
import { join } from "node:path";
import { AUDIENCE, lax, relyingParty } from "./cases.js";
import { ignoresCrit } from "./debian-version.js";
import { lineByLine, makeFolder, start } from "./program.js";

relyingParty("PyJWT", {
	async start(gitlab, later) {
		const home = await makeFolder(later);
		const program = start(
			"/usr/bin/python3",
			[join(import.meta.dirname, "pyjwt.py"), gitlab.issuer, AUDIENCE],
			{ from: "Debian's python3-jwt and python3-cryptography", home, later },
		);
		return lineByLine(program);
	},
	attacks: {
		"time/expired": /^ExpiredSignatureError: /,
		"time/exp-missing": lax(
			"exp is checked only if it is there, or listed in require",
		),
		"time/exp-string": /^ExpiredSignatureError: /, // read as a number, and past
		"time/not-yet-valid": /^ImmatureSignatureError: .+ \(nbf\)$/,
		"time/iat-in-future": /^ImmatureSignatureError: .+ \(iat\)$/,
		"audience/other-service": /^InvalidAudienceError: /,
		"audience/list-without-ours": /^InvalidAudienceError: /,
		"audience/missing": /^MissingRequiredClaimError: .+ "aud" /,
		"issuer/other-gitlab": /^InvalidIssuerError: /,
		"issuer/trailing-slash": /^InvalidIssuerError: /,
		"issuer/missing": /^MissingRequiredClaimError: .+ "iss" /,
		"key/unknown-kid": /^PyJWKClientError: Unable to find a signing key /,
		"algorithm/alg-none": /^InvalidAlgorithmError: /,
		"algorithm/hs256-public-key": /^InvalidAlgorithmError: /,
		"signature/flipped-bit": /^InvalidSignatureError: /,
		"signature/payload-changed-after-signing": /^InvalidSignatureError: /,
		"a critical extension that nobody knows": ignoresCrit()
			? lax("crit is not read")
			: /^InvalidTokenError: Unsupported critical extension: /,
	},
});

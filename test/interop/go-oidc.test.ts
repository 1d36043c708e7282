// go-oidc, as Debian packages it: discovery, then its verifier of ID tokens.
import { join } from "node:path";
import { buildGo } from "./build-go.js";
import { AUDIENCE, lax, relyingParty } from "./cases.js";
import { lineByLine, makeFolder, start } from "./program.js";

relyingParty("go-oidc", {
	async start(gitlab, later) {
		const home = await makeFolder(later);
		const source = join(import.meta.dirname, "go-oidc/main.go");
		const binary = await buildGo(source, home, later);
		const program = start(binary, [gitlab.issuer, AUDIENCE], {
			from: "Debian's golang-github-coreos-go-oidc-dev",
			home,
			later,
		});
		return lineByLine(program);
	},
	attacks: {
		"time/expired": /^oidc: token is expired /,
		"time/exp-missing": /^oidc: token is expired \(Token Expiry: 0001-01-01 /,
		"time/exp-string": /^oidc: token is expired /, // read as a number, and past
		"time/not-yet-valid": / before the nbf \(not before\) time: /,
		"time/iat-in-future": lax("iat is not looked at"),
		"audience/other-service": /^oidc: expected audience /,
		"audience/list-without-ours": /^oidc: expected audience /,
		"audience/missing": /^oidc: expected audience ".+" got \[\]$/,
		"issuer/other-gitlab": /^oidc: id token issued by a different provider, /,
		"issuer/trailing-slash": /^oidc: id token issued by a different provider, /,
		"issuer/missing": /^oidc: id token issued by a different provider, /,
		"key/unknown-kid":
			/^failed to verify signature: failed to verify id token signature$/,
		"algorithm/alg-none":
			/^oidc: id token signed with unsupported algorithm, .+ got "none"$/,
		"algorithm/hs256-public-key":
			/^oidc: id token signed with unsupported algorithm, .+ got "HS256"$/,
		"signature/flipped-bit":
			/^failed to verify signature: failed to verify id token signature$/,
		"signature/payload-changed-after-signing":
			/^failed to verify signature: failed to verify id token signature$/,
		"a critical extension that nobody knows":
			/^failed to verify signature: failed to verify id token signature$/,
	},
});

// Checks that are made, but not well: what each of these mistakes lets in. Comparisons are in comparison.ts. A long table.
import type { CheckWords } from "./checks.js";

/** A mistake in a check. */
interface Mistake extends CheckWords {
	/** what it lets in: scenarios, or families with a star at the end */
	lets: readonly string[];
	/** it is this mistake only where that was let in, too */
	tells?: string;
}

/** By id. The first one that lets a scenario in explains it. */
export const MISTAKES: Readonly<Record<string, Mistake>> = {
	"alg-none": {
		sentence: "A token that says it has no signature (alg: none) is taken.",
		attack: "Anyone writes a token with any claims, and gets in.",
		remedy:
			"Name RS256 as the only algorithm, compared with its case. A list of forbidden ones always lacks a spelling.",
		lets: [
			"algorithm/alg-none*",
			"algorithm/none-with-old-signature",
			"algorithm/alg-twice-none-last",
			"header/cty-jwt-nested",
		],
	},
	"hmac-under-public-text": {
		sentence:
			"A token may ask for an HMAC, whose secret is the public key or another text that everyone knows.",
		attack:
			"Anyone signs a token with what the JWKS publishes, and gets in with any claims.",
		remedy:
			"Name RS256 as the only algorithm. Never let one function take both a secret and a public key.",
		lets: [
			"algorithm/hs*",
			"key/kid-constructor",
			"key/kid-path-traversal",
			"key/kid-proto",
			"key/kid-sql",
		],
	},
	"other-rsa-algorithms": {
		sentence: "Other RSA algorithms than RS256 are taken.",
		attack: "Nobody gains by it today: it takes GitLab's own key.",
		remedy: "Name RS256 as the only algorithm.",
		lets: ["algorithm/ps*", "algorithm/rs384", "algorithm/rs512"],
	},
	"other-key-types": {
		sentence: "Algorithms of other kinds of keys are taken.",
		attack:
			"A weakness in an algorithm that you do not need is yours as well, such as an all-zero ECDSA signature (CVE-2022-21449).",
		remedy: "Name RS256 as the only algorithm.",
		lets: ["algorithm/es256*", "algorithm/eddsa"],
	},
	"alg-spelled-otherwise": {
		sentence: "The header's alg is not compared with RS256.",
		attack: "Nobody gains by it as long as the signature is verified.",
		remedy: "Refuse a token whose alg is not exactly RS256.",
		lets: ["algorithm/alg-*", "algorithm/rs256-says-es256"],
	},
	"key-from-the-token": {
		sentence:
			"The key is taken from the token itself, or from where it points.",
		attack: "Anyone signs with a key of their own and sends it along.",
		remedy:
			"Ignore jwk, jku, x5c and x5u in the header. Keys come from the issuer's JWKS.",
		lets: [
			"key/jku-to-attacker",
			"key/jwk-embedded*",
			"key/x5c-self-signed",
			"key/x5u-to-attacker",
		],
	},
	"fails-open": {
		sentence: "While the keys cannot be fetched, tokens get in unverified.",
		attack: "Anyone who waits for an outage of GitLab, or causes one, gets in.",
		remedy:
			"An error on the way to the keys is a refusal. Keep keys that were fetched before until they expire.",
		lets: [
			"instance/discovery-500-foreign-token",
			"instance/jwks-500-foreign-token",
			"instance/jwks-empty-foreign-token",
			"instance/jwks-not-json-foreign-token",
			"instance/jwks-reset-foreign-token",
		],
	},
	"discovery-of-another": {
		sentence: "The discovery document may be another issuer's.",
		attack:
			"Who can redirect the request for it, or answer in its place, names keys of their own.",
		remedy:
			"Compare the document's issuer with yours (OpenID Connect Discovery §4.3) and follow no redirect to another host.",
		lets: [
			"instance/discovery-issuer-mismatch",
			"instance/discovery-redirect-to-attacker",
		],
	},
	"withdrawn-key": {
		sentence: "A key that GitLab has withdrawn still verifies.",
		attack: "A key that was stolen stays good after it was replaced.",
		remedy:
			"Take the newest JWKS for all there is: forget keys that it does not have any more, after a day at most.",
		lets: ["key/retired-key"],
	},
	"weak-key": {
		sentence: "RSA keys that are too short, or whose exponent is 1, verify.",
		attack:
			"Anyone computes the private half of such a key, should GitLab ever publish one.",
		remedy: "Refuse RSA keys below 2048 bits and exponents below 65537.",
		lets: [
			"key/rsa-512-key-in-jwks",
			"key/rsa-1024-key-in-jwks",
			"key/exponent-one-key",
		],
	},
	"key-for-another-use": {
		sentence: "Keys that are published for another use verify.",
		attack: "Nobody gains by it unless such a key is less well kept.",
		remedy: "Take keys whose use is sig and whose alg is RS256 alone.",
		lets: [
			"key/key-with-use-enc",
			"key/published-for-ps256",
			"key/published-not-to-verify",
		],
	},
	"any-key-verifies": {
		sentence: "A signature by a key that GitLab does not publish is taken.",
		attack: "Anyone signs a token with a key of their own, and gets in.",
		remedy: "Take keys from the issuer's JWKS alone, by kid.",
		lets: [
			"key/known-kid-other-key",
			"key/kid-missing-unpublished-key",
			"key/jwk-embedded-under-our-kid",
		],
	},
	"unknown-kid": {
		sentence: "A kid that no key has is no reason to refuse.",
		attack: "Whatever verifies it instead is not what GitLab published.",
		remedy: "No key with that kid: fetch the JWKS again once, then refuse.",
		lets: ["key/unknown-kid", "key/kid-*"],
	},
	"rsa-padding": {
		sentence: "The padding of an RSA signature is not checked to its end.",
		attack:
			"Signatures are made without the private key (Bleichenbacher, 2006).",
		remedy:
			"Use the RSA verification of a maintained library (RFC 8017 §8.2.2).",
		lets: [
			"signature/padding-too-short",
			"signature/pkcs1-with-garbage",
			"signature/by-public-exponent",
		],
	},
	"no-signature": {
		sentence: "A token without a real signature is taken.",
		attack: "Anyone writes a token with any claims, and gets in.",
		remedy: "An empty or short signature is a wrong one: refuse it.",
		lets: [
			"signature/empty-with-dot",
			"signature/zeros",
			"signature/truncated",
		],
	},
	"signature-of-something-else": {
		sentence: "The signature is not verified over what is read.",
		attack:
			"Somebody changes a genuine token's claims and keeps its signature.",
		remedy:
			"Read header and claims out of the very bytes that were verified, and nothing else.",
		lets: [
			"signature/payload-changed-after-signing",
			"signature/claims-added-after-signing",
			"signature/header-changed-after-signing",
			"signature/of-another-token",
		],
	},
	"signature-spelled-otherwise": {
		sentence: "A signature with more than belongs to it is taken.",
		attack: "Nobody gains by it, but one token has many spellings.",
		remedy: "A signature has as many bytes as the key's modulus.",
		lets: ["signature/*"],
	},
	"exp-missing": {
		sentence: "A token without an expiry (exp) is taken.",
		attack: "Such a token is good for ever, should one be made.",
		remedy: "Require exp: most libraries only look at it where it is there.",
		lets: ["time/exp-missing", "time/exp-null"],
	},
	"exp-of-another-type": {
		sentence: "An exp that is no number is not refused.",
		attack:
			"A comparison with a text or a list is false, and the token never expires.",
		remedy: "Refuse an exp that is not a number (RFC 7519 §4.1.4).",
		lets: ["time/exp-string", "time/exp-boolean", "time/exp-list"],
	},
	"expired-is-taken": {
		sentence: "Expired tokens are taken.",
		attack: "A token out of an old log or a backup gets in for ever.",
		remedy:
			"Refuse a token whose exp lies in the past; an error of the verifier is a refusal, whichever it is.",
		lets: [
			"time/expired*",
			"time/exp-zero",
			"time/exp-negative",
			"time/exp-before-iat",
			"time/exp-twice-future-first",
		],
		tells: "time/expired",
	},
	"leeway-too-long": {
		sentence: "Tokens are taken for minutes after they have expired.",
		attack: "A token out of a log is good for longer than GitLab said.",
		remedy: "Allow a minute for clocks that differ, not more than five.",
		lets: ["time/expired-a-minute-past-leeway"],
	},
	"exp-read-twice": {
		sentence: "Of two exp in one token, the one in the past does not count.",
		attack: "It takes GitLab's own key to sign such a token.",
		remedy: "Refuse a payload that has a member twice.",
		lets: ["time/exp-twice-future-first"],
	},
	"exp-without-sense": {
		sentence: "Some values of exp that lie in the past are taken.",
		attack: "A token with such an exp is good though its time is over.",
		remedy: "Compare exp with the time in seconds, as numbers.",
		lets: ["time/exp*"],
	},
	"nbf-leeway": {
		sentence: "Tokens are taken minutes before they are valid (nbf).",
		attack: "A token is used before the time that GitLab set.",
		remedy: "Allow a minute for clocks that differ, not more than five.",
		lets: ["time/nbf-a-minute-past-leeway"],
	},
	"nbf-of-another-type": {
		sentence: "An nbf that is no number is not refused.",
		attack:
			"A comparison with a text is false, and the start of validity is void.",
		remedy: "Refuse an nbf that is not a number (RFC 7519 §4.1.5).",
		lets: ["time/nbf-string"],
	},
	"sign-in-token": {
		sentence:
			"The token of a person who signed in with GitLab is taken for a job's.",
		attack: "Whoever can sign in with GitLab gets in where a job is expected.",
		remedy:
			"Ask for what only a CI/CD job's token has: project_path, ref and job_id.",
		lets: [
			"token-type/sign-in*",
			"token-type/logout-token",
			"token-type/access-token",
		],
	},
	"lenient-parser": {
		sentence: "The token's form is read leniently.",
		attack:
			"Two parsers may read two different tokens out of one text; most of these spellings harm nobody by themselves.",
		remedy:
			"Use a library that decodes base64url and JSON strictly, and give it the token as it came.",
		lets: ["encoding/*", "header/*"],
	},
	"jti-missing": {
		sentence: "A token without an id (jti) is taken.",
		attack: "A list of ids that were used does not see such a token.",
		remedy: "Where you remember tokens, require jti.",
		lets: ["claims/jti-missing"],
	},
	"list-for-text": {
		sentence: "A list passes where GitLab has a text.",
		attack: "It takes GitLab's own key to sign such a token.",
		remedy:
			"Compare type and value: a list with the wanted text is not that text.",
		lets: ["claims/project-path-list"],
	},
	"sub-unchecked": {
		sentence: "A sub that is missing, empty or no text is taken.",
		attack: "Whatever is done under that name has no owner.",
		remedy: "Require sub, as a text that is not empty.",
		lets: ["claims/sub-*"],
	},
};

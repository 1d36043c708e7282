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
		sentence: "A token whose alg is none, so without a signature, is accepted.",
		attack: "Anyone writes a token with any claims, and gets in.",
		remedy:
			"Allow RS256 as the only algorithm, compared exactly. A list of forbidden algorithms always lacks a spelling.",
		lets: [
			"algorithm/alg-none*",
			"algorithm/none-with-old-signature",
			"algorithm/alg-twice-none-last",
			"header/cty-jwt-nested",
		],
	},
	"hmac-under-public-text": {
		sentence:
			"The token may choose HMAC, and the secret is the public key or another text that everyone knows.",
		attack:
			"Anyone signs a token with a key that the JWKS publishes, and gets in with any claims.",
		remedy:
			"Allow RS256 as the only algorithm. Never use one function for both secrets and public keys.",
		lets: [
			"algorithm/hs*",
			"key/kid-constructor",
			"key/kid-path-traversal",
			"key/kid-proto",
			"key/kid-sql",
		],
	},
	"other-rsa-algorithms": {
		sentence: "RSA algorithms other than RS256 are accepted.",
		attack:
			"Nobody gains by it today: only GitLab's own key can sign such a token.",
		remedy: "Allow RS256 as the only algorithm.",
		lets: ["algorithm/ps*", "algorithm/rs384", "algorithm/rs512"],
	},
	"other-key-types": {
		sentence: "Algorithms for other kinds of keys than RSA are accepted.",
		attack:
			"A weakness of an algorithm that you do not need affects you too, such as ECDSA signatures of zeros (CVE-2022-21449).",
		remedy: "Allow RS256 as the only algorithm.",
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
			"The service uses a key from the token's header, or from a URL in it.",
		attack:
			"Anyone signs a token with a key of their own and puts that key into the header.",
		remedy:
			"Ignore jwk, jku, x5c and x5u in the header. Use only keys of the issuer's JWKS.",
		lets: [
			"key/jku-to-attacker",
			"key/jwk-embedded*",
			"key/x5c-self-signed",
			"key/x5u-to-attacker",
		],
	},
	"fails-open": {
		sentence:
			"While the keys cannot be fetched, the service accepts tokens without verifying them.",
		attack: "Anyone who waits for an outage of GitLab, or causes one, gets in.",
		remedy:
			"Refuse the token if the keys cannot be fetched. Keep keys that were fetched before until they expire.",
		lets: [
			"instance/discovery-500-foreign-token",
			"instance/jwks-500-foreign-token",
			"instance/jwks-empty-foreign-token",
			"instance/jwks-not-json-foreign-token",
			"instance/jwks-reset-foreign-token",
		],
	},
	"discovery-of-another": {
		sentence: "The service accepts a discovery document of another issuer.",
		attack:
			"An attacker who can redirect the request, or answer it, makes the service use the attacker's keys.",
		remedy:
			"Compare the document's issuer with yours (OpenID Connect Discovery §4.3) and follow no redirect to another host.",
		lets: [
			"instance/discovery-issuer-mismatch",
			"instance/discovery-redirect-to-attacker",
		],
	},
	"withdrawn-key": {
		sentence: "The service still uses a key that GitLab no longer publishes.",
		attack: "A stolen key stays good after GitLab has replaced it.",
		remedy:
			"Forget a key that the issuer's JWKS no longer has, after a day at most.",
		lets: ["key/retired-key"],
	},
	"weak-key": {
		sentence:
			"RSA keys that are too short, or whose exponent is 1, are accepted.",
		attack:
			"If GitLab ever publishes such a key, anyone can compute its private half.",
		remedy: "Refuse RSA keys of less than 2048 bits and exponents below 65537.",
		lets: [
			"key/rsa-512-key-in-jwks",
			"key/rsa-1024-key-in-jwks",
			"key/exponent-one-key",
		],
	},
	"key-for-another-use": {
		sentence: "Keys that are published for another use are accepted.",
		attack: "Nobody gains by it unless such a key is protected less well.",
		remedy: "Use only keys whose use is sig and whose alg is RS256.",
		lets: [
			"key/key-with-use-enc",
			"key/published-for-ps256",
			"key/published-not-to-verify",
		],
	},
	"any-key-verifies": {
		sentence: "Signatures by a key that GitLab does not publish are accepted.",
		attack: "Anyone signs a token with a key of their own, and gets in.",
		remedy: "Use only keys of the issuer's JWKS, found by kid.",
		lets: [
			"key/known-kid-other-key",
			"key/kid-missing-unpublished-key",
			"key/jwk-embedded-under-our-kid",
		],
	},
	"unknown-kid": {
		sentence: "Tokens whose kid names no published key are accepted.",
		attack:
			"The service verifies such a token with another key than the one it names, or not at all.",
		remedy: "If no key has that kid, fetch the JWKS once more, then refuse.",
		lets: ["key/unknown-kid", "key/kid-*"],
	},
	"rsa-padding": {
		sentence: "The padding of an RSA signature is not checked completely.",
		attack:
			"Attackers make signatures without the private key (Bleichenbacher, 2006).",
		remedy:
			"Use the RSA verification of a maintained library (RFC 8017 §8.2.2).",
		lets: [
			"signature/padding-too-short",
			"signature/pkcs1-with-garbage",
			"signature/by-public-exponent",
		],
	},
	"no-signature": {
		sentence: "Tokens with an empty or incomplete signature are accepted.",
		attack: "Anyone writes a token with any claims, and gets in.",
		remedy:
			"Refuse a signature that is empty or shorter than the key's modulus.",
		lets: [
			"signature/empty-with-dot",
			"signature/zeros",
			"signature/truncated",
		],
	},
	"signature-of-something-else": {
		sentence:
			"The service reads other bytes than those whose signature it verified.",
		attack:
			"An attacker changes the claims of a genuine token and keeps its signature.",
		remedy:
			"Read header and claims only from the bytes whose signature was verified.",
		lets: [
			"signature/payload-changed-after-signing",
			"signature/claims-added-after-signing",
			"signature/header-changed-after-signing",
			"signature/of-another-token",
		],
	},
	"signature-spelled-otherwise": {
		sentence:
			"Signatures with extra bytes, or by another algorithm, are accepted.",
		attack: "Nobody gains by it, but one token has many spellings.",
		remedy:
			"Require a signature to be exactly as long as the key's modulus, and by RS256.",
		lets: ["signature/*"],
	},
	"exp-missing": {
		sentence: "Tokens without an expiry (exp) are accepted.",
		attack: "If such a token is ever issued, it is good for ever.",
		remedy: "Require exp: most libraries check it only if it is present.",
		lets: ["time/exp-missing", "time/exp-null"],
	},
	"exp-of-another-type": {
		sentence: "Tokens whose exp is not a number are accepted.",
		attack:
			"A comparison of the time with a string or an array is false, so the token never expires.",
		remedy: "Refuse an exp that is not a number (RFC 7519 §4.1.4).",
		lets: ["time/exp-string", "time/exp-boolean", "time/exp-list"],
	},
	"expired-is-taken": {
		sentence: "Expired tokens are accepted.",
		attack: "A token from an old log or a backup gets in for ever.",
		remedy:
			"Refuse a token whose exp is in the past. Treat every error of the verifier as a refusal.",
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
		sentence: "Tokens are still accepted minutes after they have expired.",
		attack: "A token from a log is good for longer than GitLab intended.",
		remedy: "Allow one minute for clocks that differ, at most five.",
		lets: ["time/expired-a-minute-past-leeway"],
	},
	"exp-read-twice": {
		sentence: "If a token has two exp members, the one in the past is ignored.",
		attack: "Only GitLab's own key can sign such a token.",
		remedy: "Refuse a payload in which a member appears twice.",
		lets: ["time/exp-twice-future-first"],
	},
	"exp-without-sense": {
		sentence: "Tokens with some values of exp in the past are accepted.",
		attack: "A token with such an exp is accepted although it has expired.",
		remedy: "Compare exp with the time in seconds, as numbers.",
		lets: ["time/exp*"],
	},
	"nbf-leeway": {
		sentence: "Tokens are accepted minutes before they are valid (nbf).",
		attack: "A token is used before the time from which it is valid.",
		remedy: "Allow one minute for clocks that differ, at most five.",
		lets: ["time/nbf-a-minute-past-leeway"],
	},
	"nbf-of-another-type": {
		sentence: "Tokens whose nbf is not a number are accepted.",
		attack:
			"A comparison of the time with a string is false, so the token is good before its time.",
		remedy: "Refuse an nbf that is not a number (RFC 7519 §4.1.5).",
		lets: ["time/nbf-string"],
	},
	"sign-in-token": {
		sentence:
			"The token of a person who signed in with GitLab is accepted as a job's.",
		attack: "Anyone who can sign in with GitLab gets in as if they were a job.",
		remedy:
			"Require the claims that only a CI/CD job's token has: project_path, ref and job_id.",
		lets: [
			"token-type/sign-in*",
			"token-type/logout-token",
			"token-type/access-token",
		],
	},
	"lenient-parser": {
		sentence: "The parser accepts tokens that are not well formed.",
		attack:
			"Two programs can read different claims in the same token. Most of these forms harm nobody by themselves.",
		remedy:
			"Use a library that decodes base64url and JSON strictly, and pass the token to it unchanged.",
		lets: ["encoding/*", "header/*"],
	},
	"jti-missing": {
		sentence: "Tokens without an id (jti) are accepted.",
		attack:
			"A list of used token ids cannot recognize such a token when it comes again.",
		remedy: "If you store the ids of used tokens, require jti.",
		lets: ["claims/jti-missing"],
	},
	"list-for-text": {
		sentence: "An array is accepted where GitLab sends a string.",
		attack: "Only GitLab's own key can sign such a token.",
		remedy:
			"Compare type and value: an array that contains the expected string is not that string.",
		lets: ["claims/project-path-list"],
	},
	"sub-unchecked": {
		sentence:
			"Tokens whose sub is missing, empty or not a string are accepted.",
		attack: "What such a job does cannot be traced to a project.",
		remedy: "Require sub to be a string that is not empty.",
		lets: ["claims/sub-*"],
	},
};

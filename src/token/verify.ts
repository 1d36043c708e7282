// The reference verifier: every rule that a token breaks, in spec order.
import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import {
	checkAudience,
	checkedLeeway,
	checkGitLabClaims,
	checkTimes,
	type Leeway,
	otherKind,
	show,
} from "./check-claims.js";
import { type ParsedToken, parseToken } from "./parse.js";
import type { Rule } from "./rules.js";
import { isKeyFor, isSignatureOf } from "./verify-signature.js";

/** What a relying party expects of a token. */
export interface Expectation {
	/** the one issuer that is trusted */
	issuer: string;
	/** this service's name; undefined: `aud` must be there, with any value */
	audience?: string | undefined;
	/** the issuer's published keys */
	keys: readonly JsonWebKey[];
	/** the time, in seconds since the epoch */
	now: number;
	/** seconds by which clocks may differ; default 0 */
	leeway?: number | Leeway;
	/**
	 * what it takes; default RS256 alone, as GitLab's discovery document says. Where they are given, a key may be
	 * used with another algorithm than its `alg` names.
	 */
	algorithms?: readonly string[] | undefined;
}

/** A rule that a token breaks, and how. */
export interface Finding {
	rule: Rule;
	message: string;
}

const ALGORITHM = "RS256"; // the only one that GitLab's discovery document lists
const SMALLEST_KEY = 2048; // bits, RFC 7518 §3.3

/**
 * Judges `token` as a strict relying party would.
 * A check whose precondition failed is not made: there is no signature to verify under a key that was not found.
 * @returns the broken rules in spec order; empty for a token that is in order
 * @throws MockError `invalid_option` where the time or the leeway is no finite number
 */
export function verifyToken(token: string, expected: Expectation): Finding[] {
	const leeway = checkedLeeway(expected.now, expected.leeway ?? 0);
	const parsed = parseToken(token);
	if ("fault" in parsed) return [{ rule: "shape", message: parsed.fault }];
	const findings: Finding[] = [];
	const broken = (rule: Rule, message: string) => {
		findings.push({ rule, message });
	};
	const { header, payload } = parsed;

	const { algorithms } = expected;
	const taken = algorithms ?? [ALGORITHM];
	const algorithm = taken.find((name) => name === header.alg);
	if (algorithm === undefined) {
		broken(
			"algorithm",
			`alg is ${show(header.alg)}, expected ${taken.map(show).join(" or ")}`,
		);
	}
	// Another kind of token has a typ and claims of its own, and is not judged by those of this one.
	const kind = otherKind(payload);
	const { typ } = header;
	if (
		kind === undefined &&
		typ !== undefined &&
		!(typeof typ === "string" && /^(application\/)?jwt$/i.test(typ))
	) {
		broken("type", `typ is ${show(typ)}, expected "JWT"`);
	}
	if (header.crit !== undefined) {
		broken(
			"critical",
			`crit asks for ${show(header.crit)}, and no extension is known here`,
		);
	}
	if (algorithm !== undefined)
		findings.push(...signatureFindings(parsed, algorithm, expected));

	if (kind) {
		broken("token-type", kind);
		return findings;
	}
	if (payload.iss !== expected.issuer) {
		broken(
			"issuer",
			`iss is ${show(payload.iss)}, expected "${expected.issuer}"`,
		);
	}
	checkAudience(payload.aud, expected.audience, broken);
	checkTimes(payload, expected.now, leeway, broken);

	checkGitLabClaims(payload, broken);
	return findings;
}

/** What is wrong with the signature, or with the key that the header names. */
function signatureFindings(
	{ header, input, signature }: ParsedToken,
	algorithm: string,
	{ keys, algorithms }: Expectation,
): Finding[] {
	const published = keys.filter(
		(jwk) =>
			jwk !== null &&
			typeof jwk === "object" &&
			isKeyFor(algorithm, jwk) &&
			(algorithms !== undefined || (jwk.alg ?? algorithm) === algorithm),
	);
	const named = candidates(header.kid, published);
	if (named.length === 0) {
		const message = `no published signature key has the kid ${show(header.kid)}`;
		return [{ rule: "key", message }];
	}
	if (named.some((key) => isSignatureOf(algorithm, input, key, signature)))
		return [];
	const message = "the signature does not fit the token's bytes and the key";
	return [{ rule: "signature", message }];
}

/** The published signature keys that `kid` may mean; without a kid, all of them. */
function candidates(
	kid: unknown,
	published: readonly JsonWebKey[],
): KeyObject[] {
	return published
		.filter((jwk) => kid === undefined || jwk?.kid === kid)
		.flatMap((jwk) => signatureKey(jwk) ?? []);
}

const keyObjects = new WeakMap<
	JsonWebKey,
	{ text: string; key: KeyObject | undefined }
>();

/** The key that `jwk` is, if it can verify: any other entry of a JWKS is ignored (RFC 7517 §5). */
function signatureKey(jwk: JsonWebKey): KeyObject | undefined {
	const text = JSON.stringify(jwk); // the caller may have changed it
	let made = keyObjects.get(jwk);
	if (made?.text !== text) {
		made = { text, key: readSignatureKey(jwk) };
		keyObjects.set(jwk, made);
	}
	return made.key;
}

function readSignatureKey(jwk: JsonWebKey): KeyObject | undefined {
	try {
		if ((jwk.use ?? "sig") !== "sig") return undefined;
		const { key_ops = ["verify"] } = jwk; // RFC 7517 §4.3
		if (!Array.isArray(key_ops) || !key_ops.includes("verify"))
			return undefined;
		const key = createPublicKey({ key: jwk, format: "jwk" });
		if (jwk.kty !== "RSA") return key;
		const { modulusLength = 0, publicExponent = 0n } =
			key.asymmetricKeyDetails ?? {};
		// RFC 8017 §3.1: an exponent is at least 3; with 1, everyone signs.
		return modulusLength >= SMALLEST_KEY && publicExponent >= 3n
			? key
			: undefined;
	} catch {
		return undefined;
	}
}

// Whether a signature is good: for RS256, and for what else a relying party may take.
import { type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { RSA_ALGORITHMS, type RsaAlgorithm } from "./sign.js";

const ECDSA: Readonly<Record<string, { hash: string; curve: string }>> = {
	ES256: { hash: "sha256", curve: "P-256" },
	ES384: { hash: "sha384", curve: "P-384" },
	ES512: { hash: "sha512", curve: "P-521" },
};

const isRsa = (algorithm: string): algorithm is RsaAlgorithm =>
	Object.hasOwn(RSA_ALGORITHMS, algorithm);

/** Whether `jwk` is of the type that `algorithm` takes. HMAC takes none: what is published is no secret. */
export function isKeyFor(algorithm: string, { kty, crv }: JsonWebKey): boolean {
	if (isRsa(algorithm)) return kty === "RSA";
	if (Object.hasOwn(ECDSA, algorithm))
		return kty === "EC" && crv === ECDSA[algorithm]?.curve;
	return algorithm === "EdDSA" && kty === "OKP" && crv === "Ed25519";
}

/** Whether `signature` is that of `input` by `key`, which {@link isKeyFor} has let through. */
export function isSignatureOf(
	algorithm: string,
	input: string,
	key: KeyObject,
	signature: Buffer,
): boolean {
	const bytes = Buffer.from(input);
	if (isRsa(algorithm)) {
		const { hash, options } = RSA_ALGORITHMS[algorithm];
		return verify(hash, bytes, { key, ...options }, signature);
	}
	const ecdsa = ECDSA[algorithm];
	return ecdsa
		? verify(ecdsa.hash, bytes, { key, dsaEncoding: "ieee-p1363" }, signature)
		: verify(null, bytes, key, signature);
}

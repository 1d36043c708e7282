// An RSA key of two primes (RFC 8017 §3.2), wherever these come from.
import { createPrivateKey, type KeyObject } from "node:crypto";

const E = 65537n;

/** The key that two primes make. */
export function keyOf(p: bigint, q: bigint): KeyObject {
	const d = inverse(E, (p - 1n) * (q - 1n));
	const key = {
		kty: "RSA",
		n: base64urlUInt(p * q),
		e: base64urlUInt(E),
		d: base64urlUInt(d),
		p: base64urlUInt(p),
		q: base64urlUInt(q),
		dp: base64urlUInt(d % (p - 1n)),
		dq: base64urlUInt(d % (q - 1n)),
		qi: base64urlUInt(inverse(q, p)),
	};
	return createPrivateKey({ key, format: "jwk" });
}

/** Whether the predecessor of a prime has no factor in common with E. */
export const fits = (prime: bigint): boolean => (prime - 1n) % E !== 0n;

/** The inverse of `a` modulo `m`, by Euclid's extended algorithm. */
function inverse(a: bigint, m: bigint): bigint {
	let [r, next] = [m, a % m];
	let [t, following] = [0n, 1n];
	while (next !== 0n) {
		const quotient = r / next;
		[r, next] = [next, r - quotient * next];
		[t, following] = [following, t - quotient * following];
	}
	return t < 0n ? t + m : t;
}

/** RFC 7518 §2, Base64urlUInt. */
function base64urlUInt(value: bigint): string {
	const hex = value.toString(16);
	return Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex").toString(
		"base64url",
	);
}

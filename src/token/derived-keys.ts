// Keys that follow from others: a file with an instance's two keys stands for the attacker's as well.
import {
	checkPrime,
	createECDH,
	createHash,
	createPrivateKey,
	type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import { fits, keyOf } from "./key-of-primes.js";
import type { KeySource } from "./key-source.js";
import type { KeySet, SigningKey } from "./keys.js";

const isPrime = promisify(checkPrime);

/** The same keys, with all others derived from them: the same file gives the same attacker. */
export const withDerivedKeys = (keys: KeySet): KeySet => ({
	...keys,
	source: derivedKeys([keys.signIn, keys.ci].map(privateExponent).join("\n")),
});

const privateExponent = ({ privateKey }: SigningKey): string =>
	String(privateKey.export({ format: "jwk" }).d);

/** The keys that `seed` makes. No more secret than the seed, and for tests only, as everything here. */
export function derivedKeys(seed: string): KeySource {
	const bytes = (name: string, length: number): Buffer => {
		const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
			createHash("sha256").update(`${seed}\n${name}\n${index}`).digest(),
		);
		return Buffer.concat(blocks).subarray(0, length);
	};
	return {
		async rsa(name, bits = 2048) {
			const [p, q] = await Promise.all(
				["p", "q"].map((factor) =>
					primeFrom(bytes(`${name} ${factor}`, bits / 16)),
				),
			);
			return keyOf(p as bigint, q as bigint);
		},
		async ec(name) {
			return ecKey(bytes(name, 32));
		},
		async ed(name) {
			return createPrivateKey({
				key: Buffer.concat([ED25519, bytes(name, 32)]),
				format: "der",
				type: "pkcs8",
			});
		},
	};
}

/** RFC 8410 §7: what stands before an Ed25519 private key in PKCS #8. */
const ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

function ecKey(secret: Buffer): KeyObject {
	const pair = createECDH("prime256v1");
	pair.setPrivateKey(secret);
	const point = pair.getPublicKey(); // 4, x, y
	const key = {
		kty: "EC",
		crv: "P-256",
		x: point.subarray(1, 33).toString("base64url"),
		y: point.subarray(33).toString("base64url"),
		d: secret.toString("base64url"),
	};
	return createPrivateKey({ key, format: "jwk" });
}

/** The first prime from `start` on, whose two highest bits are set, that is good for a key. */
async function primeFrom(start: Buffer): Promise<bigint> {
	const first =
		BigInt(`0x${start.toString("hex")}`) |
		(3n << BigInt(8 * start.length - 2)) |
		1n;
	const rests = SMALL_PRIMES.map((prime) => Number(first % BigInt(prime)));
	for (let step = 0; ; step += 2) {
		// Most candidates have a small factor, and dividing is cheaper than asking OpenSSL.
		const isComposite = SMALL_PRIMES.some(
			(prime, index) => ((rests[index] as number) + step) % prime === 0,
		);
		if (isComposite) continue;
		const candidate = first + BigInt(step);
		if (fits(candidate) && (await isPrime(candidate))) return candidate;
	}
}

const SMALL_PRIMES = primesBelow(10_000);

/** The odd ones. */
function primesBelow(limit: number): number[] {
	const primes: number[] = [];
	for (let n = 3; n < limit; n += 2)
		if (!primes.some((prime) => prime * prime <= n && n % prime === 0))
			primes.push(n);
	return primes;
}

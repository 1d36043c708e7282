// Tokens that no honest issuer makes: wrong signatures, and finished tokens changed afterwards.
import { createHmac } from "node:crypto";
import { base64url } from "./compact.js";
import { type KeySet, publicPem } from "./keys.js";

/** What an HMAC is keyed with: things that an attacker knows, or guesses. */
export const HMAC_SECRETS = {
	"public-key-pem": (keys) => publicPem(keys.ci),
} as const satisfies Record<string, (keys: KeySet) => string | Uint8Array>;

export type HmacSecret = keyof typeof HMAC_SECRETS;

/**
 * Attack: an HMAC under a secret that is public, for a verifier that takes the RSA key from
 * the JWKS and the algorithm from the token.
 */
export function hmac(input: string, secret: HmacSecret, keys: KeySet): Buffer {
	return createHmac("sha256", HMAC_SECRETS[secret](keys))
		.update(input)
		.digest();
}

/** Named edits of a finished token. */
export const MANGLES = {
	"flip-signature-bit": flipSignatureBit,
} as const satisfies Record<string, (token: string) => string>;

export type Mangle = keyof typeof MANGLES;

/** Attack: one bit of the signature is wrong; it stays canonical base64url of the same length. */
function flipSignatureBit(token: string): string {
	const cut = token.lastIndexOf(".") + 1;
	const signature = Buffer.from(token.slice(cut), "base64url");
	const last = signature.length - 1;
	signature.writeUInt8(signature.readUInt8(last) ^ 1, last);
	return token.slice(0, cut) + base64url(signature);
}

/** Attack: the payload is exchanged for another, under the old signature. */
export function replacePayload(token: string, payload: unknown): string {
	const [header, , signature] = token.split(".");
	return `${header}.${base64url(JSON.stringify(payload))}.${signature}`;
}

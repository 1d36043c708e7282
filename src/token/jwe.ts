// Attack: a token wrapped in a JWE (RFC 7516 §7.1), encrypted to the issuer's own public key, which anyone can do.
import {
	createCipheriv,
	type KeyObject,
	publicEncrypt,
	randomBytes,
} from "node:crypto";
import { base64url } from "./compact.js";

/** `token` encrypted with RSA-OAEP-256 and A256GCM. */
export function encryptTo(
	key: { kid: string; publicKey: KeyObject },
	token: string,
): string {
	const header = base64url(
		JSON.stringify({
			kid: key.kid,
			cty: "JWT",
			alg: "RSA-OAEP-256",
			enc: "A256GCM",
		}),
	);
	const contentKey = randomBytes(32);
	const iv = randomBytes(12);
	const cipher = createCipheriv("aes-256-gcm", contentKey, iv);
	cipher.setAAD(Buffer.from(header));
	const text = Buffer.concat([cipher.update(token), cipher.final()]);
	const wrapped = publicEncrypt(
		{ key: key.publicKey, oaepHash: "sha256" },
		contentKey,
	);
	return [header, wrapped, iv, text, cipher.getAuthTag()]
		.map((part) => (typeof part === "string" ? part : base64url(part)))
		.join(".");
}

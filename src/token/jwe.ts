// Attack: a token wrapped in a JWE (RFC 7516 §7.1), encrypted to the issuer's own public key, which anyone can do.
import { inTurn } from "../in-turn.js";
import type { SigningKey } from "./keys.js";

/** `token` encrypted with RSA-OAEP-256 and A256GCM. node-jose is loaded for the first. */
export async function encryptTo(
	{ kid, jwk }: Pick<SigningKey, "kid" | "jwk">,
	token: string,
): Promise<string> {
	const { default: jose } = await inTurn(() => import("node-jose"));
	const { e, n } = jwk;
	const key = await jose.JWK.asKey({ kty: "RSA", kid, e, n });
	const alg = "RSA-OAEP-256";
	return jose.JWE.createEncrypt(
		{
			format: "compact",
			contentAlg: "A256GCM",
			fields: { kid, cty: "JWT", alg },
		},
		key,
	)
		.update(token)
		.final() as unknown as Promise<string>;
}

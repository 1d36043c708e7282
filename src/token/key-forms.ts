// Private keys as others keep them, PEM blocks one after another, as the JWKS that a key file has. node-jose reads them.

import type { JsonWebKey } from "node:crypto";
import { inTurn } from "../in-turn.js";

const PEM = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*-----END \1-----/g;

/** The private JWK of each PEM block in `text`; one that is no key is null, so that its place can be told. */
export async function jwksOfPem(
	text: string,
): Promise<{ keys: (JsonWebKey | null)[] }> {
	const { default: jose } = await inTurn(() => import("node-jose"));
	const blocks = text.match(PEM) ?? [];
	const keys = blocks.map((block) =>
		jose.JWK.asKey(block, "pem").then(
			(key) => key.toJSON(true) as JsonWebKey,
			() => null,
		),
	);
	return { keys: await Promise.all(keys) };
}

// An instance's RSA keys: made in the background, kept by node-jose, published as JWKS and PEM.
import {
	createPrivateKey,
	createPublicKey,
	type JsonWebKey,
	type KeyObject,
} from "node:crypto";
import { generateKey } from "./generate-key.js";

/** A public key as GitLab publishes it: these six members, in this order. (A type, not an interface: it is a JsonWebKey.) */
export type PublicJwk = {
	kty: "RSA";
	kid: string;
	e: string;
	n: string;
	use: "sig";
	alg: "RS256";
};

/** A key that signs. `privateKey` is made once; the rest is public. */
export interface SigningKey {
	/** RFC 7638 SHA-256 thumbprint, base64url */
	kid: string;
	privateKey: KeyObject;
	publicKey: KeyObject;
	jwk: PublicJwk;
}

/** The keys of one instance, at one time. */
export interface KeySet {
	/** signs GitLab's OpenID Connect sign-ins */
	signIn: SigningKey;
	/** signs CI/CD ID tokens */
	ci: SigningKey;
	/** in the JWKS, in its order: GitLab has the sign-in key first */
	published: readonly SigningKey[];
	/** all there ever were */
	known: readonly SigningKey[];
}

/** The keys that an instance starts with. */
export function keySet(signIn: SigningKey, ci: SigningKey): KeySet {
	const both = [signIn, ci];
	return { signIn, ci, published: both, known: both };
}

/** Makes the two keys of an instance, side by side. */
export async function generateKeySet(): Promise<KeySet> {
	const [signIn, ci] = await Promise.all([
		generateKey().then(signingKey),
		generateKey().then(signingKey),
	]);
	return keySet(signIn, ci);
}

/** Hands `privateKey` to node-jose, which names it by its thumbprint and knows its public part. */
export async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
	const { default: jose } = await import("node-jose");
	const kept = await jose.JWK.createKeyStore().add(
		privateKey.export({ format: "jwk" }) as object,
		"json",
		{ use: "sig", alg: "RS256" },
	);
	const { kid, e, n } = kept.toJSON() as { kid: string; e: string; n: string };
	const jwk = { kty: "RSA", kid, e, n, use: "sig", alg: "RS256" } as const;
	return { kid, privateKey, publicKey: createPublicKey(privateKey), jwk };
}

/** The JWKS of an instance. */
export const publicKeys = (keys: KeySet): { keys: PublicJwk[] } => ({
	keys: keys.published.map(({ jwk }) => jwk),
});

/** A public key as SubjectPublicKeyInfo PEM, for verifiers that take no JWKS. */
export const publicPem = (key: SigningKey): string =>
	key.publicKey.export({ type: "spki", format: "pem" }).toString();

/** Private members and all, for a key file: the only place that they go to. */
export const privateJwk = (key: SigningKey): JsonWebKey => ({
	...key.privateKey.export({ format: "jwk" }),
	...key.jwk,
});

/** The reverse of {@link privateJwk}; throws where `jwk` is no private key, and its error may quote the key. */
export const fromPrivateJwk = async (jwk: JsonWebKey): Promise<SigningKey> =>
	signingKey(createPrivateKey({ key: jwk, format: "jwk" }));

let unpublished: Promise<SigningKey> | undefined;

/** A key that no instance publishes: an attacker's. One for the process, made when first asked for. */
export function unpublishedKey(): Promise<SigningKey> {
	unpublished ??= generateKey().then(signingKey);
	return unpublished;
}

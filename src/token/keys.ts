// An instance's RSA keys: made in the background, named by their thumbprints, published as JWKS and PEM.
import {
	createHash,
	createPrivateKey,
	createPublicKey,
	type JsonWebKey,
	type KeyObject,
} from "node:crypto";
import { generateKey } from "./generate-key.js";
import { freshKeys, type KeySource, once } from "./key-source.js";

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
	/** RFC 7638 SHA-256 thumbprint, base64url; or what its file calls it */
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
	/** where the attacker's and other keys come from; default fresh ones, which all instances of the process share */
	source?: KeySource | undefined;
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

/** The key pair of `privateKey`, named as GitLab names it: by the thumbprint of its public half. */
export function signingKey(privateKey: KeyObject): SigningKey {
	const publicKey = createPublicKey(privateKey);
	const { e, n, kty } = publicKey.export({ format: "jwk" });
	if (kty !== "RSA") throw new TypeError("not an RSA key");
	const kid = thumbprint({ e, kty, n });
	const jwk = {
		kty,
		kid,
		e: String(e),
		n: String(n),
		use: "sig",
		alg: "RS256",
	} as const;
	return { kid, privateKey, publicKey, jwk };
}

/** RFC 7638 §3, of the required members in alphabetical order. */
export const thumbprint = (members: object): string =>
	createHash("sha256").update(JSON.stringify(members)).digest("base64url");

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
export async function fromPrivateJwk(jwk: JsonWebKey): Promise<SigningKey> {
	const made = signingKey(createPrivateKey({ key: jwk, format: "jwk" }));
	const { kid = made.kid } = jwk as { kid?: string };
	return { ...made, kid, jwk: { ...made.jwk, kid } };
}

/** A key that no instance publishes: an attacker's. One for each source, made when first asked for. */
export const unpublishedKey = (
	source: KeySource = freshKeys,
): Promise<SigningKey> =>
	once(source, "unpublished", () => source.rsa("unpublished").then(signingKey));

// The keys that a scenario can name: the instance's two, and others that are weak, foreign or meant for something else.
import { createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Described } from "./described.js";
import { byIdentity, withGarbage } from "./forge-rsa.js";
import { freshKeys, type KeySource, once } from "./key-source.js";
import {
	type KeySet,
	type SigningKey,
	thumbprint,
	unpublishedKey,
} from "./keys.js";
import { type RsaAlgorithm, signRsa } from "./sign.js";

/** The public half of a key. (A type of its own: Node's has no member that may be undefined.) */
type Jwk = { kty: string; kid: string } & Record<string, string | string[]>;

/** A key that a token can be signed with. */
export interface NamedKey {
	kid: string;
	/** the public half, as a JWKS has it */
	jwk: Jwk;
	/** Its signature of `input`; `alg` is for RSA keys. */
	sign(input: string, alg?: RsaAlgorithm | undefined): Promise<Buffer> | Buffer;
}

/** Keys that a scenario's `instance.keys` can publish, each made once for its source when it is first asked for. */
const EXTRA = {
	second: {
		description: "one more RSA key, just as good as the instance's own",
		make: (source) => rsaKey(source, "second"),
	},
	"ec-p256": {
		description: "an elliptic curve key (ES256), which GitLab never has",
		make: (source) => ecKey(source, "ec-p256"),
	},
	ed25519: {
		description: "an Ed25519 key (EdDSA), which GitLab never has",
		make: (source) => edKey(source, "ed25519"),
	},
	"rsa-512": {
		description:
			"an RSA key of 512 bits: within reach of anyone's computer since 1999",
		make: async (source) => fromRsa(await source.rsa("rsa-512", 512)),
	},
	"rsa-1024": {
		description: "an RSA key of 1024 bits, below what RFC 7518 §3.3 asks for",
		make: async (source) => fromRsa(await source.rsa("rsa-1024", 1024)),
	},
	encryption: {
		description:
			"an RSA key that is published to encrypt to (use: enc), not to sign",
		make: (source) =>
			rsaKey(source, "encryption", { use: "enc", alg: "RSA-OAEP-256" }),
	},
	"rsa-for-ps256": {
		description: "an RSA key that is published for PS256 signatures",
		make: (source) =>
			rsaKey(source, "rsa-for-ps256", { use: "sig", alg: "PS256" }),
	},
	"rsa-not-to-verify": {
		description:
			"an RSA key whose published operations (key_ops) do not include verify",
		make: (source) =>
			rsaKey(source, "rsa-not-to-verify", {
				alg: "RS256",
				key_ops: ["encrypt"],
			}),
	},
	"exponent-1": {
		description:
			"an RSA key with the exponent 1, which changes nothing: everyone can sign",
		make: (source) => publicOnly(source, "AQ", (input) => byIdentity(input)),
	},
	"exponent-3": {
		description:
			"an RSA key with the exponent 3; its signatures are cube roots, made without a private key (Bleichenbacher, 2006)",
		make: (source) => publicOnly(source, "Aw", (input) => withGarbage(input)),
	},
} as const satisfies Record<
	string,
	Described<(source: KeySource) => Promise<NamedKey>>
>;

export type ExtraKeyName = keyof typeof EXTRA;

/** Every key that can be published for a scenario. */
export const EXTRA_KEYS: Readonly<
	Record<ExtraKeyName, { description: string }>
> = EXTRA;

/** Every key that can sign. */
export const NAMED_KEYS = {
	ci: { description: "the instance's key for CI/CD ID tokens; the default" },
	"sign-in": {
		description:
			"the instance's key for OpenID Connect sign-ins, in the same JWKS",
	},
	unpublished: { description: "the attacker's key, which is in no JWKS" },
	retired: {
		description: "a key of the instance that is not in its JWKS any more",
	},
	...EXTRA_KEYS,
} as const;
export type KeyName = keyof typeof NAMED_KEYS;

/** The key of this name. */
export const extraKey = (
	name: ExtraKeyName,
	source: KeySource = freshKeys,
): Promise<NamedKey> => once(source, name, () => EXTRA[name].make(source));

/** The key of this name, of an instance with `keys`. */
export function keyNamed(
	name: KeyName | undefined,
	keys: KeySet,
): NamedKey | Promise<NamedKey> {
	const { source = freshKeys } = keys;
	switch (name) {
		case undefined:
		case "ci":
			return namedKey(keys.ci);
		case "sign-in":
			return namedKey(keys.signIn);
		case "unpublished":
			return unpublishedKey(source).then(namedKey);
		case "retired":
			return once(source, name, () => rsaKey(source, name));
		default:
			return extraKey(name, source);
	}
}

const namedKeys = new WeakMap<SigningKey, NamedKey>();

function namedKey(key: SigningKey): NamedKey {
	let named = namedKeys.get(key);
	if (!named) {
		const { kid, jwk } = key;
		named = { kid, jwk, sign: (input, alg) => signRsa(input, key, alg) };
		namedKeys.set(key, named);
	}
	return named;
}

type Members = Readonly<Record<string, string | string[]>>;

const rsaKey = async (
	source: KeySource,
	name: string,
	members?: Members,
): Promise<NamedKey> => fromRsa(await source.rsa(name), members);

function fromRsa(
	privateKey: KeyObject,
	members: Members = { use: "sig", alg: "RS256" },
): NamedKey {
	const publicKey = createPublicKey(privateKey);
	const { kty, n, e } = exported(publicKey);
	const kid = thumbprint({ e, kty, n });
	return {
		kid,
		jwk: { kty, kid, e, n, ...members },
		sign: (input, alg) => signRsa(input, { privateKey }, alg),
	};
}

/** A key that only has a public half: its signatures are forged. */
async function publicOnly(
	source: KeySource,
	e: string,
	forge: (input: string) => Buffer,
): Promise<NamedKey> {
	const { n } = (await unpublishedKey(source)).jwk; // any modulus does
	const kid = thumbprint({ e, kty: "RSA", n });
	const jwk = { kty: "RSA", kid, e, n, use: "sig", alg: "RS256" };
	return { kid, jwk, sign: forge };
}

async function ecKey(source: KeySource, name: string): Promise<NamedKey> {
	const privateKey = await source.ec(name);
	const { kty, crv, x, y } = exported(createPublicKey(privateKey));
	const kid = thumbprint({ crv, kty, x, y });
	const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
	return {
		kid,
		jwk: { kty, kid, crv, x, y, use: "sig", alg: "ES256" },
		sign: (input) => sign("sha256", Buffer.from(input), key),
	};
}

async function edKey(source: KeySource, name: string): Promise<NamedKey> {
	const privateKey = await source.ed(name);
	const { kty, crv, x } = exported(createPublicKey(privateKey));
	const kid = thumbprint({ crv, kty, x });
	return {
		kid,
		jwk: { kty, kid, crv, x, use: "sig", alg: "EdDSA" },
		sign: (input) => sign(null, Buffer.from(input), privateKey),
	};
}

/** The members of a public key, all of which a key of its type has. */
const exported = (key: KeyObject) =>
	key.export({ format: "jwk" }) as Record<
		"kty" | "n" | "e" | "crv" | "x" | "y",
		string
	>;

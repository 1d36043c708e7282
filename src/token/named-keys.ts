// The keys that a scenario can name: the instance's two, and others that are weak, foreign or meant for something else.
import {
	createPublicKey,
	generateKeyPair,
	type KeyObject,
	sign,
} from "node:crypto";
import { promisify } from "node:util";
import type { Described } from "./described.js";
import { byIdentity, withGarbage } from "./forge-rsa.js";
import { generateKey } from "./generate-key.js";
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

/** Keys that a scenario's `instance.keys` can publish, each made once for the process when it is first asked for. */
const EXTRA = {
	second: {
		description: "one more RSA key, just as good as the instance's own",
		make: () => rsaKey(),
	},
	"ec-p256": {
		description: "an elliptic curve key (ES256), which GitLab never has",
		make: () => ecKey(),
	},
	ed25519: {
		description: "an Ed25519 key (EdDSA), which GitLab never has",
		make: () => edKey(),
	},
	"rsa-512": {
		description:
			"an RSA key of 512 bits: within reach of anyone's computer since 1999",
		make: () => shortKey(512),
	},
	"rsa-1024": {
		description: "an RSA key of 1024 bits, below what RFC 7518 §3.3 asks for",
		make: () => shortKey(1024),
	},
	encryption: {
		description:
			"an RSA key that is published to encrypt to (use: enc), not to sign",
		make: () => rsaKey({ use: "enc", alg: "RSA-OAEP-256" }),
	},
	"rsa-for-ps256": {
		description: "an RSA key that is published for PS256 signatures",
		make: () => rsaKey({ use: "sig", alg: "PS256" }),
	},
	"rsa-not-to-verify": {
		description:
			"an RSA key whose published operations (key_ops) do not include verify",
		make: () => rsaKey({ alg: "RS256", key_ops: ["encrypt"] }),
	},
	"exponent-1": {
		description:
			"an RSA key with the exponent 1, which changes nothing: everyone can sign",
		make: async () => publicOnly("AQ", (input) => byIdentity(input)),
	},
	"exponent-3": {
		description:
			"an RSA key with the exponent 3; its signatures are cube roots, made without a private key (Bleichenbacher, 2006)",
		make: async () => publicOnly("Aw", (input) => withGarbage(input)),
	},
} as const satisfies Record<string, Described<() => Promise<NamedKey>>>;

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

const made = new Map<string, Promise<NamedKey>>();

function once(name: string, make: () => Promise<NamedKey>): Promise<NamedKey> {
	let key = made.get(name);
	if (!key) {
		key = make();
		made.set(name, key);
	}
	return key;
}

/** The key of this name. */
export const extraKey = (name: ExtraKeyName): Promise<NamedKey> =>
	once(name, EXTRA[name].make);

/** The key of this name, of an instance with `keys`. */
export function keyNamed(
	name: KeyName | undefined,
	keys: KeySet,
): NamedKey | Promise<NamedKey> {
	switch (name) {
		case undefined:
		case "ci":
			return namedKey(keys.ci);
		case "sign-in":
			return namedKey(keys.signIn);
		case "unpublished":
			return unpublishedKey().then(namedKey);
		case "retired":
			return once(name, () => rsaKey());
		default:
			return extraKey(name);
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

const rsaKey = async (members?: Members): Promise<NamedKey> =>
	fromRsa(await generateKey(), members);

const generatePair = promisify(generateKeyPair);

async function shortKey(modulusLength: number): Promise<NamedKey> {
	const { privateKey } = await generatePair("rsa", { modulusLength });
	return fromRsa(privateKey);
}

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
	e: string,
	forge: (input: string) => Buffer,
): Promise<NamedKey> {
	const { n } = (await unpublishedKey()).jwk; // any modulus does
	const kid = thumbprint({ e, kty: "RSA", n });
	const jwk = { kty: "RSA", kid, e, n, use: "sig", alg: "RS256" };
	return { kid, jwk, sign: forge };
}

async function ecKey(): Promise<NamedKey> {
	const pair = await generatePair("ec", { namedCurve: "P-256" });
	const { kty, crv, x, y } = exported(pair.publicKey);
	const kid = thumbprint({ crv, kty, x, y });
	const key = { key: pair.privateKey, dsaEncoding: "ieee-p1363" } as const;
	return {
		kid,
		jwk: { kty, kid, crv, x, y, use: "sig", alg: "ES256" },
		sign: (input) => sign("sha256", Buffer.from(input), key),
	};
}

async function edKey(): Promise<NamedKey> {
	const pair = await generatePair("ed25519");
	const { kty, crv, x } = exported(pair.publicKey);
	const kid = thumbprint({ crv, kty, x });
	return {
		kid,
		jwk: { kty, kid, crv, x, use: "sig", alg: "EdDSA" },
		sign: (input) => sign(null, Buffer.from(input), pair.privateKey),
	};
}

/** The members of a public key, all of which a key of its type has. */
const exported = (key: KeyObject) =>
	key.export({ format: "jwk" }) as Record<
		"kty" | "n" | "e" | "crv" | "x" | "y",
		string
	>;

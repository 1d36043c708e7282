// The keys that a scenario can name: the instance's two, and others that are weak, foreign or meant for something else.
import {
	createHash,
	createPublicKey,
	generateKeyPair,
	type KeyObject,
	sign,
} from "node:crypto";
import { promisify } from "node:util";
import { byIdentity, withGarbage } from "./forge-rsa.js";
import { generateKey } from "./generate-key.js";
import { type KeySet, type SigningKey, unpublishedKey } from "./keys.js";
import { type RsaAlgorithm, signRsa } from "./sign.js";

/** The public half of a key. (A type of its own: Node's has no member that may be undefined.) */
export type Jwk = { kty: string; kid: string } & Record<
	string,
	string | string[]
>;

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
	/** one more, just as good as the instance's own */
	second: () => rsaKey(),
	"ec-p256": () => ecKey(),
	ed25519: () => edKey(),
	/** Attack: within reach of anyone's computer since 1999 */
	"rsa-512": () => shortKey(512),
	/** Attack: below what RFC 7518 §3.3 asks for */
	"rsa-1024": () => shortKey(1024),
	/** published to encrypt to, not to sign */
	encryption: () => rsaKey({ use: "enc", alg: "RSA-OAEP-256" }),
	/** published to verify PS256 signatures */
	"rsa-for-ps256": () => rsaKey({ use: "sig", alg: "PS256" }),
	/** published for operations of which verifying is none */
	"rsa-not-to-verify": () => rsaKey({ alg: "RS256", key_ops: ["encrypt"] }),
	/** Attack: an RSA key that changes nothing, so that everyone signs */
	"exponent-1": async () => publicOnly("AQ", (input) => byIdentity(input)),
	/** Attack: signatures that are cube roots (Bleichenbacher, 2006) */
	"exponent-3": async () => publicOnly("Aw", (input) => withGarbage(input)),
} as const satisfies Record<string, () => Promise<NamedKey>>;

export type ExtraKeyName = keyof typeof EXTRA;

/** Every key that can be published for a scenario. */
export const EXTRA_KEY_NAMES = Object.keys(EXTRA) as [
	ExtraKeyName,
	...ExtraKeyName[],
];

/** Every key that can sign; `unpublished` and `retired` are in no JWKS. */
export const KEY_NAMES = [
	"ci",
	"sign-in",
	"unpublished",
	"retired",
	...EXTRA_KEY_NAMES,
] as const;
export type KeyName = (typeof KEY_NAMES)[number];

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
	once(name, EXTRA[name]);

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

/** RFC 7638 §3: the required members, in alphabetical order. */
const thumbprint = (members: object): string =>
	createHash("sha256").update(JSON.stringify(members)).digest("base64url");

// What a JWKS has instead of, or beside, the keys that it should have.
import { generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import type { Described } from "./described.js";
import { type KeySet, publicKeys, unpublishedKey } from "./keys.js";
import { type ExtraKeyName, extraKey } from "./named-keys.js";

type Keys = JsonWebKey[];

/** Named ways in which the list of keys differs. */
export const JWKS_CHANGES = {
	empty: {
		description: "there is no key",
		make: () => [],
	},
	"without-ours": {
		description: "the key for CI/CD ID tokens is missing",
		make: (keys, { ci }) => keys.filter(({ kid }) => kid !== ci.kid),
	},
	"unknown-key-types": {
		description:
			"keys of unknown types, and incomplete ones, come first: what is not understood is ignored (RFC 7517 §5)",
		make: (keys) => [
			{ kty: "lattice", kid: "of-the-future", use: "sig", p: "AQAB" },
			{ kty: "EC", kid: "unknown-curve", crv: "P-1024", x: "AQ", y: "AQ" },
			{ kty: "RSA", kid: "incomplete", e: "AQAB" },
			{ kid: "without-a-type" } as JsonWebKey,
			...keys,
		],
	},
	"duplicate-kid": {
		description: "another key with the same kid comes first",
		make: async (keys, { ci, source }) => [
			{ ...(await unpublishedKey(source)).jwk, kid: ci.kid },
			...keys,
		],
	},
	"same-kid-new-key": {
		description:
			"another key takes the place of the one for CI/CD ID tokens, with the same kid",
		make: async (keys, { ci, source }) => {
			const { jwk } = await unpublishedKey(source);
			return keys.map((key) =>
				key.kid === ci.kid ? { ...jwk, kid: ci.kid } : key,
			);
		},
	},
	"private-members": {
		description:
			"a careless issuer: one more key is there with its private half",
		make: async (keys) => [...keys, await carelessKey()],
	},
	"symmetric-key": {
		description:
			"a careless issuer: an HMAC secret is there for everyone to read",
		make: (keys) => [
			...keys,
			{ kty: "oct", kid: "symmetric", alg: "HS256", k: SYMMETRIC_KEY },
		],
	},
	"ten-thousand-keys": {
		description: "10,000 other keys come first",
		make: (keys) => [
			...Array.from({ length: 10_000 }, (_, index) => ({
				...(keys[0] as JsonWebKey),
				kid: `old-key-${index}`,
			})),
			...keys,
		],
	},
} as const satisfies Record<
	string,
	Described<(keys: Keys, set: KeySet) => Keys | Promise<Keys>>
>;

export type JwksChange = keyof typeof JWKS_CHANGES;

/** The secret of `symmetric-key`, base64url. */
export const SYMMETRIC_KEY = Buffer.from(
	"a secret that the JWKS gives away",
).toString("base64url");

/**
 * The keys of an instance as it publishes them.
 * @param publish keys beside its own
 * @param change how the list differs
 */
export async function publishedKeys(
	set: KeySet,
	publish: readonly ExtraKeyName[] = [],
	change?: JwksChange,
): Promise<Keys> {
	const extra = await Promise.all(
		publish.map((name) => extraKey(name, set.source)),
	);
	const keys = [...publicKeys(set).keys, ...extra.map(({ jwk }) => jwk)];
	return change === undefined ? keys : JWKS_CHANGES[change].make(keys, set);
}

/** Makes what {@link publishedKeys} will need: an RSA key takes longer than a request may wait. */
export async function prepareKeys(
	publish: readonly ExtraKeyName[] = [],
	change?: JwksChange,
): Promise<void> {
	const made: Promise<unknown>[] = publish.map((name) => extraKey(name));
	if (change === "private-members") made.push(carelessKey());
	else if (change !== undefined) made.push(unpublishedKey());
	await Promise.all(made);
}

let careless: Promise<JsonWebKey> | undefined;

/** A private JWK. The key is made for this alone and signs no token. */
function carelessKey(): Promise<JsonWebKey> {
	careless ??= promisify(generateKeyPair)("rsa", { modulusLength: 2048 }).then(
		({ privateKey }) => ({
			...privateKey.export({ format: "jwk" }),
			kid: "published-by-mistake",
			use: "sig",
			alg: "RS256",
		}),
	);
	return careless;
}

// What a JWKS has instead of, or beside, the keys that it should have.
import { generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import { type KeySet, publicKeys, unpublishedKey } from "./keys.js";
import { type ExtraKeyName, extraKey } from "./named-keys.js";

type Keys = JsonWebKey[];

/** Named ways in which the list of keys differs. */
export const JWKS_CHANGES = {
	empty: () => [],
	"without-ours": (keys, { ci }) => keys.filter(({ kid }) => kid !== ci.kid),
	// RFC 7517 §5: what is not understood is ignored.
	"unknown-key-types": (keys) => [
		{ kty: "lattice", kid: "of-the-future", use: "sig", p: "AQAB" },
		{ kty: "EC", kid: "unknown-curve", crv: "P-1024", x: "AQ", y: "AQ" },
		{ kty: "RSA", kid: "incomplete", e: "AQAB" },
		{ kid: "without-a-type" } as JsonWebKey,
		...keys,
	],
	/** Another key under our kid comes first. */
	"duplicate-kid": async (keys, { ci }) => [
		{ ...(await unpublishedKey()).jwk, kid: ci.kid },
		...keys,
	],
	/** Another key takes the place of ours, under its kid. */
	"same-kid-new-key": async (keys, { ci }) => {
		const { jwk } = await unpublishedKey();
		return keys.map((key) =>
			key.kid === ci.kid ? { ...jwk, kid: ci.kid } : key,
		);
	},
	/** A careless issuer's: the private half of a key that signs nothing is there to read. */
	"private-members": async (keys) => [...keys, await carelessKey()],
	/** Attack, or a careless issuer: a secret that everyone can read. */
	"symmetric-key": (keys) => [
		...keys,
		{ kty: "oct", kid: "symmetric", alg: "HS256", k: SYMMETRIC_KEY },
	],
	"ten-thousand-keys": (keys) => [
		...Array.from({ length: 10_000 }, (_, index) => ({
			...(keys[0] as JsonWebKey),
			kid: `old-key-${index}`,
		})),
		...keys,
	],
} as const satisfies Record<
	string,
	(keys: Keys, set: KeySet) => Keys | Promise<Keys>
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
	const extra = await Promise.all(publish.map(extraKey));
	const keys = [...publicKeys(set).keys, ...extra.map(({ jwk }) => jwk)];
	return change === undefined ? keys : JWKS_CHANGES[change](keys, set);
}

/** Makes what {@link publishedKeys} will need: an RSA key takes longer than a request may wait. */
export async function prepareKeys(
	publish: readonly ExtraKeyName[] = [],
	change?: JwksChange,
): Promise<void> {
	const made: Promise<unknown>[] = publish.map(extraKey);
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

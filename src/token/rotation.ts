// What can happen to an instance's keys, each as a new key set: rotate, publish, sign with, retire, add, replace.
import { MockError } from "../errors.js";
import type { KeySet, SigningKey } from "./keys.js";

/** Which tokens a key signs. */
export const KEY_ROLES = ["ci", "sign-in"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/**
 * What comes first when a new key takes over. The old one stays published until it is retired.
 * `publish-first`: it is published, and signs when told to; `sign-first`: it signs, and is published when told
 * to; `at-once`: both.
 */
export const ROTATION_ORDERS = [
	"publish-first",
	"sign-first",
	"at-once",
] as const;
export type RotationOrder = (typeof ROTATION_ORDERS)[number];

/** The most keys that an instance knows. */
const MOST_KEYS = 100;

const withSigner = (keys: KeySet, role: KeyRole, key: SigningKey): KeySet =>
	role === "ci" ? { ...keys, ci: key } : { ...keys, signIn: key };

/** Brings in `fresh` for `role`. */
export function rotate(
	keys: KeySet,
	role: KeyRole,
	fresh: SigningKey,
	order: RotationOrder,
): KeySet {
	const known = withRoom(keys);
	known.push(fresh);
	const published =
		order === "sign-first" ? keys.published : [...keys.published, fresh];
	const rotated = { ...keys, known, published };
	return order === "publish-first" ? rotated : withSigner(rotated, role, fresh);
}

/** Publishes a key that was not, or not any more. */
export function publish(keys: KeySet, kid: string): KeySet {
	const key = known(keys, kid);
	if (keys.published.includes(key)) return keys;
	return { ...keys, published: [...keys.published, key] };
}

/** Signs with a key that is known, published or not. */
export const signWith = (keys: KeySet, role: KeyRole, kid: string): KeySet =>
	withSigner(keys, role, known(keys, kid));

/** Withdraws a key from publication. What it signed is worthless once the caches have expired. */
export function retire(keys: KeySet, kid: string): KeySet {
	const key = known(keys, kid);
	return {
		...keys,
		published: keys.published.filter((published) => published !== key),
	};
}

/** Publishes `fresh`, which never signs. */
export const add = (keys: KeySet, fresh: SigningKey): KeySet => ({
	...keys,
	known: [...withRoom(keys), fresh],
	published: [...keys.published, fresh],
});

/** Attack, or a careless operator: another key under the same kid, in the same places. */
export function replace(keys: KeySet, kid: string, fresh: SigningKey): KeySet {
	const old = known(keys, kid);
	const next = { ...fresh, kid, jwk: { ...fresh.jwk, kid } };
	const swap = (key: SigningKey) => (key === old ? next : key);
	return {
		signIn: swap(keys.signIn),
		ci: swap(keys.ci),
		published: keys.published.map(swap),
		known: keys.known.map(swap),
	};
}

/** The known keys with room for one more: the oldest that is out of use is forgotten. */
function withRoom(keys: KeySet): SigningKey[] {
	const { signIn, ci, published } = keys;
	if (keys.known.length < MOST_KEYS) return [...keys.known];
	const used = new Set([signIn, ci, ...published]);
	const forgotten = keys.known.find((key) => !used.has(key));
	if (forgotten) return keys.known.filter((key) => key !== forgotten);
	throw new MockError(
		"too_large",
		`${MOST_KEYS} keys are published; retire some first`,
	);
}

function known(keys: KeySet, kid: string): SigningKey {
	const key = keys.known.find((candidate) => candidate.kid === kid);
	if (key) return key;
	throw new MockError(
		"not_found",
		`there is no key ${kid.slice(0, 80)}; there are ${keys.known.map((candidate) => candidate.kid).join(", ")}`,
	);
}

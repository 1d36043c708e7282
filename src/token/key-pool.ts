// Keys made before they are asked for: an RSA key takes longer than a request may wait.
import { generateKey } from "./generate-key.js";
import { type KeySet, keySet, type SigningKey, signingKey } from "./keys.js";

const SPARE = 2; // keys that lie ready for a rotation
const SETS = 8; // key sets that instances share; more would only cost time

const spare: Promise<SigningKey>[] = [];

function makeSpare(): Promise<SigningKey> {
	const key = generateKey().then(signingKey);
	key.catch(() => undefined); // who takes it is told
	return key;
}

/** Starts to make spare keys in the thread pool. */
export function fillPool(): void {
	while (spare.length < SPARE) spare.push(makeSpare());
}

/** A key that nobody else has; another is begun in its place. */
export function takeKey(): Promise<SigningKey> {
	const key = spare.shift() ?? makeSpare();
	fillPool();
	return key;
}

const sets: KeySet[] = [];
let next = 0;

/**
 * Keys for one more instance, at once: a few sets go around, of which `own` is the first. The others
 * are made in the background, one after another, from the first call on.
 */
export function sharedKeySet(own: KeySet): KeySet {
	if (sets.length === 0) {
		sets.push(own);
		void makeSets().catch(() => undefined);
	}
	next += 1;
	return sets[next % sets.length] ?? own;
}

async function makeSets(): Promise<void> {
	while (sets.length < SETS) {
		sets.push(keySet(await makeSpare(), await makeSpare()));
	}
}

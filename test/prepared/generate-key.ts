// Stands in for src/token/generate-key.ts where src makes a key: of primes that were found before the tests, each pair once.
import type { KeyObject } from "node:crypto";
import { keyOf } from "../../src/token/generate-key.js";

let made = 0;

/** The next key; only after as many as there are pairs does one come again. */
export async function generateKey(): Promise<KeyObject> {
	const turn = made++;
	const { inject } = await import("vitest"); // not there yet where the primes are found
	const { p, q } = inject("primes");
	const first = p[turn % p.length];
	const second = q[(turn + Math.floor(turn / p.length)) % q.length];
	if (!first || !second) throw new Error("no primes were prepared");
	return keyOf(BigInt(first), BigInt(second));
}

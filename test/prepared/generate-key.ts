// Stands in for src/token/generate-key.ts where src makes a key: of primes that were found before the tests, each pair once.
import type { KeyObject } from "node:crypto";
import { keyOf } from "../../src/token/key-of-primes.js";

let made = 0;

/** The next key; only after as many as there are pairs does one come again. Two in a row have no prime in common. */
export async function generateKey(): Promise<KeyObject> {
	const turn = made++;
	const { inject } = await import("vitest"); // not there yet where the primes are found
	const primes = inject("primes");
	const { length } = primes;
	const distance = 2 + (Math.floor(turn / length) % (length / 2 - 2));
	const first = primes[turn % length];
	const second = primes[(turn + distance) % length];
	if (!first || !second) throw new Error("no primes were prepared");
	return keyOf(BigInt(first), BigInt(second));
}

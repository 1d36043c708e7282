// Loaded into a process before the command (node --import): its first keys are made of primes that were found before the tests.
// @ts-check
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const primes = (process.env.PREPARED_PRIMES ?? "").split(",").map(BigInt);
delete process.env.PREPARED_PRIMES; // nothing that it starts needs them
const { generatePrime } = crypto;

/**
 * Two at a time make a key, none of them twice; when there is none left it finds its own.
 * @param {number} bits
 * @param {object} options
 * @param {(error: Error | null, prime: bigint) => void} done
 */
function prepared(bits, options, done) {
	const prime = bits === 1024 ? primes.shift() : undefined;
	if (prime === undefined)
		generatePrime(bits, /** @type {{ bigint: true }} */ (options), done);
	else setImmediate(done, null, prime);
}
Object.assign(crypto, { generatePrime: prepared });
syncBuiltinESMExports();

// Keys made ahead: nobody else has a key that was taken, and no more lie ready than they should.
import { expect, test, vi } from "vitest";
import { keyPool } from "../../src/token/key-pool.js";
import type { SigningKey } from "../../src/token/keys.js";

test("a key that is taken is nobody else's", async () => {
	const pools = [keyPool(), keyPool()];
	const taken = await Promise.all(
		pools.flatMap((pool) => [pool.key(), pool.pair(), pool.key()]),
	);
	const kids = taken.flatMap((given) =>
		"published" in given ? given.published.map(({ kid }) => kid) : given.kid,
	);
	expect(new Set(kids).size).toBe(8);
});

/** A pool of stand-ins, so that making none costs anything. */
function counted(most: number) {
	let made = 0;
	const make = vi.fn(async () => ({ kid: `key-${++made}` }) as SigningKey);
	return { make, pool: keyPool(make, most) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("nothing is made before one is asked for, then as many lie ready as may", async () => {
	const { make, pool } = counted(3);
	await settled();
	expect(make).not.toHaveBeenCalled();
	await pool.key();
	await settled();
	expect(make).toHaveBeenCalledTimes(4);
	await pool.key();
	await settled();
	expect(make).toHaveBeenCalledTimes(5);
	const many = await Promise.all(Array.from({ length: 20 }, pool.key));
	await settled();
	expect(new Set(many.map(({ kid }) => kid)).size).toBe(20);
	expect(make).toHaveBeenCalledTimes(25);
});

test("who asks is told when none can be made, and the next one gets one", async () => {
	const { make, pool } = counted(2);
	make.mockRejectedValueOnce(new Error("no entropy"));
	await expect(pool.key()).rejects.toThrow("no entropy");
	await expect(pool.key()).resolves.toHaveProperty("kid");
});

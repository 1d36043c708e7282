// Changes of an instance's keys, many at once: one after the other, and no token of a key that is gone.
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { keyHistory } from "../../bench/key-history.mjs";
import { startGitLab } from "../../src/server/start-gitlab.js";

const verifies = (token: string, jwks: object) =>
	jwtVerify(token, createLocalJWKSet(jwks as never)).then(
		() => true,
		() => false,
	);

describe("a reset of the keys", () => {
	test("has happened when it returns", async () => {
		await using gitlab = await startGitLab();
		const first = gitlab.keys.ci.kid;
		await gitlab.keys.rotate();
		await gitlab.keys.retire(first);
		const old = await gitlab.token();
		expect(await verifies(old, gitlab.keys.jwks)).toBe(true);
		gitlab.reset({ keys: true });
		expect(gitlab.keys.ci.kid).toBe(first);
		expect(await verifies(await gitlab.token(), gitlab.keys.jwks)).toBe(true);
		expect(await verifies(old, gitlab.keys.jwks)).toBe(false);
	});

	test("undoes a rotation that was asked for before it, ended or not", async () => {
		await using gitlab = await startGitLab();
		const first = gitlab.keys.ci.kid;
		const rotated = gitlab.keys.rotate();
		gitlab.reset({ keys: true });
		const { kid } = await rotated;
		expect(gitlab.keys.ci.kid).toBe(first);
		expect(gitlab.keys.jwks.keys.map((key) => key.kid)).not.toContain(kid);
	});
});

describe("a token whose key is withdrawn while it is made", () => {
	test("is signed by the key that is there then", async () => {
		await using gitlab = await startGitLab();
		await gitlab.keys.rotate(); // from here on keys lie ready, and a rotation is faster than a signature
		for (let round = 0; round < 5; round++) {
			const old = gitlab.keys.ci.kid;
			const made = gitlab.mint();
			await gitlab.keys.rotate();
			await gitlab.keys.retire(old);
			const { token } = await made;
			expect(await verifies(token, gitlab.keys.jwks)).toBe(true);
		}
	});

	test("is given where it was asked for", async () => {
		await using gitlab = await startGitLab();
		const old = gitlab.keys.ci.kid;
		await gitlab.keys.retire(old);
		const { header } = await gitlab.mint();
		expect(header.kid).toBe(old);
		await gitlab.keys.rotate({ order: "sign-first" });
		const { token } = await gitlab.mint();
		expect(await verifies(token, gitlab.keys.jwks)).toBe(false);
	});
});

test("no order of the changes explains away what many clients see", async () => {
	const seed = Date.now() % 100_000;
	await using gitlab = await startGitLab();
	const seen = await keyHistory(gitlab.url, { seed, clients: 6, steps: 25 });
	expect(seen.wrong, `seed ${seed}`).toEqual([]);
	expect(seen.tokens).toBeGreaterThan(20);
	expect(seen.documents).toBeGreaterThan(10);
	expect(seen.changes).toBeGreaterThan(10);
});

// Keys made ahead: nobody else has a key that was taken, and a few sets go around.
import { expect, test, vi } from "vitest";
import { takeKey } from "../../src/token/key-pool.js";
import { keys } from "./instance.js";

test("a key that is taken is nobody else's", async () => {
	const taken = await Promise.all([takeKey(), takeKey(), takeKey()]);
	expect(new Set(taken.map(({ kid }) => kid)).size).toBe(3);
});

test("the first shared set is one's own, at once", async () => {
	vi.resetModules(); // others may have shared theirs in this process
	const fresh = await import("../../src/token/key-pool.js");
	expect(fresh.sharedKeySet(keys)).toBe(keys);
});

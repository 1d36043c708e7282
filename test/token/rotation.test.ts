// What can happen to keys while they are in use: each change is a new set, and the old one stays as it was.
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { generateKey } from "../../src/token/generate-key.js";
import {
	generateKeySet,
	type KeySet,
	publicKeys,
	signingKey,
} from "../../src/token/keys.js";
import { makeToken } from "../../src/token/make.js";
import {
	add,
	type KeyRole,
	publish,
	type RotationOrder,
	replace,
	retire,
	rotate,
	signWith,
} from "../../src/token/rotation.js";
import { refusal } from "../refusal.js";
import { NOW, planOf } from "./instance.js";

const [keys, fresh] = await Promise.all([
	generateKeySet(),
	generateKey().then(signingKey),
]);
const [signIn, ci] = [keys.signIn.kid, keys.ci.kid];

/** Which keys sign, and which are published and known, in order. */
const kids = (set: KeySet) => ({
	signs: [set.signIn.kid, set.ci.kid],
	published: publicKeys(set).keys.map(({ kid }) => kid),
	known: set.known.map(({ kid }) => kid),
});
const BEFORE = {
	signs: [signIn, ci],
	published: [signIn, ci],
	known: [signIn, ci],
};
const KNOWN = [signIn, ci, fresh.kid];

/** Whether jose accepts what the set signs, by what it publishes. */
async function accepted(set: KeySet): Promise<boolean> {
	const { token } = await makeToken(planOf(), set);
	const options = { currentDate: new Date(NOW * 1000) };
	return jwtVerify(token, createLocalJWKSet(publicKeys(set)), options).then(
		() => true,
		() => false,
	);
}

test("nothing changes the set that it is given", async () => {
	rotate(keys, "ci", fresh, "at-once");
	add(keys, fresh);
	retire(keys, ci);
	replace(keys, ci, fresh);
	expect(kids(keys)).toEqual(BEFORE);
	expect(await accepted(keys)).toBe(true);
});

describe("rotate", () => {
	test.for<[KeyRole, RotationOrder, string[], string[], boolean]>([
		["ci", "at-once", [signIn, fresh.kid], KNOWN, true],
		["ci", "publish-first", [signIn, ci], KNOWN, true],
		["ci", "sign-first", [signIn, fresh.kid], [signIn, ci], false],
		["sign-in", "at-once", [fresh.kid, ci], KNOWN, true],
	])("%s, %s", async ([role, order, signs, published, fine]) => {
		const rotated = rotate(keys, role, fresh, order);
		expect(kids(rotated)).toEqual({ signs, published, known: KNOWN });
		expect(await accepted(rotated)).toBe(fine);
	});

	test("published first, it signs when it is told to", () => {
		const rotated = rotate(keys, "ci", fresh, "publish-first");
		expect(kids(signWith(rotated, "ci", fresh.kid))).toEqual(
			kids(rotate(keys, "ci", fresh, "at-once")),
		);
	});

	test("signing first, it is published when it is told to", async () => {
		const rotated = rotate(keys, "ci", fresh, "sign-first");
		const published = publish(rotated, fresh.kid);
		expect(kids(published)).toEqual(kids(rotate(keys, "ci", fresh, "at-once")));
		expect(await accepted(published)).toBe(true);
	});
});

test("retire withdraws a key, which may go on signing; publish brings it back", async () => {
	const retired = retire(keys, ci);
	expect(kids(retired)).toEqual({ ...BEFORE, published: [signIn] });
	expect(await accepted(retired)).toBe(false);
	const back = publish(retired, ci);
	expect(kids(back)).toEqual(BEFORE);
	expect(publish(back, ci)).toBe(back);
	expect(await accepted(back)).toBe(true);
});

test("add publishes a key that never signs", () => {
	expect(kids(add(keys, fresh))).toEqual({
		...BEFORE,
		published: KNOWN,
		known: KNOWN,
	});
});

test("replace puts another key under the same kid, in the same places", async () => {
	const replaced = replace(keys, ci, fresh);
	expect(kids(replaced)).toEqual(BEFORE);
	expect(replaced.ci.jwk.n).toBe(fresh.jwk.n);
	expect(await accepted(replaced)).toBe(true);
	const { token } = await makeToken(planOf(), keys);
	const now = { currentDate: new Date(NOW * 1000) };
	const published = createLocalJWKSet(publicKeys(replaced));
	await expect(jwtVerify(token, published, now)).rejects.toThrow(
		"signature verification failed",
	);
});

test.for<[string, (kid: string) => unknown]>([
	["publish", (kid) => publish(keys, kid)],
	["retire", (kid) => retire(keys, kid)],
	["sign with", (kid) => signWith(keys, "ci", kid)],
	["replace", (kid) => replace(keys, kid, fresh)],
])("%s: a key that there is not is refused", ([, change]) => {
	const message = (kid: string) =>
		`there is no key ${kid}; there are ${signIn}, ${ci}`;
	expect(refusal(() => change("x"))).toEqual({
		code: "not_found",
		message: message("x"),
	});
	expect(refusal(() => change("x".repeat(999)))).toEqual({
		code: "not_found",
		message: message("x".repeat(80)),
	});
	expect(refusal(() => change(ci))).toBe("accepted");
});

// An instance's keys: named by their thumbprint, published without anything private.
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, test } from "vitest";
import {
	fromPrivateJwk,
	generateKeySet,
	privateJwk,
	publicKeys,
	publicPem,
	type SigningKey,
	unpublishedKey,
} from "../../src/token/keys.js";

const keys = await generateKeySet();
const { keys: published } = publicKeys(keys);

describe("the published keys", () => {
	test("are two: the sign-in key, then the CI key", () => {
		expect(published.map(({ kid }) => kid)).toEqual([
			keys.signIn.kid,
			keys.ci.kid,
		]);
		expect(keys.signIn.kid).not.toBe(keys.ci.kid);
	});

	test.for(published)("have GitLab's six members, in order: $kid", (jwk) => {
		expect(Object.keys(jwk)).toEqual(["kty", "kid", "e", "n", "use", "alg"]);
		expect(jwk).toMatchObject({
			kty: "RSA",
			e: "AQAB",
			use: "sig",
			alg: "RS256",
		});
		expect(Buffer.from(jwk.n, "base64url")).toHaveLength(256);
	});

	test.for(published)("are named by their thumbprint: $kid", async (jwk) => {
		expect(jwk.kid).toBe(await calculateJwkThumbprint({ ...jwk }, "sha256"));
	});

	test("are the public halves of those that sign", () => {
		for (const { privateKey, publicKey, jwk } of keys.published) {
			const half = createPublicKey(privateKey);
			expect(publicKey.equals(half)).toBe(true);
			expect(
				createPublicKey({ key: { ...jwk }, format: "jwk" }).equals(half),
			).toBe(true);
		}
	});

	test("are the same as PEM", () => {
		const pem = publicPem(keys.ci);
		expect(pem).toMatch(
			/^-----BEGIN PUBLIC KEY-----\n[\s\S]+\n-----END PUBLIC KEY-----\n$/,
		);
		expect(createPublicKey(pem).equals(keys.ci.publicKey)).toBe(true);
	});
});

describe("a private JWK", () => {
	test("is read back as the same key", async () => {
		const read: SigningKey = await fromPrivateJwk(privateJwk(keys.ci));
		expect(read.jwk).toEqual(keys.ci.jwk);
		expect(read.privateKey.equals(keys.ci.privateKey)).toBe(true);
	});

	test("keeps its name; without one it is computed", async () => {
		const { kid, ...unnamed } = privateJwk(keys.ci) as { kid: string };
		const named = await fromPrivateJwk({ ...unnamed, kid: "mine" });
		expect([named.kid, named.jwk.kid]).toEqual(["mine", "mine"]);
		expect((await fromPrivateJwk(unnamed)).kid).toBe(kid);
	});

	test.for<[string, unknown]>([
		["a public key", { ...keys.ci.jwk }],
		["null", null],
		["a text", "key"],
		["empty", {}],
	])("that is %s is refused by a rejected promise", async ([, jwk]) => {
		const promise = fromPrivateJwk(jwk as JsonWebKey);
		await expect(promise).rejects.toThrow();
	});
});

test("the unpublished key is one for the process, and in no set", async () => {
	const [one, two] = await Promise.all([unpublishedKey(), unpublishedKey()]);
	expect(one).toBe(two);
	expect(published.map(({ kid }) => kid)).not.toContain(one.kid);
});

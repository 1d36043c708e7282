// Forgeries, to the bit: what is wrong with them, and that nothing else is.
import { createHmac, createPublicKey } from "node:crypto";
import { compactVerify, createLocalJWKSet, errors } from "jose";
import { describe, expect, test } from "vitest";
import { publicPem } from "../../src/token/keys.js";
import { makeToken } from "../../src/token/make.js";
import { CLAIMS, jwks, keys, make, planOf } from "./instance.js";

const verify = (token: string) => compactVerify(token, createLocalJWKSet(jwks));
const parts = (token: string) =>
	token.split(".") as [string, string, string, ...string[]];
const honest = await make();

test("the honest twin is verified by jose", async () => {
	await verify(honest);
});

describe("hmac: public-key-pem", async () => {
	const token = await make({
		header: (header) => ({ ...header, alg: "HS256" }),
		signing: { hmac: "public-key-pem" },
	});
	const [header, payload, signature] = parts(token);

	test("is an HMAC-SHA256 under the exact PEM of the CI key", () => {
		const [, ci] = jwks.keys;
		const pem = createPublicKey({ key: { ...ci }, format: "jwk" })
			.export({ type: "spki", format: "pem" })
			.toString();
		expect(pem).toBe(publicPem(keys.ci));
		expect(pem.endsWith("-----\n")).toBe(true);
		const mac = createHmac("sha256", pem).update(`${header}.${payload}`);
		expect(signature).toBe(mac.digest("base64url"));
	});

	test("is accepted by jose with that PEM as the secret", async () => {
		const secret = new TextEncoder().encode(publicPem(keys.ci));
		const { protectedHeader } = await compactVerify(token, secret);
		expect(protectedHeader).toEqual({
			kid: keys.ci.kid,
			typ: "JWT",
			alg: "HS256",
		});
	});

	test("is an honest token in all but the algorithm", () => {
		expect(payload).toBe(parts(honest)[1]);
	});
});

describe("none", async () => {
	const token = await make({
		header: (header) => ({ ...header, alg: "none" }),
		signing: "none",
	});

	test("ends with a dot and an empty signature", () => {
		const [, payload, signature, ...more] = parts(token);
		expect([signature, more]).toEqual(["", []]);
		expect(payload).toBe(parts(honest)[1]);
	});

	test("keeps the kid of the CI key", () => {
		expect(
			JSON.parse(Buffer.from(parts(token)[0], "base64url").toString()),
		).toEqual({ kid: keys.ci.kid, typ: "JWT", alg: "none" });
	});
});

describe("flip-signature-bit", async () => {
	const token = await make({ mangle: ["flip-signature-bit"] });

	test("leaves header and payload", () => {
		expect(parts(token).slice(0, 2)).toEqual(parts(honest).slice(0, 2));
	});

	test("differs in one bit, and is still canonical base64url", () => {
		const [was, is] = [honest, token].map((text) =>
			Buffer.from(parts(text)[2], "base64url"),
		) as [Buffer, Buffer];
		expect(is).toHaveLength(was.length);
		const ones = [...is].map((byte, index) =>
			(byte ^ was.readUInt8(index)).toString(2).replaceAll("0", ""),
		);
		expect(ones.join("")).toBe("1");
		expect(is.at(-1)).toBe(Number(was.at(-1)) ^ 1);
		expect(is.toString("base64url")).toBe(parts(token)[2]);
	});

	test("is refused by jose; flipped back it is the honest token", async () => {
		await expect(verify(token)).rejects.toThrow(
			errors.JWSSignatureVerificationFailed,
		);
		expect(
			await make({ mangle: ["flip-signature-bit", "flip-signature-bit"] }),
		).toBe(honest);
	});
});

describe("a payload changed after signing", async () => {
	const changed = { ...CLAIMS, ref: "other" };
	const made = await makeToken(
		planOf({ mangle: [{ payload: changed }] }),
		keys,
	);

	test("is in the token, under the old header and signature", () => {
		const [header, payload, signature] = parts(made.token);
		expect([header, signature]).toEqual([parts(honest)[0], parts(honest)[2]]);
		expect(Buffer.from(payload, "base64url").toString()).toBe(
			JSON.stringify(changed),
		);
		expect(made.payload).toEqual(changed);
	});

	test("is refused by jose, and accepted once it is put back", async () => {
		await expect(verify(made.token)).rejects.toThrow(
			errors.JWSSignatureVerificationFailed,
		);
		const mangle = [{ payload: changed }, { payload: CLAIMS }];
		await verify(await make({ mangle }));
	});
});

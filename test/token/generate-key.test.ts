// A key of two primes is an RSA key like any other.
import {
	createPublicKey,
	generateKeyPairSync,
	sign,
	verify,
} from "node:crypto";
import { expect, test } from "vitest";
import { generateKey } from "../../src/token/generate-key.js";

const bigint = (base64url: unknown) =>
	BigInt(`0x${Buffer.from(String(base64url), "base64url").toString("hex")}`);

test.for(Array.from({ length: 10 }, (_, turn) => turn))(
	"key %i has 2048 bits, signs, and obeys RFC 8017 §3.2",
	async () => {
		const key = await generateKey();
		expect(key.asymmetricKeyDetails).toEqual({
			modulusLength: 2048,
			publicExponent: 65_537n,
		});
		const signature = sign("sha256", Buffer.from("text"), key);
		const published = createPublicKey(key);
		expect(verify("sha256", Buffer.from("text"), published, signature)).toBe(
			true,
		);
		expect(verify("sha256", Buffer.from("other"), published, signature)).toBe(
			false,
		);

		const jwk = key.export({ format: "jwk" });
		const [n, e, d, p, q] = ["n", "e", "d", "p", "q"].map((name) =>
			bigint(jwk[name]),
		);
		if (!n || !e || !d || !p || !q) throw new Error("a member is missing");
		expect(p * q).toBe(n);
		expect(p).not.toBe(q);
		expect((e * d) % ((p - 1n) * (q - 1n))).toBe(1n);
		expect(bigint(jwk.dp)).toBe(d % (p - 1n));
		expect(bigint(jwk.dq)).toBe(d % (q - 1n));
		expect((bigint(jwk.qi) * q) % p).toBe(1n);
		// The primes are far apart, as FIPS 186-5 asks: else n is factored from its root.
		const distance = p > q ? p - q : q - p;
		expect(distance.toString(2).length).toBeGreaterThan(924);
	},
);

test("the same members as a key of OpenSSL's own", async () => {
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const [own, other] = [await generateKey(), privateKey].map((key) =>
		Object.entries(key.export({ format: "jwk" }))
			.map(([name, value]) => [name, typeof value])
			.sort(),
	);
	expect(own).toEqual(other);
});

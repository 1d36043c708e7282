// The keys that scenarios name, and the signatures by them: jose and node:crypto verify what they can.
import {
	constants,
	createHash,
	createPublicKey,
	publicDecrypt,
	X509Certificate,
} from "node:crypto";
import {
	calculateJwkThumbprint,
	compactVerify,
	importJWK,
	type JWK,
} from "jose";
import { describe, expect, test } from "vitest";
import {
	BROUGHT_KEYS,
	type BroughtKey,
	bringKey,
} from "../../src/token/brought-key.js";
import { selfSigned } from "../../src/token/certificate.js";
import { encodedMessage } from "../../src/token/forge-rsa.js";
import { unpublishedKey } from "../../src/token/keys.js";
import {
	EXTRA_KEYS,
	type ExtraKeyName,
	extraKey,
	type KeyName,
	keyNamed,
	NAMED_KEYS,
} from "../../src/token/named-keys.js";
import { broken, keys, make } from "./instance.js";

const NAMES = Object.keys(NAMED_KEYS) as KeyName[];
const EXTRA_NAMES = Object.keys(EXTRA_KEYS) as ExtraKeyName[];

const input = (token: string) => token.slice(0, token.lastIndexOf("."));
const signature = (token: string) =>
	Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");

describe("every key", () => {
	test.for(NAMES)(
		"%s has the kid of RFC 7638, and no private member",
		async (name) => {
			const { kid, jwk } = await keyNamed(name, keys);
			expect(kid).toBe(await calculateJwkThumbprint(jwk as JWK));
			expect(jwk.kid).toBe(kid);
			const known = "kty kid e n crv x y use alg key_ops".split(" ");
			expect(
				Object.keys(jwk).filter((member) => !known.includes(member)),
			).toEqual([]);
			expect(await keyNamed(name, keys)).toBe(await keyNamed(name, keys));
		},
	);

	test("is another one", async () => {
		const made = await Promise.all(NAMES.map((name) => keyNamed(name, keys)));
		expect(new Set(made.map(({ kid }) => kid)).size).toBe(NAMES.length);
	});
});

describe("a signature by", () => {
	const algorithms = {
		ci: "RS256",
		"sign-in": "RS256",
		unpublished: "RS256",
		retired: "RS256",
		second: "RS256",
		encryption: "RS256",
		"rsa-for-ps256": "RS256",
		"rsa-not-to-verify": "RS256",
		"ec-p256": "ES256",
		ed25519: "EdDSA",
	} as const;

	test.for(Object.entries(algorithms))(
		"%s is good under its public half",
		async ([name, alg]) => {
			const { jwk } = await keyNamed(name as keyof typeof algorithms, keys);
			const token = await make({
				header: (honest) => ({ ...honest, alg }),
				signing: { key: name as keyof typeof algorithms },
			});
			const { kty, n, e, crv, x, y } = jwk;
			const bare = JSON.parse(JSON.stringify({ kty, n, e, crv, x, y })) as JWK;
			const verified = await compactVerify(token, await importJWK(bare, alg));
			expect(verified.protectedHeader).toMatchObject({ kid: jwk.kid, alg });
		},
	);

	test.for([
		["rsa-512", 64],
		["rsa-1024", 128],
	] as const)("%s is good, and as short as the key", async ([name, length]) => {
		const { jwk } = await extraKey(name);
		const token = await make({ signing: { key: name } });
		expect(signature(token)).toHaveLength(length);
		const opened = publicDecrypt(
			createPublicKey({ key: jwk, format: "jwk" }),
			signature(token),
		);
		const digest = createHash("sha256").update(input(token)).digest();
		expect(opened.subarray(-32)).toEqual(digest);
	});

	test("exponent-1 is the encoded message itself", async () => {
		const token = await make({ signing: { key: "exponent-1" } });
		expect(signature(token)).toEqual(encodedMessage(input(token)));
		const key = createPublicKey({ key: keys.ci.jwk, format: "jwk" });
		const honest = await make();
		const opened = publicDecrypt(
			{ key, padding: constants.RSA_NO_PADDING },
			signature(honest),
		);
		expect(opened).toEqual(encodedMessage(input(honest)));
	});

	test("exponent-3 is a cube root of the digest and garbage", async () => {
		const token = await make({ signing: { key: "exponent-3" } });
		const root = BigInt(`0x${signature(token).toString("hex")}`);
		const cube = (root ** 3n).toString(16).padStart(512, "0");
		const start = encodedMessage(input(token), 8).toString("hex");
		expect(cube).toHaveLength(512);
		expect(cube.startsWith(start)).toBe(true);
		expect(
			broken(token, { keys: [(await extraKey("exponent-3")).jwk] }),
		).toEqual(["signature"]);
	});
});

describe("bare signatures", () => {
	test("public-exponent is the message under the public half", async () => {
		const token = await make({ signing: "public-exponent" });
		const jwk = keys.ci.jwk;
		const toBigInt = (text: string) =>
			BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);
		const [n, message] = [
			toBigInt(jwk.n),
			BigInt(`0x${encodedMessage(input(token)).toString("hex")}`),
		];
		let power = 1n;
		for (const bit of toBigInt(jwk.e).toString(2)) {
			power = (power * power * (bit === "1" ? message : 1n)) % n;
		}
		expect(BigInt(`0x${signature(token).toString("hex")}`)).toBe(power);
		expect(broken(token)).toEqual(["signature"]);
	});

	test("short-padding is eight bytes of it before the digest, behind zeros", async () => {
		const token = await make({ signing: "short-padding" });
		const key = createPublicKey({ key: keys.ci.jwk, format: "jwk" });
		const opened = publicDecrypt(
			{ key, padding: constants.RSA_NO_PADDING },
			signature(token),
		);
		const message = Buffer.concat([
			Buffer.from("0001ffffffffffffffff00", "hex"),
			Buffer.from("3031300d060960864801650304020105000420", "hex"),
			createHash("sha256").update(input(token)).digest(),
		]);
		expect(opened).toEqual(
			Buffer.concat([Buffer.alloc(256 - message.length), message]),
		);
		expect(broken(token)).toEqual(["signature"]);
	});

	test("another-token is good for other bytes", async () => {
		const token = await make({ signing: "another-token" });
		const [header] = token.split(".");
		const other = `${header}.${Buffer.from("{}").toString("base64url")}`;
		const { publicKey } = keys.ci;
		const moved = `${other}.${signature(token).toString("base64url")}`;
		expect(await compactVerify(moved, publicKey)).toBeDefined();
		expect(broken(token)).toEqual(["signature"]);
	});
});

describe("a key that the header brings", () => {
	const ATTACKER = "https://gitlab.example.com/_mock/attacker";

	test("is the attacker's, in each form", async () => {
		const key = await unpublishedKey();
		const { pem, der } = await selfSigned(key);
		const brought = await Promise.all(
			(Object.keys(BROUGHT_KEYS) as BroughtKey[]).map((member) =>
				bringKey(member, ATTACKER),
			),
		);
		expect(brought).toEqual([
			{ jwk: key.jwk },
			{ x5c: [der.toString("base64")] },
			{ jku: `${ATTACKER}/keys` },
			{ x5u: `${ATTACKER}/certificate.pem` },
		]);
		const certificate = new X509Certificate(pem);
		expect(certificate.raw).toEqual(der);
		expect(certificate.verify(key.publicKey)).toBe(true);
		expect(certificate.publicKey.equals(key.publicKey)).toBe(true);
	});

	test("comes last in the header, with the kid that is asked for", async () => {
		for (const [kid_of, kid] of [
			[undefined, (await unpublishedKey()).kid],
			["ci", keys.ci.kid],
		] as const) {
			const token = await make({
				signing: { key: "unpublished", bring: "jwk", kid_of },
			});
			const [header = ""] = token.split(".");
			const text = Buffer.from(header, "base64url").toString();
			expect(
				text.startsWith(`{"kid":"${kid}","typ":"JWT","alg":"RS256","jwk":{`),
			).toBe(true);
			expect(broken(token)).toEqual([kid_of ? "signature" : "key"]);
			const { publicKey } = await unpublishedKey();
			expect(await compactVerify(token, publicKey)).toBeDefined();
		}
	});
});

test("what is in a JWKS and cannot verify is ignored", async () => {
	const published = await Promise.all(
		EXTRA_NAMES.map((name) => extraKey(name)),
	);
	const found = await Promise.all(
		EXTRA_NAMES.map(async (name) => {
			const token = await make({ signing: { key: name } });
			return [name, broken(token, { keys: published.map(({ jwk }) => jwk) })];
		}),
	);
	expect(Object.fromEntries(found)).toEqual({
		second: [],
		"ec-p256": ["key"],
		ed25519: ["key"],
		"rsa-512": ["key"],
		"rsa-1024": ["key"],
		encryption: ["key"],
		"rsa-for-ps256": ["key"],
		"rsa-not-to-verify": ["key"],
		"exponent-1": ["key"],
		"exponent-3": ["signature"],
	});
});

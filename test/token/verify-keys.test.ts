// The reference verifier and the key set: which keys count, and that no entry can make it throw.
import {
	constants,
	createHash,
	generateKeyPairSync,
	type JsonWebKey,
	privateEncrypt,
} from "node:crypto";
import { describe, expect, test } from "vitest";
import { signingInput } from "../../src/token/compact.js";
import { unpublishedKey } from "../../src/token/keys.js";
import {
	broken,
	CLAIMS,
	findings,
	jwks,
	keys,
	make,
	signed,
} from "./instance.js";

const [signIn, ci] = [keys.signIn.jwk, keys.ci.jwk];

describe("a missing kid", () => {
	test("tries every key", async () => {
		for (const key of ["ci", "sign-in"] as const) {
			expect(broken(await signed({}, { kid: undefined }, { key }))).toEqual([]);
		}
	});

	test("fits none of them: the signature is wrong", async () => {
		const token = await signed({}, { kid: undefined }, { key: "unpublished" });
		expect(broken(token)).toEqual(["signature"]);
		const { jwk } = await unpublishedKey();
		expect(broken(token, { keys: [...jwks.keys, jwk] })).toEqual([]);
	});
});

test("the same kid twice: either key will do", async () => {
	const { jwk } = await unpublishedKey();
	const twice = [{ ...jwk, kid: keys.ci.kid }, ci];
	expect(broken(await make(), { keys: twice })).toEqual([]);
	expect(broken(await make(), { keys: twice.slice(0, 1) })).toEqual([
		"signature",
	]);
});

const short = generateKeyPairSync("rsa", { modulusLength: 1024 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const kid = keys.ci.kid;

describe("a key that is no RSA signature key of 2048 bits does not count", () => {
	test.for<[string, object | null]>([
		["for encryption", { ...ci, use: "enc" }],
		["short", { ...short.publicKey.export({ format: "jwk" }), kid }],
		["EC", { ...ec.publicKey.export({ format: "jwk" }), kid }],
		["symmetric", { kty: "oct", k: "c2VjcmV0", kid }],
		["of an unknown type", { kty: "XYZ", kid }],
		["of no type", { kid }],
		["of the type rsa", { ...ci, kty: "rsa" }],
		["without n", { ...ci, n: undefined }],
		["without e", { ...ci, e: undefined }],
		["with an n that is a number", { ...ci, n: 7 }],
		["with an n that is no base64url", { ...ci, n: "***" }],
		["with an empty n", { ...ci, n: "" }],
		["with an e of null", { ...ci, e: null }],
		["whose kty is an object", { ...ci, kty: { toString: 1 } }],
		["null", null],
		["a text", Object("key")],
	])("%s", async ([, jwk]) => {
		const hostile = [jwk as JsonWebKey];
		const token = await make();
		expect(broken(token, { keys: hostile })).toEqual(["key"]);
		expect(broken(token, { keys: [...hostile, ci] })).toEqual([]);
		const nameless = await signed({}, { kid: undefined });
		expect(broken(nameless, { keys: hostile })).toEqual(["key"]);
		expect(broken(nameless, { keys: [...hostile, signIn, ci] })).toEqual([]);
	});

	test("but one without use or alg does", async () => {
		const { use, alg, ...bare } = ci;
		expect(broken(await make(), { keys: [bare] })).toEqual([]);
	});
});

describe("a hostile token", () => {
	const nested = (depth: number) =>
		JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);

	test.for(["iss", "aud", "exp", "nbf", "iat", "sub"])(
		"nested deep in %s does not make it throw",
		async (claim) => {
			const deep = `{"${claim}":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
			const [header, , signature] = (await make()).split(".");
			const payload = Buffer.from(deep).toString("base64url");
			expect(broken(`${header}.${payload}.${signature}`)).toContain(
				"signature",
			);
		},
	);

	test("nested deep in the header does not make it throw", async () => {
		const [, payload, signature] = (await make()).split(".");
		const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
		for (const member of ["alg", "typ", "crit", "kid"]) {
			const header = Buffer.from(`{"alg":"RS256","${member}":${deep}}`);
			const token = `${header.toString("base64url")}.${payload}.${signature}`;
			expect(broken(token).length).toBeGreaterThan(0);
		}
	});

	test("is not repeated at length in what is found", async () => {
		const long = "x".repeat(100_000);
		for (const [claims, header] of [
			[{ iss: long }, {}],
			[{ aud: long }, {}],
			[{ exp: long }, {}],
			[{}, { kid: long }],
			[{}, { typ: nested(20).concat(long) }],
		] as const) {
			const [{ message } = { message: "" }] = findings(
				await signed(claims, header),
			);
			expect(message).toContain("…");
			expect(message.length).toBeLessThan(300); // 200 of it
		}
	});

	test("with a signature that has garbage after the digest is refused", () => {
		// RFC 8017 §8.2.2: the whole encoded message is compared, so nothing may follow the digest.
		const input = signingInput(
			{ kid, typ: "JWT", alg: "RS256" },
			JSON.stringify(CLAIMS),
		);
		const digest = createHash("sha256").update(input).digest();
		const info = Buffer.from("3031300d060960864801650304020105000420", "hex");
		const block = (padding: number, garbage: number) =>
			Buffer.concat([
				Buffer.from([0, 1]),
				Buffer.alloc(padding, 0xff),
				Buffer.from([0]),
				info,
				digest,
				Buffer.alloc(garbage, 7),
			]);
		const token = (bytes: Buffer) =>
			`${input}.${privateEncrypt({ key: keys.ci.privateKey, padding: constants.RSA_NO_PADDING }, bytes).toString("base64url")}`;
		expect(broken(token(block(202, 0)))).toEqual([]);
		expect(broken(token(block(102, 100)))).toEqual(["signature"]);
	});
});

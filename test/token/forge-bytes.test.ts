// Every named forgery, to the byte: what it does to an honest token, and that nothing else is wrong.
import { createHmac, createPublicKey } from "node:crypto";
import { constants, deflateRawSync } from "node:zlib";
import { compactDecrypt } from "jose";
import { describe, expect, test } from "vitest";
import { selfSigned } from "../../src/token/certificate.js";
import { base64url } from "../../src/token/compact.js";
import {
	ENCODINGS,
	type Encoding,
	HEADER_ENCODINGS,
	type HeaderEncoding,
} from "../../src/token/encode.js";
import { MANGLES, type Mangle } from "../../src/token/forge.js";
import { HMAC_SECRETS, type HmacSecret } from "../../src/token/hmac.js";
import { broken, CLAIMS, jwks, keys, make } from "./instance.js";

const honest = await make();
const [header = "", payload = "", signature = ""] = honest.split(".");
const bytes = Buffer.from(signature, "base64url");
const withBytes = (changed: Uint8Array) =>
	`${header}.${payload}.${Buffer.from(changed).toString("base64url")}`;
const middle = header.length + Math.floor((payload.length + 1) / 2);
const insert = (text: string) =>
	honest.slice(0, middle) + text + honest.slice(middle);

describe("mangling", () => {
	// An encryption is another one each time: below.
	const expected: Record<Exclude<Mangle, "encrypt">, string> = {
		"flip-signature-bit": withBytes(
			bytes.with(255, (bytes.at(255) as number) ^ 0x01),
		),
		"flip-first-signature-bit": withBytes(
			bytes.with(0, (bytes.at(0) as number) ^ 0x80),
		),
		"empty-signature": `${header}.${payload}.`,
		"truncate-signature": withBytes(bytes.subarray(0, 255)),
		"lengthen-signature": withBytes(Buffer.concat([bytes, Buffer.alloc(1)])),
		"double-signature": withBytes(Buffer.concat([bytes, bytes])),
		"zero-signature": withBytes(Buffer.alloc(256)),
		"strip-signature": `${header}.${payload}`,
		"header-alone": header,
		"add-empty-part": `${honest}.`,
		"add-part": `${honest}.${signature}`,
		"five-parts": `${honest}.${signature}.${signature}`,
		"leading-space": ` ${honest}`,
		"trailing-newline": `${honest}\n`,
		"inner-newline": insert("\n"),
		"inner-nul": insert("\0"),
		"inner-space": insert(" "),
		"keep-padding": [header, payload, signature]
			.map((part) =>
				Buffer.from(part, "base64url")
					.toString("base64")
					.replaceAll("+", "-")
					.replaceAll("/", "_"),
			)
			.join("."),
		"standard-alphabet": honest.replace(/-/g, "+").replace(/_/g, "/"),
		"non-canonical-last-character":
			MANGLES["non-canonical-last-character"].make(honest),
		"percent-encode-dots": `${header}%2E${payload}%2E${signature}`,
		"bearer-prefix": `Bearer ${honest}`,
		"flattened-json": `{"protected":"${header}","payload":"${payload}","signature":"${signature}"}`,
		"general-json": `{"payload":"${payload}","signatures":[{"protected":"${header}","signature":"${signature}"}]}`,
		"hide-in-json": `{"${header}.${payload}.":"","protected":"${header}","payload":"${payload}","signature":"${signature}"}`,
		quote: `"${honest}"`,
		nothing: "",
	};

	test.for(Object.entries(expected))("%s", ([name, token]) => {
		expect(MANGLES[name as Mangle].make(honest, keys, honest)).toBe(token);
		expect(token).not.toBe(honest);
		expect(broken(token)).toHaveLength(1);
	});

	test("non-canonical-last-character: the same bytes in another spelling", () => {
		const token = MANGLES["non-canonical-last-character"].make(honest);
		expect(token.slice(0, -1)).toBe(honest.slice(0, -1));
		expect(Buffer.from(token.split(".")[2] ?? "", "base64url")).toEqual(bytes);
	});

	test("hide-in-json: the forged token's parts beside those that were signed", () => {
		const forged = base64url('{"sub":"forged"}');
		const token = MANGLES["hide-in-json"].make(
			`${header}.${forged}.${signature}`,
			keys,
			honest,
		);
		expect(JSON.parse(token)).toEqual({
			[`${header}.${forged}.`]: "",
			protected: header,
			payload,
			signature,
		});
		// What python-jwt read: the second of the parts between dots.
		expect(token.split(".")[1]).toBe(forged);
	});

	test("encrypt: a JWE of the token, to the issuer's public key", async () => {
		const token = await MANGLES.encrypt.make(honest, keys);
		const { plaintext, protectedHeader } = await compactDecrypt(
			token,
			keys.ci.privateKey,
		);
		expect(new TextDecoder().decode(plaintext)).toBe(honest);
		expect(protectedHeader).toEqual({
			kid: keys.ci.kid,
			cty: "JWT",
			alg: "RSA-OAEP-256",
			enc: "A256GCM",
		});
		expect(broken(token)).toEqual(["shape"]);
	});
});

describe("encoding", () => {
	const json = JSON.stringify(CLAIMS);
	const open = json.slice(0, -1);
	const deep = `{"deep":${"[".repeat(10_000)}${"]".repeat(10_000)},`;
	const expected: Record<Encoding, string | Buffer> = {
		"not-json": "not JSON",
		"json-list": `[${json}]`,
		"json-string": JSON.stringify(json),
		"json-null": "null",
		"json-number": "42",
		empty: "",
		"invalid-utf-8": Buffer.from(`${open},"note":"\xff\xfe"}`, "latin1"),
		"utf-8-bom": Buffer.concat([
			Buffer.from("efbbbf", "hex"),
			Buffer.from(json),
		]),
		"utf-16": Buffer.from([...json].map((char) => `${char}\0`).join("")),
		comment: `/* a comment */${json}`,
		"trailing-comma": `${open},}`,
		"single-quotes": json.replace(/"/g, "'"),
		"text-after-the-end": `${json}{}`,
		truncated: open,
		deflated: deflateRawSync(json, { strategy: constants.Z_HUFFMAN_ONLY }),
		"nested-jwt": `${base64url('{"typ":"JWT","alg":"none"}')}.${base64url(json)}.`,
		duplicate: json, // where nothing differs; below, where something does
		"duplicate-honest-last": json,
		"proto-member": `{"__proto__":{"ref_protected":"true","admin":true},${json.slice(1)}`,
		"deep-nesting": deep + json.slice(1),
		"one-mebibyte": `{"padding":"${"x".repeat(786_432)}",${json.slice(1)}`,
	};
	// What is odd about these is allowed.
	const inOrder = [
		"duplicate",
		"duplicate-honest-last",
		"proto-member",
		"deep-nesting",
		"one-mebibyte",
	];

	test("has no other", () => {
		expect(Object.keys(expected)).toEqual(Object.keys(ENCODINGS));
	});

	test.for(Object.entries(expected))(
		"%s, signed all the same",
		async ([name, bytes]) => {
			const token = await make({ encoding: name as Encoding });
			const part = token.split(".")[1] ?? "";
			// As text: buffers are compared an element at a time, which takes seconds for a mebibyte.
			expect(Buffer.from(part, "base64url").toString("latin1")).toBe(
				Buffer.from(bytes).toString("latin1"),
			);
			expect(broken(token)).toEqual(inOrder.includes(name) ? [] : ["shape"]);
		},
	);

	test("duplicate: what is honest first, where it differs", async () => {
		const token = await make({
			encoding: "duplicate",
			payload: { ...CLAIMS, aud: "https://evil.test" },
			honest: CLAIMS,
		});
		const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
		expect(text).toBe(
			`{"aud":"${CLAIMS.aud}",${json.slice(1).replace(CLAIMS.aud, "https://evil.test")}`,
		);
		expect(broken(token)).toEqual(["audience"]);
	});

	test("duplicate-honest-last: what is honest last, where it differs", async () => {
		const token = await make({
			encoding: "duplicate-honest-last",
			payload: { ...CLAIMS, aud: "https://evil.test" },
			honest: CLAIMS,
		});
		const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
		expect(text).toBe(
			`${json.slice(0, -1).replace(CLAIMS.aud, "https://evil.test")},"aud":"${CLAIMS.aud}"}`,
		);
		expect(broken(token)).toEqual([]);
	});

	test("one-mebibyte is one mebibyte, and little more", async () => {
		const { length } = await make({ encoding: "one-mebibyte" });
		expect(length).toBeGreaterThan(2 ** 20);
		expect(length).toBeLessThan(2 ** 20 + 2048);
	});
});

describe("header encoding", () => {
	const json = Buffer.from(header, "base64url").toString();
	const open = json.slice(0, -1);
	const expected: Record<HeaderEncoding, string> = {
		"json-list": `[${json}]`,
		"not-json": "not JSON",
		"trailing-comma": `${open},}`,
		"invalid-escape": `${open},"note":"\\x"}`,
		duplicate: json,
		"duplicate-honest-last": json,
		"deep-nesting": `{"deep":${"[".repeat(10_000)}${"]".repeat(10_000)},${json.slice(1)}`,
	};

	test("has no other", () => {
		expect(Object.keys(expected)).toEqual(Object.keys(HEADER_ENCODINGS));
	});

	test.for(Object.entries(expected))(
		"%s, signed all the same",
		async ([name, text]) => {
			const token = await make({ headerEncoding: name as HeaderEncoding });
			const [first = ""] = token.split(".");
			expect(Buffer.from(first, "base64url").toString()).toBe(text);
			const isInOrder = /^duplicate|^deep-nesting$/.test(name);
			expect(broken(token)).toEqual(isInOrder ? [] : ["shape"]);
		},
	);

	test("duplicate: GitLab's members first, where they differ", async () => {
		const token = await make({
			headerEncoding: "duplicate",
			header: (honest) => ({ ...honest, alg: "none" }),
		});
		const [first = ""] = token.split(".");
		expect(Buffer.from(first, "base64url").toString()).toBe(
			`{"alg":"RS256","kid":"${keys.ci.kid}","typ":"JWT","alg":"none"}`,
		);
		expect(broken(token)).toEqual(["algorithm"]);
	});
});

test("header duplicate-honest-last: GitLab's members last, where they differ", async () => {
	const token = await make({
		headerEncoding: "duplicate-honest-last",
		header: (honest) => ({ ...honest, alg: "none" }),
	});
	const [first = ""] = token.split(".");
	expect(Buffer.from(first, "base64url").toString()).toBe(
		`{"kid":"${keys.ci.kid}","typ":"JWT","alg":"none","alg":"RS256"}`,
	);
	expect(broken(token)).toEqual([]);
});

describe("HMAC", async () => {
	const [, ci] = jwks.keys;
	const key = createPublicKey({ key: { ...ci }, format: "jwk" });
	const pem = String(key.export({ type: "spki", format: "pem" }));
	const expected: Record<HmacSecret, string | Uint8Array> = {
		"public-key-pem": pem,
		"public-key-pem-without-newline": pem.slice(0, -1),
		"public-key-pem-crlf": pem.replace(/\n/g, "\r\n"),
		"public-key-pkcs1-pem": key.export({ type: "pkcs1", format: "pem" }),
		"public-key-der": Buffer.from(
			pem.replace(/-----[^-]+-----|\n/g, ""),
			"base64",
		),
		"public-key-jwk": JSON.stringify(ci),
		"public-key-modulus": Buffer.from(String(ci?.n), "base64url"),
		"certificate-pem": (await selfSigned(keys.ci)).pem,
		kid: String(ci?.kid),
		"symmetric-key": "a secret that the JWKS gives away",
		empty: "",
		"the-word-secret": "secret",
		"the-word-null": "null",
		"text-of-constructor": "function Object() { [native code] }",
		"text-of-prototype": "[object Object]",
	};

	test("has no other secret", () => {
		expect(Object.keys(expected).sort()).toEqual(
			Object.keys(HMAC_SECRETS).sort(),
		);
	});

	test.for(Object.entries(expected))("under %s", async ([name, secret]) => {
		for (const [alg, hash] of [
			["HS256", "sha256"],
			["HS384", "sha384"],
			["HS512", "sha512"],
		] as const) {
			const token = await make({
				header: (honest) => ({ ...honest, alg }),
				signing: { hmac: name as HmacSecret },
			});
			const cut = token.lastIndexOf(".");
			const mac = createHmac(hash, secret).update(token.slice(0, cut));
			expect(token.slice(cut + 1)).toBe(mac.digest("base64url"));
			expect(broken(token)).toEqual(["algorithm"]);
		}
	});
});

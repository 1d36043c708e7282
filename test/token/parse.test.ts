// The strict parser: one spelling of each token, and every other refused by what is wrong with it.
import { describe, expect, test } from "vitest";
import { parseToken } from "../../src/token/parse.js";
import { CLAIMS, keys, make } from "./instance.js";

const encode = (content: string | Buffer) =>
	Buffer.from(content as string).toString("base64url");
const HEADER = encode('{"alg":"RS256"}');
const PAYLOAD = encode('{"sub":"x"}');
const SIGNATURE = encode("sig"); // "c2ln"

test("takes an honest token apart", async () => {
	const token = await make();
	expect(parseToken(token)).toEqual({
		header: { kid: keys.ci.kid, typ: "JWT", alg: "RS256" },
		payload: CLAIMS,
		signature: Buffer.from(token.split(".")[2] ?? "", "base64url"),
		input: token.slice(0, token.lastIndexOf(".")),
	});
});

test.for<[string, string]>([
	["the plainest token", `${HEADER}.${PAYLOAD}.${SIGNATURE}`],
	["an empty signature", `${HEADER}.${PAYLOAD}.`],
	["an empty payload object", `${HEADER}.${encode("{}")}.${SIGNATURE}`],
	["space in the JSON", `${HEADER}.${encode(' {"a": 1}\n')}.${SIGNATURE}`],
	["text beyond ASCII", `${HEADER}.${encode('{"a":"é𝄞"}')}.${SIGNATURE}`],
	["a key named __proto__", `${HEADER}.${encode('{"__proto__":{}}')}.`],
	[
		"deep nesting",
		`${HEADER}.${encode(`{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`)}.`,
	],
])("accepts %s", ([, token]) => {
	expect(parseToken(token)).not.toHaveProperty("fault");
});

const three = (count: number) => `a JWS has three parts, this has ${count}`;
const BASE64 = "a part is not base64url without padding";
const NO_HEADER = "the header is not a JSON object";
const NO_PAYLOAD = "the payload is not a JSON object";
const payload = (content: string | Buffer) =>
	`${HEADER}.${encode(content)}.${SIGNATURE}`;

describe("refuses", () => {
	test.for<[string, string, string]>([
		["nothing", "", three(1)],
		["two parts", `${HEADER}.${PAYLOAD}`, three(2)],
		["four parts", `${HEADER}.${PAYLOAD}.${SIGNATURE}.`, three(4)],
		["five parts", `${HEADER}....`, three(5)],
		["JSON", '{"payload":"e30"}', three(1)],
		["padding", `${HEADER}.${encode("{}")}=.${SIGNATURE}`, BASE64],
		["the standard alphabet", `${HEADER}.${PAYLOAD}.+/+/`, BASE64],
		["a last character with spare bits", `${HEADER}.${PAYLOAD}.c2l`, BASE64],
		["a lone last character", `${HEADER}.${PAYLOAD}.c2lnc`, BASE64],
		["a space before", ` ${HEADER}.${PAYLOAD}.${SIGNATURE}`, BASE64],
		["a line end behind", `${HEADER}.${PAYLOAD}.${SIGNATURE}\n`, BASE64],
		["a line end within", `${HEADER}.${PAYLOAD}.c2\nln`, BASE64],
		["NUL", `${HEADER}.${PAYLOAD}.${SIGNATURE}\0`, BASE64],
		["Bearer before it", `Bearer ${HEADER}.${PAYLOAD}.${SIGNATURE}`, BASE64],
		["percent-encoding", `${HEADER}.${PAYLOAD}.c2%6Cn`, BASE64],
		["letters beyond ASCII", `${HEADER}.${PAYLOAD}.ｃ2ln`, BASE64],
		["an empty header", `.${PAYLOAD}.${SIGNATURE}`, NO_HEADER],
		["a header that is a list", `${encode("[]")}.${PAYLOAD}.`, NO_HEADER],
		["a header that is null", `${encode("null")}.${PAYLOAD}.`, NO_HEADER],
		["an empty payload", `${HEADER}..${SIGNATURE}`, NO_PAYLOAD],
		["a payload that is text", payload("plain"), NO_PAYLOAD],
		["a payload that is a list", payload("[]"), NO_PAYLOAD],
		["a payload that is a string", payload('"{}"'), NO_PAYLOAD],
		["a payload that is null", payload("null"), NO_PAYLOAD],
		["a payload that is a number", payload("1"), NO_PAYLOAD],
		["a comment", payload('{"a":1/**/}'), NO_PAYLOAD],
		["a trailing comma", payload('{"a":1,}'), NO_PAYLOAD],
		["two objects", payload("{}{}"), NO_PAYLOAD],
		["a byte order mark", payload("\ufeff{}"), NO_PAYLOAD],
		[
			"invalid UTF-8",
			payload(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
			NO_PAYLOAD,
		],
		[
			"overlong UTF-8",
			payload(Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])),
			NO_PAYLOAD,
		],
		["UTF-16", payload(Buffer.from("{}", "utf16le")), NO_PAYLOAD],
	])("%s", ([, token, fault]) => {
		expect(parseToken(token)).toEqual({ fault });
	});

	test("each other spelling of the same bytes", () => {
		// "c2k" are two bytes, with two spare bits that must be zero: three other characters give the same bytes.
		const spellings = ["c2k", "c2l", "c2m", "c2n"];
		const bytes = spellings.map((text) => Buffer.from(text, "base64url"));
		expect(new Set(bytes.map(String)).size).toBe(1);
		const read = spellings.map((text) =>
			parseToken(`${HEADER}.${PAYLOAD}.${text}`),
		);
		expect(read.map((result) => "fault" in result)).toEqual([
			false,
			true,
			true,
			true,
		]);
	});
});

// Attack: finished tokens changed afterwards, each edit by the name of what it does.
import { notApplicable } from "../errors.js";
import { base64url, type JoseHeader } from "./compact.js";
import type { Described } from "./described.js";
import { encryptTo } from "./jwe.js";
import type { KeySet } from "./keys.js";

/** Named edits of a finished token. */
export const MANGLES = {
	"flip-signature-bit": {
		description: "the last bit of the signature is turned over",
		make: (token) =>
			withSignature(token, (bytes) => flipBit(bytes, bytes.length - 1, 0x01)),
	},
	"flip-first-signature-bit": {
		description: "the first bit of the signature is turned over",
		make: (token) => withSignature(token, (bytes) => flipBit(bytes, 0, 0x80)),
	},
	"empty-signature": {
		description: "the third part is empty",
		make: (token) => withSignature(token, () => Buffer.alloc(0)),
	},
	"truncate-signature": {
		description: "the last byte of the signature is left out",
		make: (token) =>
			withSignature(token, (bytes) => bytes.subarray(0, bytes.length - 1)),
	},
	"lengthen-signature": {
		description: "a zero byte is put behind the signature",
		make: (token) =>
			withSignature(token, (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
	},
	"double-signature": {
		description: "the signature stands there twice",
		make: (token) =>
			withSignature(token, (bytes) => Buffer.concat([bytes, bytes])),
	},
	"zero-signature": {
		description: "the signature is all zeros",
		make: (token) =>
			withSignature(token, (bytes) => Buffer.alloc(bytes.length)),
	},
	"strip-signature": {
		description: "the third part and its dot are left out",
		make: (token) => token.slice(0, token.lastIndexOf(".")),
	},
	"header-alone": {
		description: "only the header is left",
		make: (token) => token.slice(0, token.indexOf(".")),
	},
	"add-empty-part": {
		description: "a dot and an empty fourth part are put behind",
		make: (token) => `${token}.`,
	},
	"add-part": {
		description: "the signature is repeated as a fourth part",
		make: (token) => `${token}.${lastPart(token)}`,
	},
	"five-parts": {
		description:
			"the signature is repeated as a fourth and a fifth part, as many as an encrypted token has",
		make: (token) => `${token}.${lastPart(token)}.${lastPart(token)}`,
	},
	"leading-space": {
		description: "a space is put in front",
		make: (token) => ` ${token}`,
	},
	"trailing-newline": {
		description: "a line feed is put behind",
		make: (token) => `${token}\n`,
	},
	"inner-newline": {
		description: "a line feed is put into the payload's base64url",
		make: (token) => insert(token, "\n"),
	},
	"inner-nul": {
		description: "a NUL is put into the payload's base64url",
		make: (token) => insert(token, "\u0000"),
	},
	"inner-space": {
		description: "a space is put into the payload's base64url",
		make: (token) => insert(token, " "),
	},
	"keep-padding": {
		description:
			"each part keeps the = that base64 ends with and base64url does not",
		make: (token) =>
			token
				.split(".")
				.map((part) => part.padEnd(Math.ceil(part.length / 4) * 4, "="))
				.join("."),
	},
	"standard-alphabet": {
		description: "written in base64's alphabet, with + and / for - and _",
		make: (token) => token.replaceAll("-", "+").replaceAll("_", "/"),
	},
	"non-canonical-last-character": {
		description:
			"the same signature in another spelling: the last character differs in bits that a lenient decoder drops",
		make: nonCanonical,
	},
	"percent-encode-dots": {
		description: "each dot is written as %2E",
		make: (token) => token.replaceAll(".", "%2E"),
	},
	"bearer-prefix": {
		description: "Bearer and a space are put in front",
		make: (token) => `Bearer ${token}`,
	},
	"flattened-json": {
		description: "written as JWS JSON, flattened (RFC 7515 §7.2.2)",
		make: (token) => {
			const [header, payload, signature] = token.split(".");
			return JSON.stringify({ protected: header, payload, signature });
		},
	},
	"general-json": {
		description: "written as JWS JSON, general (RFC 7515 §7.2.1)",
		make: (token) => {
			const [header, payload, signature] = token.split(".");
			const signatures = [{ protected: header, signature }];
			return JSON.stringify({ payload, signatures });
		},
	},
	"hide-in-json": {
		description:
			"JSON in which one parser verifies the good token and another reads the forged one (CVE-2022-39227)",
		make: (token, _, signed) => {
			const [header, payload, signature] = signed.split(".");
			const [forgedHeader, forged] = token.split(".");
			const hidden = `${forgedHeader}.${forged}.`;
			return JSON.stringify({
				[hidden]: "",
				protected: header,
				payload,
				signature,
			});
		},
	},
	quote: {
		description: "put in double quotes",
		make: (token) => `"${token}"`,
	},
	encrypt: {
		description:
			"encrypted to the instance's public key: a JWE around the token",
		make: (token, keys) => encryptTo(keys.ci, token),
	},
	nothing: {
		description: "an empty text instead of the token",
		make: () => "",
	},
} as const satisfies Record<
	string,
	Described<
		(token: string, keys: KeySet, signed: string) => string | Promise<string>
	>
>;

export type Mangle = keyof typeof MANGLES;

const lastPart = (token: string) => token.slice(token.lastIndexOf(".") + 1);

function withSignature(
	token: string,
	change: (signature: Buffer) => Uint8Array,
): string {
	const cut = token.lastIndexOf(".") + 1;
	const signature = Buffer.from(token.slice(cut), "base64url");
	return token.slice(0, cut) + base64url(change(signature));
}

function flipBit(bytes: Buffer, index: number, mask: number): Buffer {
	const flipped = Buffer.from(bytes);
	flipped.writeUInt8(flipped.readUInt8(index) ^ mask, index);
	return flipped;
}

/** `text` in the middle of the payload. */
function insert(token: string, text: string): string {
	const [start, end] = [token.indexOf("."), token.lastIndexOf(".")];
	const middle = Math.floor((start + end) / 2);
	return token.slice(0, middle) + text + token.slice(middle);
}

const ALPHABET =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * The same signature bytes spelled otherwise: the last character of an RSA-2048 signature has four
 * bits that stand for nothing, and a lenient decoder drops them.
 * @throws MockError `not_applicable` where there are none, as with RSA-3072
 */
function nonCanonical(token: string): string {
	if (lastPart(token).length % 4 === 0)
		throw notApplicable(
			"a signature whose bytes are a multiple of three, as of an RSA key of 3072 bits, is spelled in one way only",
		);
	const last = ALPHABET.indexOf(token.slice(-1));
	return token.slice(0, -1) + ALPHABET.charAt(last ^ 1);
}

/** The header is exchanged for another, under the old signature. */
export const replaceHeader = (token: string, header: JoseHeader): string =>
	base64url(JSON.stringify(header)) + token.slice(token.indexOf("."));

/** The payload is exchanged for another, under the old signature. */
export function replacePayload(token: string, payload: unknown): string {
	const [header, , signature] = token.split(".");
	return `${header}.${base64url(JSON.stringify(payload))}.${signature}`;
}

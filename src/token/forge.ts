// Attack: finished tokens changed afterwards, each edit by the name of what it does.
import { base64url, type JoseHeader } from "./compact.js";
import { encryptTo } from "./jwe.js";
import type { KeySet } from "./keys.js";

/** Named edits of a finished token. */
export const MANGLES = {
	"flip-signature-bit": (token) =>
		withSignature(token, (bytes) => flipBit(bytes, bytes.length - 1, 0x01)),
	"flip-first-signature-bit": (token) =>
		withSignature(token, (bytes) => flipBit(bytes, 0, 0x80)),
	"empty-signature": (token) => withSignature(token, () => Buffer.alloc(0)),
	"truncate-signature": (token) =>
		withSignature(token, (bytes) => bytes.subarray(0, bytes.length - 1)),
	"lengthen-signature": (token) =>
		withSignature(token, (bytes) => Buffer.concat([bytes, Buffer.of(0)])),
	"double-signature": (token) =>
		withSignature(token, (bytes) => Buffer.concat([bytes, bytes])),
	"zero-signature": (token) =>
		withSignature(token, (bytes) => Buffer.alloc(bytes.length)),
	"strip-signature": (token) => token.slice(0, token.lastIndexOf(".")),
	"header-alone": (token) => token.slice(0, token.indexOf(".")),
	"add-empty-part": (token) => `${token}.`,
	"add-part": (token) => `${token}.${lastPart(token)}`,
	"five-parts": (token) => `${token}.${lastPart(token)}.${lastPart(token)}`,
	"leading-space": (token) => ` ${token}`,
	"trailing-newline": (token) => `${token}\n`,
	"inner-newline": (token) => insert(token, "\n"),
	"inner-nul": (token) => insert(token, "\u0000"),
	"inner-space": (token) => insert(token, " "),
	"keep-padding": (token) =>
		token
			.split(".")
			.map((part) => part.padEnd(Math.ceil(part.length / 4) * 4, "="))
			.join("."),
	"standard-alphabet": (token) =>
		token.replaceAll("-", "+").replaceAll("_", "/"),
	"non-canonical-last-character": nonCanonical,
	"percent-encode-dots": (token) => token.replaceAll(".", "%2E"),
	"bearer-prefix": (token) => `Bearer ${token}`,
	"flattened-json": (token) => {
		const [header, payload, signature] = token.split(".");
		return JSON.stringify({ protected: header, payload, signature });
	},
	"general-json": (token) => {
		const [header, payload, signature] = token.split(".");
		const signatures = [{ protected: header, signature }];
		return JSON.stringify({ payload, signatures });
	},
	/** CVE-2022-39227: one parser verifies the good token's parts, the other splits the text and reads the forged one's. */
	"hide-in-json": (token, _, signed) => {
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
	quote: (token) => `"${token}"`,
	encrypt: (token, keys) => encryptTo(keys.ci, token),
	nothing: () => "",
} as const satisfies Record<
	string,
	(token: string, keys: KeySet, signed: string) => string | Promise<string>
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
 */
function nonCanonical(token: string): string {
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

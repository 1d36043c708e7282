// Attack: headers and payloads that are not the plain JSON objects that they should be, signed all the same.
import { deflateRawSync } from "node:zlib";
import { type JoseHeader, signingInput } from "./compact.js";

/** Named ways to write a payload, given its JSON. */
export const ENCODINGS = {
	"not-json": () => "not JSON",
	"json-list": (json) => `[${json}]`,
	"json-string": (json) => JSON.stringify(json),
	"json-null": () => "null",
	"json-number": () => "42",
	empty: () => "",
	"invalid-utf-8": (json) =>
		Buffer.concat([
			Buffer.from(`${json.slice(0, -1)},"note":"`),
			Buffer.of(0xff, 0xfe),
			Buffer.from('"}'),
		]),
	"utf-8-bom": (json) => `\ufeff${json}`,
	"utf-16": (json) => Buffer.from(json, "utf16le"),
	comment: (json) => `/* a comment */${json}`,
	"trailing-comma": (json) => `${json.slice(0, -1)},}`,
	"single-quotes": (json) => json.replaceAll('"', "'"),
	"text-after-the-end": (json) => `${json}{}`,
	truncated: (json) => json.slice(0, -1),
	deflated: (json) => deflateRawSync(json),
	"nested-jwt": (json) => `${signingInput({ typ: "JWT", alg: "none" }, json)}.`,
	duplicate: after,
	"duplicate-honest-last": before,
	"proto-member": (json) =>
		after(json, '"__proto__":{"ref_protected":"true","admin":true}'),
	"deep-nesting": (json) =>
		after(json, `"deep":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`),
	"one-mebibyte": (json) =>
		after(json, `"padding":"${"x".repeat(0.75 * MEBIBYTE)}"`),
} as const satisfies Record<
	string,
	(json: string, honest: string) => string | Uint8Array
>;

export type Encoding = keyof typeof ENCODINGS;

/** Named ways to write a header, given its JSON. */
export const HEADER_ENCODINGS = {
	"json-list": (json) => `[${json}]`,
	"not-json": () => "not JSON",
	"trailing-comma": (json) => `${json.slice(0, -1)},}`,
	"invalid-escape": (json) => `${json.slice(0, -1)},"note":"\\x"}`,
	duplicate: after,
	"duplicate-honest-last": before,
	"deep-nesting": (json) =>
		after(json, `"deep":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`),
} as const satisfies Record<string, (json: string, honest: string) => string>;

export type HeaderEncoding = keyof typeof HEADER_ENCODINGS;

const DEPTH = 10_000;
const MEBIBYTE = 1024 * 1024;

/** `members` in front of those that the object has. */
function after(json: string, members: string): string {
	return members === "" ? json : `{${members},${json.slice(1)}`;
}

/** `members` behind those that the object has. */
function before(json: string, members: string): string {
	return members === "" ? json : `${json.slice(0, -1)},${members}}`;
}

type Members = Readonly<Record<string, unknown>>;

/** The members of `honest` whose values differ in `written`, as they stand in JSON. */
function differing(honest: Members, written: unknown): string {
	const own = new Map(Object.entries(written as Members));
	return Object.entries(honest)
		.filter(
			([name, value]) =>
				own.has(name) &&
				JSON.stringify(own.get(name)) !== JSON.stringify(value),
		)
		.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
		.join(",");
}

/**
 * The payload's bytes.
 * @param honest what GitLab would have written: `duplicate` has its values first, `duplicate-honest-last` last
 */
export function encodePayload(
	payload: unknown,
	encoding: Encoding | undefined,
	honest: Members = {},
): string | Uint8Array {
	const json = JSON.stringify(payload);
	if (encoding === undefined) return json;
	return ENCODINGS[encoding](json, differing(honest, payload));
}

/** The header's text. */
export function encodeHeader(
	header: JoseHeader,
	encoding: HeaderEncoding | undefined,
	honest: JoseHeader,
): string {
	const json = JSON.stringify(header);
	if (encoding === undefined) return json;
	return HEADER_ENCODINGS[encoding](json, differing(honest, header));
}

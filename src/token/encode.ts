// Attack: headers and payloads that are not the plain JSON objects that they should be, signed all the same.
import { constants, deflateRawSync } from "node:zlib";
import { type JoseHeader, signingInput } from "./compact.js";
import type { Described } from "./described.js";

/** Named ways to write a payload, given its JSON. */
export const ENCODINGS = {
	"not-json": {
		description: "the words: not JSON",
		make: () => "not JSON",
	},
	"json-list": {
		description: "a JSON list that has the object in it",
		make: (json) => `[${json}]`,
	},
	"json-string": {
		description: "a JSON string that has the object's JSON in it",
		make: (json) => JSON.stringify(json),
	},
	"json-null": {
		description: "null",
		make: () => "null",
	},
	"json-number": {
		description: "a number",
		make: () => "42",
	},
	empty: {
		description: "no byte at all",
		make: () => "",
	},
	"invalid-utf-8": {
		description: "a member whose text is not UTF-8",
		make: (json) =>
			Buffer.concat([
				Buffer.from(`${json.slice(0, -1)},"note":"`),
				Buffer.of(0xff, 0xfe),
				Buffer.from('"}'),
			]),
	},
	"utf-8-bom": {
		description: "a byte order mark in front",
		make: (json) => `\ufeff${json}`,
	},
	"utf-16": {
		description: "in UTF-16",
		make: (json) => Buffer.from(json, "utf16le"),
	},
	comment: {
		description: "a comment in front",
		make: (json) => `/* a comment */${json}`,
	},
	"trailing-comma": {
		description: "a comma before the last bracket",
		make: (json) => `${json.slice(0, -1)},}`,
	},
	"single-quotes": {
		description: "single quotes instead of double ones",
		make: (json) => json.replaceAll('"', "'"),
	},
	"text-after-the-end": {
		description: "an empty object behind the object",
		make: (json) => `${json}{}`,
	},
	truncated: {
		description: "without the last bracket",
		make: (json) => json.slice(0, -1),
	},
	deflated: {
		description: "compressed (RFC 1951), without saying so",
		// Without a search for matches, which is another one on each kind of processor: the bytes are the same everywhere.
		make: (json) =>
			deflateRawSync(json, { strategy: constants.Z_HUFFMAN_ONLY }),
	},
	"nested-jwt": {
		description: "another JWT, unsigned, that has the claims in it",
		make: (json) => `${signingInput({ typ: "JWT", alg: "none" }, json)}.`,
	},
	duplicate: {
		description:
			"the claims that differ stand there twice: GitLab's value first, the forged one last",
		make: after,
	},
	"duplicate-honest-last": {
		description:
			"the claims that differ stand there twice: the forged value first, GitLab's last",
		make: before,
	},
	"proto-member": {
		description: "a member __proto__ that has claims in it",
		make: (json) =>
			after(json, '"__proto__":{"ref_protected":"true","admin":true}'),
	},
	"deep-nesting": {
		description: "a member that is 10,000 lists within each other",
		make: (json) =>
			after(json, `"deep":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`),
	},
	"one-mebibyte": {
		description: "a member that makes the token a mebibyte long",
		make: (json) => after(json, `"padding":"${"x".repeat(0.75 * MEBIBYTE)}"`),
	},
} as const satisfies Record<
	string,
	Described<(json: string, honest: string) => string | Uint8Array>
>;

export type Encoding = keyof typeof ENCODINGS;

/** Named ways to write a header, given its JSON. */
export const HEADER_ENCODINGS = {
	"json-list": {
		description: "a JSON list that has the object in it",
		make: (json) => `[${json}]`,
	},
	"not-json": {
		description: "the words: not JSON",
		make: () => "not JSON",
	},
	"trailing-comma": {
		description: "a comma before the last bracket",
		make: (json) => `${json.slice(0, -1)},}`,
	},
	"invalid-escape": {
		description: "a member whose text has an escape that JSON does not know",
		make: (json) => `${json.slice(0, -1)},"note":"\\x"}`,
	},
	duplicate: {
		description:
			"the members that differ stand there twice: GitLab's value first, the forged one last",
		make: after,
	},
	"duplicate-honest-last": {
		description:
			"the members that differ stand there twice: the forged value first, GitLab's last",
		make: before,
	},
	"deep-nesting": {
		description: "a member that is 10,000 lists within each other",
		make: (json) =>
			after(json, `"deep":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}`),
	},
} as const satisfies Record<
	string,
	Described<(json: string, honest: string) => string>
>;

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
	return ENCODINGS[encoding].make(json, differing(honest, payload));
}

/** The header's text. */
export function encodeHeader(
	header: JoseHeader,
	encoding: HeaderEncoding | undefined,
	honest: JoseHeader,
): string {
	const json = JSON.stringify(header);
	if (encoding === undefined) return json;
	return HEADER_ENCODINGS[encoding].make(json, differing(honest, header));
}

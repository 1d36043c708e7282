// Attack: payloads that are not the plain JSON object that they should be, signed all the same.

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
} as const satisfies Record<string, (json: string) => string | Uint8Array>;

export type Encoding = keyof typeof ENCODINGS;

/** The payload's bytes. */
export function encodePayload(
	payload: unknown,
	encoding: Encoding | undefined,
): string | Uint8Array {
	const json = JSON.stringify(payload);
	return encoding === undefined ? json : ENCODINGS[encoding](json);
}

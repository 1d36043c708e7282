// JWS compact serialization (RFC 7515 §7.1): three base64url parts and the dots between them.

/** A JOSE header. The order of the members is the order in the token. */
export type JoseHeader = Record<string, unknown>;

/** The bytes of `text` in base64url, without padding. */
export const base64url = (text: string | Uint8Array): string =>
	Buffer.from(text as Uint8Array).toString("base64url");

/**
 * What is signed: the first two parts with the dot between them.
 * @param header its members, or its text as it stands
 * @param payload its bytes, or its text
 */
export const signingInput = (
	header: JoseHeader | string,
	payload: string | Uint8Array,
): string =>
	`${base64url(typeof header === "string" ? header : JSON.stringify(header))}.${base64url(payload)}`;

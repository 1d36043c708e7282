// Reads a token in compact serialization, strictly (RFC 7515 §5.2, steps 1 to 7).
import { isAscii } from "node:buffer";
import { isJsonObject } from "../json-object.js";
import type { JoseHeader } from "./compact.js";

/** The parts of a well-formed token; nothing in it is verified. */
export interface ParsedToken {
	header: JoseHeader;
	payload: Record<string, unknown>;
	signature: Buffer;
	/** the signed bytes: header, dot, payload */
	input: string;
}

/** Takes a token apart, or says why it is none. */
export function parseToken(token: string): ParsedToken | { fault: string } {
	const parts = token.split(".");
	if (parts.length !== 3) {
		return { fault: `a JWS has three parts, this has ${parts.length}` };
	}
	const [header, payload, signature] = parts.map(decode);
	if (!header || !payload || !signature) {
		return { fault: "a part is not base64url without padding" };
	}
	const joseHeader = jsonObject(header);
	if (!joseHeader) return { fault: "the header is not a JSON object" };
	const claims = jsonObject(payload);
	if (!claims) return { fault: "the payload is not a JSON object" };
	const input = token.slice(0, token.lastIndexOf("."));
	return { header: joseHeader, payload: claims, signature, input };
}

/** The bytes of canonical base64url; there is only one spelling of each. */
function decode(part: string): Buffer | undefined {
	if (!/^[\w-]*$/.test(part)) return undefined;
	// Only the last group can be spelled in more than one way: with bits that say nothing.
	const last = part.slice(part.length - (part.length % 4));
	const isOnly = Buffer.from(last, "base64url").toString("base64url") === last;
	return isOnly ? Buffer.from(part, "base64url") : undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws TypeError where it is no UTF-8 */
const textOf = (bytes: Buffer): string =>
	isAscii(bytes) ? bytes.toString("latin1") : utf8.decode(bytes);

function jsonObject(bytes: Buffer): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(textOf(bytes));
		return isJsonObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

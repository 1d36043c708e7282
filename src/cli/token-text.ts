// A token as a command prints it: what a server calls one is written only where it can be one.
import { MockError } from "../errors.js";
import { printable } from "../safe-text.js";
import type { Output } from "./io.js";

// Every token of the mock's is ASCII. Of control characters, forged ones have NUL and line feeds.
const TOKEN = /^[\0\n\x20-\x7e]*$/;

/**
 * The token, byte for byte; for a terminal, without what is not for the eye.
 * @throws MockError `unreachable`
 */
export function tokenText(token: unknown, { isTTY }: Output): string {
	if (typeof token !== "string" || !TOKEN.test(token))
		throw new MockError("unreachable", "what the server answered is no token");
	return isTTY ? printable(token).replaceAll("\n", "\ufffd") : token;
}

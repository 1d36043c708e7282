// What GitLab can be called: its URL, which is `iss` of its tokens.
import { MockError } from "../errors.js";

/** What is said where a text is no issuer. */
export const ISSUER_FORM =
	"expected a URL such as https://gitlab.example.com or https://example.com/gitlab, without a slash at the end";

/** Whether a text is an http(s) URL without query, fragment, user or trailing slash. */
export function isIssuer(text: string): boolean {
	if (!URL.canParse(text) || !/^https?:\/\/[\x21-\x7e]+$/.test(text))
		return false;
	const { username, password } = new URL(text);
	return username === "" && password === "" && !/[?#]|\/$/.test(text);
}

/**
 * Checks an issuer URL.
 * @throws MockError `invalid_option`
 */
export function parseIssuer(text: string): string {
	if (isIssuer(text)) return text;
	throw new MockError(
		"invalid_option",
		`"${text.slice(0, 200)}" is no issuer: ${ISSUER_FORM}`,
	);
}

/** `host[:port]` of a URL; what is no URL is left as it is. */
export const hostOf = (url: string): string =>
	url.replace(/^https?:\/\//, "").split("/", 1)[0] ?? "";

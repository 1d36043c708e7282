// What is shown of a request: no credentials, no tokens, no more than so much. It takes a time in proportion to the text.
import type { IncomingHttpHeaders } from "node:http";

/** How many characters are kept of a path, of a query and of a header. */
const LONGEST_KEPT = 2000;

const REDACTED = "[redacted]";

/** Names of headers and parameters, such as `X-Auth`, `private_token`, `client_secret`, `code` or `user[password]`. */
const SECRET_NAME =
	/token|secret|passw|pwd|credential|assertion|verifier|signature|session|cookie|authorization|jwt|api[_-]?key|private|(^|[^a-z])(code|auth|key|sig|otp|pass|pw)\]?$/i;

// Name and value of a parameter. A name is bounded, so that a text without any costs no more than its length.
const PARAMETER = /([^\s=&?;,"]{1,80})=([^\s&;]*)/g;

// Who calls, in an address; and what GitLab's own tokens begin with, such as `glpat-`.
const USER_INFO = /:\/\/[^\s/?#@]{1,500}@/g;
const GITLAB_TOKEN = /\bgl[a-z]{1,8}-[\w-]{10,}/g;

// What a token can be written with. Found first, and looked into then: one expression for both
// takes a time that grows with the square of a long text.
const RUN = /[\w.+/=%-]{12,}/g;
// Base64url of `{"`, `{ ` and `{` with a line break begins every token.
const TOKEN = /(?:ey[JA]|ew(?:og|oJ|0K))[\w+/=%-]{8}/;

/** `text` without tokens and without the values of parameters whose names say that they are secret. */
export function redactText(text: string): string {
	if (text === "") return text;
	let kept = text;
	if (kept.length > LONGEST_KEPT) kept = `${kept.slice(0, LONGEST_KEPT)}…`;
	if (kept.includes("="))
		kept = kept.replace(PARAMETER, (pair, name: string) =>
			isSecret(name) ? `${name}=${REDACTED}` : pair,
		);
	if (kept.includes("@")) kept = kept.replace(USER_INFO, `://${REDACTED}@`);
	if (kept.includes("gl")) kept = kept.replace(GITLAB_TOKEN, REDACTED);
	if (kept.includes("ey") || kept.includes("ew"))
		kept = kept.replace(RUN, (run) => {
			const start = run.search(TOKEN);
			return start < 0 ? run : run.slice(0, start) + REDACTED;
		});
	return kept;
}

/** Headers as they are kept. */
export function redactHeaders(
	headers: IncomingHttpHeaders,
): Record<string, string> {
	const kept: Record<string, string> = {};
	for (const name of Object.keys(headers)) {
		kept[name] = isSecretHeader(name)
			? REDACTED
			: redactText(String(headers[name]));
	}
	return kept;
}

// The same few names come with every request; those that a client makes up are not worth keeping.
const MOST_NAMES = 100;
const known = new Map<string, boolean>();

function isSecretHeader(name: string): boolean {
	const told = known.get(name);
	if (told !== undefined) return told;
	const secret = isSecret(name);
	if (known.size < MOST_NAMES) known.set(name, secret);
	return secret;
}

function isSecret(name: string): boolean {
	if (!name.includes("%")) return SECRET_NAME.test(name);
	try {
		return SECRET_NAME.test(decodeURIComponent(name));
	} catch {
		return true; // nobody can say what it is
	}
}

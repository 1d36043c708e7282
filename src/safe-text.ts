// Text that others sent, made safe to print and to keep: no control characters, no tokens, no end.

/** How much of a token is shown: its first characters say that it is one, and let nobody in. */
const TOKEN_HEAD = 12;

/** No text is read further than this, so that an answer of many megabytes costs nothing. */
const READ = 65_536;

// What a token can be written with. Found first, and looked into then: one expression for both
// takes a time that grows with the square of a long text.
const RUN = /[\w.+/=%-]{12,}/g;
// Base64url of `{"`, `{ ` and `{` with a line break begins every token.
const BEGINNING = /(?:ey[JA]|ew(?:og|oJ|0K))[\w+/=%-]{9}/;
// What has lost its beginning, such as a token that was broken in two, is still long.
const LONG = /[\w+=%-]{80}/;

const WHITE = /[\s\u0085]+/gu;
// C0, C1 and DEL; formats, which hold the bidi overrides; lone surrogates; what XML forbids.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** Its first 12 characters and `…`, or the whole if it is no longer; safe to print. */
export function cutToken(token: string): string {
	const head = token.slice(0, TOKEN_HEAD).replace(UNSAFE, "\ufffd");
	return token.length > TOKEN_HEAD ? `${head}…` : head;
}

/** `text` safe to print, with its lines and its length: what could steer a terminal becomes U+FFFD. */
export const printable = (text: string): string =>
	text.replace(UNSAFE, (character) =>
		character === "\n" ? character : "\ufffd",
	);

/**
 * `text` as one line of at most `longest` characters, safe for a terminal and a file: control
 * characters, bidirectional overrides and lone surrogates become U+FFFD, white space one space.
 * What looks like a token is cut, unless `keepTokens`.
 */
export function safeText(
	text: string,
	longest: number,
	options: { keepTokens?: boolean } = {},
): string {
	const line = text
		.slice(0, READ)
		.replace(WHITE, " ")
		.replace(UNSAFE, "\ufffd")
		.trim();
	const safe = options.keepTokens ? line : line.replace(RUN, cutRun);
	if (safe.length <= longest && text.length <= READ) return safe;
	// A cut through a surrogate pair would leave half of it.
	const head = safe
		.slice(0, Math.max(0, longest - 1))
		.replace(/[\ud800-\udbff]$/, "");
	return `${head}…`;
}

function cutRun(run: string): string {
	const start = run.search(BEGINNING);
	if (start >= 0) return run.slice(0, start) + cutToken(run.slice(start));
	return LONG.test(run) ? cutToken(run) : run;
}

/** `value` as JSON, whose strings come from outside: what could steer a terminal is escaped. */
export const jsonText = (value: unknown): string => {
	const json = JSON.stringify(value, null, 2).replace(
		/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,
		(character) =>
			character
				.split("")
				.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
				.join(""),
	);
	return `${json}\n`;
};

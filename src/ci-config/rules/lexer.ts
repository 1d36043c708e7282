// The expressions of `if` into tokens, with the limits and oddities of GitLab's lexer.
import { atLeast } from "../../gitlab/version.js";

export type Operator = "==" | "!=" | "=~" | "!~" | "&&" | "||";

export type Token =
	| { kind: "variable"; name: string }
	| { kind: "text"; text: string }
	| { kind: "pattern"; source: string }
	| { kind: "boolean"; value: boolean }
	| { kind: "null" | "(" | ")" | "!" }
	| { kind: "operator"; operator: Operator };

const MOST_TOKENS = 99; // GitLab gives up at the hundredth

interface Lexeme {
	pattern: RegExp;
	token(match: RegExpExecArray): Token;
	/** the GitLab that it came with */
	since?: string;
}

const mark = (kind: "null" | "(" | ")" | "!") => (): Token => ({ kind });

/** In GitLab's order: the first that fits is taken. */
const LEXEMES: readonly Lexeme[] = [
	{ pattern: /\(/y, token: mark("(") },
	{ pattern: /\)/y, token: mark(")") },
	// An input that nobody filled in.
	{
		pattern: /\$\[\[[^\n]*?\]\]/y,
		token: ([whole]) => ({ kind: "variable", name: whole.slice(1) }),
	},
	{
		pattern: /\$(\w+)/y,
		token: ([, name = ""]) => ({ kind: "variable", name }),
	},
	{
		pattern: /"([^\n]*?)"|'([^\n]*?)'/y,
		token: ([, double, single]) => ({
			kind: "text",
			text: double ?? single ?? "",
		}),
	},
	// At least two characters: GitLab takes no `/./`.
	{
		pattern: /\/(?:[^/]|\\\/)+[^\\]\/[ismU]*/y,
		token: ([source]) => ({ kind: "pattern", source }),
	},
	{ pattern: /null/y, token: mark("null") },
	{
		pattern: /\b(?:true|false)\b/y,
		token: ([word]) => ({ kind: "boolean", value: word === "true" }),
		since: "18.9", // about: it came with spec:inputs:rules
	},
	{
		pattern: /==|=~|!=|!~|&&|\|\|/y,
		token: ([operator]) => ({
			kind: "operator",
			operator: operator as Operator,
		}),
	},
	{ pattern: /!/y, token: mark("!"), since: "18.11" },
];

/**
 * @param version GitLab's, of which some tokens depend
 * @returns the tokens, or what GitLab does not understand
 */
export function tokensOf(text: string, version: string): Token[] | string {
	const known = LEXEMES.filter(
		({ since }) => since === undefined || atLeast(version, since),
	);
	const tokens: Token[] = [];
	const space = /\s*/y;
	let at = 0;
	for (;;) {
		space.lastIndex = at;
		at += space.exec(text)?.[0].length ?? 0;
		if (at === text.length) return tokens;
		if (tokens.length === MOST_TOKENS)
			return `more than ${MOST_TOKENS} words and operators`;
		const next = nextToken(text, at, known);
		if (!next) return unknown(text.slice(at), version);
		tokens.push(next.token);
		at = next.end;
	}
}

function nextToken(text: string, at: number, known: readonly Lexeme[]) {
	for (const { pattern, token } of known) {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (match) return { token: token(match), end: at + match[0].length };
	}
	return undefined;
}

/** What people write most often that GitLab does not know. */
const HINTS: readonly [RegExp, string][] = [
	[/^\$\{/, "a variable is $NAME here, never $" + "{NAME}"],
	[/^\/(?:[^/]|\\\/)\//, "a pattern needs two characters or more"],
	[/^\//, "a pattern ends with / and its flags, of i, m, s and U"],
	[/^!/, "! came with GitLab 18.11"],
	[/^=/, "to compare is =="],
	[/^["']/, "its quotation mark is not closed"],
	[/^[&|]/, "it is && and ||"],
];

function unknown(rest: string, version: string): string {
	const hint = HINTS.find(([pattern]) => pattern.test(rest))?.[1];
	const said = hint?.startsWith("!") ? `${hint}, and this is ${version}` : hint;
	const where = rest.length > 20 ? `${rest.slice(0, 20)}…` : rest;
	return `at ${where}${said === undefined ? "" : `: ${said}`}`;
}

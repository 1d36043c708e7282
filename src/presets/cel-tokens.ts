// A condition in Google's Common Expression Language, cut into tokens with their places.
import { MockError } from "../errors.js";

export interface CelToken {
	kind: "name" | "text" | "number" | "sign" | "end";
	/** as it stands; of a text, what it means */
	value: string;
	/** the first character's place, from 1 */
	column: number;
}

const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const BLANK = /(?:\s|\/\/[^\n]*)+/y;
const SIGN = /&&|\|\||[=!<>]=|[()[\],.!<>?:+*/%{}-]/y;
const TEXT = /[rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const ESCAPE =
	/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|[xX]([\da-fA-F]{2})|(.))/g;
const ESCAPED: Readonly<Record<string, string>> = {
	...{ n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v" },
	...{ "\\": "\\", '"': '"', "'": "'", "`": "`", "?": "?" },
};

/** An error with its place. */
export const celError = (message: string, column: number): MockError =>
	new MockError(
		"invalid_option",
		`GCP attribute condition, character ${column}: ${message}`,
	);

/**
 * Cuts a condition into tokens; the last one is the end.
 * @throws MockError `invalid_option`
 */
export function celTokens(source: string): CelToken[] {
	const tokens: CelToken[] = [];
	let at = 0;
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		const found = pattern.exec(source)?.[0];
		if (found !== undefined) at += found.length;
		return found;
	};
	for (;;) {
		take(BLANK);
		const column = at + 1;
		if (at >= source.length) {
			tokens.push({ kind: "end", value: "the end", column });
			return tokens;
		}
		if (
			/^(?:[rR]?(?:"""|''')|[bB][rR]?["']|[rR][bB]["'])/.test(
				source.slice(at, at + 5),
			)
		) {
			throw celError(
				"texts in three quotation marks and bytes cannot be followed: write a plain text",
				column,
			);
		}
		const text = take(TEXT);
		if (text !== undefined) {
			tokens.push({ kind: "text", value: textOf(text, column), column });
			continue;
		}
		const name = take(NAME);
		if (name !== undefined) {
			tokens.push({ kind: "name", value: name, column });
			continue;
		}
		const number = take(NUMBER);
		if (number !== undefined) {
			tokens.push({ kind: "number", value: number, column });
			continue;
		}
		const sign = take(SIGN);
		if (sign === undefined) {
			const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
			throw celError(
				/["']/.test(character)
					? "a text that does not end"
					: `${JSON.stringify(character)} has no place here`,
				column,
			);
		}
		tokens.push({ kind: "sign", value: sign, column });
	}
}

function textOf(written: string, column: number): string {
	const isRaw = /^[rR]/.test(written);
	const inner = written.slice(isRaw ? 2 : 1, -1);
	if (isRaw) return inner;
	return inner.replace(ESCAPE, (whole, four, eight, two, one) => {
		const code = four ?? eight ?? two;
		if (code !== undefined) {
			const point = Number.parseInt(code, 16);
			if (point <= 0x10_ff_ff) return String.fromCodePoint(point);
		}
		const meant = one === undefined ? undefined : ESCAPED[one];
		if (meant !== undefined) return meant;
		throw celError(`the escape ${whole} cannot be followed`, column);
	});
}

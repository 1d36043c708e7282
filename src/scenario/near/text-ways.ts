// Sloppy comparisons of texts: by a part, without regard to case, blanks or alphabets, as a number. A long table.
import { LOOK_ALIKES } from "../text-edit.js";
import { EVIL, isDigits, type TextWay } from "./way.js";

const isUrl = (text: string) => /^https?:\/\//.test(text);

/** What is put behind: where it ends a host's name, it makes another host. */
const behind = (text: string) =>
	!isUrl(text)
		? `-${EVIL}`
		: /^https?:\/\/[^/:]+$/.test(text)
			? `.${EVIL}.test`
			: `/${EVIL}`;

const before = (text: string) =>
	isUrl(text)
		? `https://${EVIL}.test/`
		: /^[^:]*\//.test(text)
			? `${EVIL}/`
			: `${EVIL}-`;

/** Where a path or a sub has a segment's end, from the last one to the first. */
const ends = (text: string): number[] =>
	isUrl(text)
		? []
		: [...text.matchAll(/[/:]/g)].map(({ index }) => index).reverse();

const insert = (text: string, at: number, what: string) =>
	text.slice(0, at) + what + text.slice(at);

/** Ids are numbers, and have ways of their own. */
const notDigits =
	(make: TextWay["make"]): TextWay["make"] =>
	(text) =>
		isDigits(text) ? [] : make(text);

/** A path as its segments; a sub or a URL is none. */
const segmentsOf = (text: string): string[] =>
	/[:,\s]/.test(text) ? [] : text.split("/");

const PARTS = {
	prefix: {
		description: "a string that begins with the expected value",
		make: notDigits((text) => [
			text + behind(text),
			...ends(text).map((at) => insert(text, at, `-${EVIL}`)),
		]),
	},
	suffix: {
		description: "a string that ends with the expected value",
		make: notDigits((text) => [
			before(text) + text,
			...ends(text)
				.reverse()
				.map((at) => insert(text, at + 1, `${EVIL}-`)),
		]),
	},
	substring: {
		description: "a string that contains the expected value",
		make: notDigits((text) => [
			before(text) + text + behind(text),
			...ends(text).map(
				(at) => before(text) + insert(text, at, `-${EVIL}`) + behind(text),
			),
		]),
	},
	"unanchored-pattern": {
		description:
			"a string in which a regular expression without anchors finds the expected value",
		make: notDigits((text) => [`x${text}x`]),
	},
	"any-character": {
		description: "the expected value with another character in place of a dot",
		make: (text) =>
			[...text.matchAll(/\./g)].map(
				({ index }) => `${text.slice(0, index)}x${text.slice(index + 1)}`,
			),
	},
	shorter: {
		description: "the beginning of the expected value",
		make: notDigits((text) => (text.length > 1 ? [text.slice(0, -1)] : [])),
	},
	"first-segment": {
		description: "a path with the same part before its first slash",
		make(text) {
			const [first, ...rest] = segmentsOf(text);
			return rest.length > 0
				? [[first, ...rest.map(() => EVIL)].join("/")]
				: [];
		},
	},
	"last-segment": {
		description: "a path with the same part after its last slash",
		make(text) {
			const segments = segmentsOf(text);
			const last = segments.pop();
			return segments.length > 0
				? [[...segments.map(() => EVIL), last].join("/")]
				: [];
		},
	},
	"folder-above": {
		description: "the parent of the expected path",
		make: (text) => {
			const above = segmentsOf(text).slice(0, -1);
			return above.map((_, index) =>
				above.slice(0, above.length - index).join("/"),
			);
		},
	},
	"folder-below": {
		description: "a path below the expected one",
		make: notDigits((text) =>
			segmentsOf(text).length > 0 ? [`${text}/${EVIL}`] : [],
		),
	},
	"comma-list": {
		description:
			"a string of values separated by commas, one of them the expected one",
		make: (text) => [`${EVIL},${text}`, `${text},${EVIL}`],
	},
	"blank-list": {
		description:
			"a string of values separated by spaces, one of them the expected one",
		make: (text) => [`${EVIL} ${text}`, `${text} ${EVIL}`],
	},
} as const satisfies Record<string, TextWay>;

/** Exchanges the last character that `table` has, then the first: in a sub that is the ref, and the path's own name. */
function exchange(text: string, table: ReadonlyMap<string, string>): string[] {
	const letters = [...text];
	const has = (letter: string) => table.has(letter);
	const found = [letters.findLastIndex(has), letters.findIndex(has)];
	return [...new Set(found)]
		.filter((index) => index >= 0)
		.map((index) =>
			letters.with(index, table.get(letters[index] ?? "") ?? "").join(""),
		);
}

const ASCII = [
	..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
];
const FULL_WIDTH = new Map(
	ASCII.map((letter) => [
		letter,
		String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0),
	]),
);
const KELVIN = new Map([
	["k", "\u212a"],
	["K", "\u212a"],
]);
const LONG_S = new Map([
	["s", "\u017f"],
	["S", "\u017f"],
]);

const LETTERS = {
	"letter-case": {
		description: "the expected value in another letter case",
		make: (text) =>
			[
				// In a sub the value of its last part alone: a ref.
				text.replace(/[^:]*$/, (last) => last.toUpperCase()),
				text.toUpperCase(),
				text.toLowerCase(),
			].filter((other) => other !== text),
	},
	blanks: {
		description: "the expected value with spaces around it",
		make: (text) => [` ${text} `],
	},
	newline: {
		description: "the expected value followed by a line break",
		make: (text) => [`${text}\n`],
	},
	"another-line": {
		description: "a string of several lines, one of them the expected value",
		make: (text) => [`${EVIL}\n${text}`, `${text}\n${EVIL}`],
	},
	nul: {
		description: "the expected value followed by a NUL character and more text",
		make: (text) => [`${text}\u0000${EVIL}`],
	},
	"compatibility-form": {
		description:
			"a string that equals the expected value after NFKC normalization",
		make: (text) => exchange(text, FULL_WIDTH),
	},
	"kelvin-sign": {
		description: "the expected value with the Kelvin sign in place of a k",
		make: (text) => exchange(text, KELVIN),
	},
	"long-s": {
		description: "the expected value with a long s in place of an s",
		make: (text) => exchange(text, LONG_S),
	},
	"look-alike": {
		description: "a string that looks like the expected value",
		make: (text) => exchange(text, LOOK_ALIKES),
	},
} as const satisfies Record<string, TextWay>;

const digits =
	(make: (text: string) => string): TextWay["make"] =>
	(text) =>
		isDigits(text) ? [make(text)] : [];

const NUMBERS = {
	"leading-zeros": {
		description: "the expected number with leading zeros",
		make: digits((text) => `00${text}`),
	},
	"letters-behind": {
		description:
			"the expected number followed by letters, which parseInt ignores",
		make: digits((text) => text + EVIL),
	},
	"exponent-form": {
		description: "the expected number written with an exponent",
		make: digits((text) => `${text}e0`),
	},
} as const satisfies Record<string, TextWay>;

/** By name. */
export const TEXT_WAYS = { ...PARTS, ...LETTERS, ...NUMBERS };

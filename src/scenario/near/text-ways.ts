// Sloppy comparisons of texts: by a part, without regard to case, blanks or alphabets, as a number.
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
		description: "what begins with the wanted text",
		make: notDigits((text) => [
			text + behind(text),
			...ends(text).map((at) => insert(text, at, `-${EVIL}`)),
		]),
	},
	suffix: {
		description: "what ends with the wanted text",
		make: notDigits((text) => [
			before(text) + text,
			...ends(text)
				.reverse()
				.map((at) => insert(text, at + 1, `${EVIL}-`)),
		]),
	},
	substring: {
		description: "what has the wanted text within",
		make: notDigits((text) => [
			before(text) + text + behind(text),
			...ends(text).map(
				(at) => before(text) + insert(text, at, `-${EVIL}`) + behind(text),
			),
		]),
	},
	"unanchored-pattern": {
		description: "what a pattern without anchors finds the wanted text in",
		make: notDigits((text) => [`x${text}x`]),
	},
	"any-character": {
		description: "what has another character for a dot",
		make: (text) =>
			[...text.matchAll(/\./g)].map(
				({ index }) => `${text.slice(0, index)}x${text.slice(index + 1)}`,
			),
	},
	shorter: {
		description: "what the wanted text begins with",
		make: notDigits((text) => (text.length > 1 ? [text.slice(0, -1)] : [])),
	},
	"first-segment": {
		description: "what has the same first segment",
		make(text) {
			const [first, ...rest] = segmentsOf(text);
			return rest.length > 0
				? [[first, ...rest.map(() => EVIL)].join("/")]
				: [];
		},
	},
	"last-segment": {
		description: "what has the same last segment",
		make(text) {
			const segments = segmentsOf(text);
			const last = segments.pop();
			return segments.length > 0
				? [[...segments.map(() => EVIL), last].join("/")]
				: [];
		},
	},
	"folder-above": {
		description: "the folder that the wanted one is in",
		make: (text) => {
			const above = segmentsOf(text).slice(0, -1);
			return above.map((_, index) =>
				above.slice(0, above.length - index).join("/"),
			);
		},
	},
	"folder-below": {
		description: "what is in a folder of the wanted name",
		make: notDigits((text) =>
			segmentsOf(text).length > 0 ? [`${text}/${EVIL}`] : [],
		),
	},
	"comma-list": {
		description: "a text of values with commas, the wanted one among them",
		make: (text) => [`${EVIL},${text}`, `${text},${EVIL}`],
	},
	"blank-list": {
		description: "a text of values with blanks, the wanted one among them",
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
		description: "what differs in capital and small letters alone",
		make: (text) =>
			[
				// In a sub the value of its last part alone: a ref.
				text.replace(/[^:]*$/, (last) => last.toUpperCase()),
				text.toUpperCase(),
				text.toLowerCase(),
			].filter((other) => other !== text),
	},
	blanks: {
		description: "what has blanks around the wanted text",
		make: (text) => [` ${text} `],
	},
	newline: {
		description: "what has a line's end behind the wanted text",
		make: (text) => [`${text}\n`],
	},
	"another-line": {
		description: "what has the wanted text as one of its lines",
		make: (text) => [`${EVIL}\n${text}`, `${text}\n${EVIL}`],
	},
	nul: {
		description: "what begins with the wanted text and a NUL",
		make: (text) => [`${text}\u0000${EVIL}`],
	},
	"compatibility-form": {
		description: "what is the same in Unicode's form NFKC",
		make: (text) => exchange(text, FULL_WIDTH),
	},
	"kelvin-sign": {
		description: "what is the same in small letters, as the Kelvin sign is a k",
		make: (text) => exchange(text, KELVIN),
	},
	"long-s": {
		description: "what is the same in capitals, as the long s is an S",
		make: (text) => exchange(text, LONG_S),
	},
	"look-alike": {
		description: "what looks like the wanted text",
		make: (text) => exchange(text, LOOK_ALIKES),
	},
} as const satisfies Record<string, TextWay>;

const digits =
	(make: (text: string) => string): TextWay["make"] =>
	(text) =>
		isDigits(text) ? [make(text)] : [];

const NUMBERS = {
	"leading-zeros": {
		description: "the same number with zeros before it",
		make: digits((text) => `00${text}`),
	},
	"letters-behind": {
		description: "what begins with the number, as parseInt does",
		make: digits((text) => text + EVIL),
	},
	"exponent-form": {
		description: "the same number with an exponent",
		make: digits((text) => `${text}e0`),
	},
} as const satisfies Record<string, TextWay>;

/** By name. */
export const TEXT_WAYS = { ...PARTS, ...LETTERS, ...NUMBERS };

// Comparisons that are sloppy in one way each: what a relying party does instead of `claim === wanted`.
import type { WayName } from "../../../src/scenario/near/ways.js";

type Claims = Readonly<Record<string, unknown>>;

/** Whether the claim `name` passes for `wanted`. */
export type Comparison = (
	claims: Claims,
	name: string,
	wanted: unknown,
) => boolean;

const own = (claims: Claims, name: string): unknown =>
	Object.hasOwn(claims, name) ? claims[name] : undefined;

/** The one that is right. */
export const strict: Comparison = (claims, name, wanted) =>
	own(claims, name) === wanted;

/** What is the same value passes; else `test` decides. */
const byValue =
	(test: (value: unknown, wanted: unknown) => boolean): Comparison =>
	(claims, name, wanted) => {
		const value = own(claims, name);
		return value === wanted || test(value, wanted);
	};

const byText = (test: (value: string, wanted: string) => boolean): Comparison =>
	byValue(
		(value, wanted) =>
			typeof value === "string" &&
			typeof wanted === "string" &&
			test(value, wanted),
	);

/** Texts that are equal once both are changed. */
const after = (change: (text: string) => string): Comparison =>
	byText((value, wanted) => change(value) === change(wanted));

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

const CYRILLIC: Record<string, string> = {
	а: "a",
	е: "e",
	о: "o",
	р: "p",
	с: "c",
	х: "x",
	у: "y",
	і: "i",
};

/** By the way whose near misses each takes. */
export const SLOPPY: Readonly<Record<WayName, Comparison>> = {
	prefix: byText((value, wanted) => value.startsWith(wanted)),
	suffix: byText((value, wanted) => value.endsWith(wanted)),
	substring: byText(
		(value, wanted) =>
			value.includes(wanted) &&
			!value.startsWith(wanted) &&
			!value.endsWith(wanted),
	),
	"unanchored-pattern": byText((value, wanted) =>
		new RegExp(`\\w${escaped(wanted)}\\w`).test(value),
	),
	"any-character": byText((value, wanted) =>
		new RegExp(`^(${wanted})$`).test(value),
	),
	shorter: byText((value, wanted) => wanted.startsWith(value) && value !== ""),
	"first-segment": after((text) => text.split("/")[0] as string),
	"last-segment": after((text) => text.split("/").at(-1) as string),
	"folder-above": byText((value, wanted) => wanted.startsWith(`${value}/`)),
	"folder-below": byText((value, wanted) => value.startsWith(`${wanted}/`)),
	"comma-list": byText((value, wanted) => value.split(",").includes(wanted)),
	"blank-list": byText((value, wanted) => value.split(" ").includes(wanted)),
	"letter-case": after((text) => text.toLowerCase().normalize()),
	blanks: after((text) => text.replace(/^ +| +$/g, "")),
	newline: after((text) => text.replace(/\n$/, "")), // $ of Python
	"another-line": byText((value, wanted) =>
		new RegExp(`^${escaped(wanted)}$`, "m").test(value),
	),
	nul: after((text) => text.split("\0")[0] as string),
	"compatibility-form": after((text) => text.normalize("NFKC")),
	"kelvin-sign": after((text) => text.toLowerCase()),
	"long-s": after((text) => text.toUpperCase()),
	"look-alike": after((text) =>
		text.replace(/./gu, (letter) => CYRILLIC[letter] ?? letter),
	),
	"leading-zeros": after((text) => text.replace(/^0+/, "")),
	"letters-behind": byText(
		(value, wanted) =>
			Number.parseInt(value, 10) === Number.parseInt(wanted, 10),
	),
	"exponent-form": byText((value, wanted) => Number(value) === Number(wanted)),
	"more-digits": byValue((value, wanted) =>
		String(value).startsWith(String(wanted)),
	),
	"cut-fraction": byValue(
		(value, wanted) => Math.trunc(Number(value)) === Number(wanted),
	),
	"wrapped-number": byValue(
		(value, wanted) => (Number(value) | 0) === Number(wanted),
	),
	"number-for-text": byValue(
		(value, wanted) => typeof value === "number" && String(value) === wanted,
	),
	"text-for-number": byValue(
		(value, wanted) => typeof wanted === "number" && Number(value) === wanted,
	),
	truthy: byValue(Boolean),
	"list-of-one": byValue(
		// biome-ignore lint/suspicious/noDoubleEquals: the sloppiness itself
		(value, wanted) => Array.isArray(value) && value == wanted,
	),
	"list-with-others": byValue(
		(value, wanted) => Array.isArray(value) && value.includes(wanted),
	),
	object: byValue(
		(value, wanted) =>
			typeof value === "object" && value !== null && String(wanted) in value,
	),
	null: byValue((value) => value === null),
	empty: byValue((value) => value === ""),
	missing: byValue((value) => value === undefined),
	"member-name-case": (claims, name, wanted) =>
		Object.entries(claims).some(
			([other, value]) =>
				other.toLowerCase() === name.toLowerCase() && value === wanted,
		),
	prototype: (claims, name, wanted) =>
		Object.assign({} as Record<string, unknown>, claims)[name] === wanted,
};

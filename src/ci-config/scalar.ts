// A plain scalar as Ruby's YAML (Psych) reads it, which GitLab reads with: neither YAML 1.1 nor 1.2 to the letter.
import type { Exact } from "./value.js";

export type Scalar = string | number | boolean | null | Exact;

/** What GitLab's `safe_load` has no class for: it refuses the file. */
export interface Refused {
	readonly refused: "Date" | "Time";
}

const TEXT = /^[^\d.:-]?[\p{Alphabetic}_ \t\r\n\f\v!@#$%^&*(){}<>|/\\~;=]+|\n/u;
const TIME =
	/^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/;
const DATE = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/;
const SIXTIES = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}$/;
const SIXTIES_FLOAT = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}\.[0-9_]*$/;
const FLOAT = /^[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?$/;
const INTEGER =
	/^[-+]?(?:0b[_,]*[01][01_,]*|0[_,]*[0-7][0-7_,]*|0|[1-9](?:[0-9]|,[0-9]|_[0-9])*|0x[_,]*[0-9a-fA-F][0-9a-fA-F_,]*)$/;

/** The value of a scalar without quotes; `:symbol` is the text `symbol`. */
export function plainScalar(text: string): Scalar | Refused {
	if (text === "") return null;
	if (TEXT.test(text)) return word(text);
	if (TIME.test(text)) return { refused: "Time" };
	if (DATE.test(text)) return { refused: "Date" };
	if (/^\+?\.inf$/i.test(text)) return { exact: "Infinity" };
	if (/^-\.inf$/i.test(text)) return { exact: "-Infinity" };
	if (/^\.nan$/i.test(text)) return { exact: "NaN" };
	if (/^:./.test(text))
		return /^:(["'])(.*)\1/.exec(text)?.[2] ?? text.slice(1);
	if (SIXTIES.test(text)) return sixties(text);
	if (SIXTIES_FLOAT.test(text)) return float(sixties(text));
	if (FLOAT.test(text))
		return /^[-+]?\.$/.test(text) ? text : float(decimal(text));
	return INTEGER.test(text) ? integer(text) : text;
}

/** `y` and `n` are texts; the others are what YAML 1.1 says, in any case of letters. */
function word(text: string): Scalar {
	if (text === "~" || /^null$/i.test(text)) return null;
	if (/^(?:yes|true|on)$/i.test(text)) return true;
	return /^(?:no|false|off)$/i.test(text) ? false : text;
}

/** Base 60: hours come first, also of two parts. */
const sixties = (text: string): number =>
	text
		.replaceAll("_", "")
		.split(":")
		.reduce(
			(sum, part, index) => sum + Number(part) * 60 ** Math.abs(index - 2),
			0,
		);

const decimal = (text: string): number => Number(text.replace(/[,_]/g, ""));

const RADIX: readonly [RegExp, number][] = [
	[/^0b/, 2],
	[/^0x/, 16],
	[/^0(?=.)/, 8],
];

function integer(text: string): number | Exact {
	const negative = text.startsWith("-");
	const digits = text.replace(/^[-+]|[,_]/g, "");
	const [prefix, radix] = RADIX.find(([pattern]) => pattern.test(digits)) ?? [
		/^/,
		10,
	];
	const bare = digits.replace(prefix, "");
	const value = Number.parseInt(bare, radix) * (negative ? -1 : 1);
	if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
	const exact = bare.replace(/^0+(?=.)/, "");
	return { exact: radix === 10 ? `${negative ? "-" : ""}${exact}` : digits };
}

/** A float, as Ruby would write it wherever JavaScript would not. */
function float(value: number): number | Exact {
	const size = Math.abs(value);
	if (size >= 1e-4 && size < 1e16)
		return Number.isInteger(value) ? { exact: `${value}.0` } : value;
	if (value === 0) return { exact: Object.is(value, -0) ? "-0.0" : "0.0" };
	if (!Number.isFinite(value)) return { exact: String(value) };
	const [mantissa = "", exponent = ""] = value.toExponential().split("e");
	const power = exponent.slice(1).padStart(2, "0");
	const sign = exponent.startsWith("-") ? "-" : "+";
	return {
		exact: `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${sign}${power}`,
	};
}

// What may stand behind a bar in `$[[ inputs.x | function ]]`.
import type { Value } from "../value.js";

/** A function's result, or what GitLab says is wrong. */
export type Result = { value: Value } | { error: string };

const MOST = 3;

/**
 * `value` after the functions, in their order.
 * @param expandVars puts in the variables that an include may use
 */
export function applyFunctions(
	value: Value,
	functions: readonly string[],
	expandVars: (text: string) => string,
): Result {
	if (functions.length > MOST)
		return { error: "too many functions in interpolation block" };
	let made = value;
	for (const [index, written] of functions.entries()) {
		const found = FUNCTIONS.flatMap(({ name, pattern, run }) => {
			const match = pattern.exec(written);
			return match ? [{ name, run, match }] : [];
		})[0];
		if (!found) {
			return {
				error: `no function matching \`${written}\`: check that the function name, arguments, and types are correct`,
			};
		}
		const { name, run, match } = found;
		if (name === "split" && index < functions.length - 1) {
			return {
				error:
					"split() must be the last function in a chain (it returns an array, not a string)",
			};
		}
		if (typeof made !== "string") {
			return {
				error: `error in \`${name}\` function: invalid input type: ${name} can only be used with string inputs`,
			};
		}
		const result = run(made, match.slice(1), expandVars);
		if (result === undefined) {
			return {
				error: `error in \`${name}\` function: invalid argument: separator cannot be empty`,
			};
		}
		made = result;
	}
	return { value: made };
}

interface Function {
	name: string;
	pattern: RegExp;
	run(
		text: string,
		args: readonly (string | undefined)[],
		expandVars: (text: string) => string,
	): Value | undefined;
}

const FUNCTIONS: readonly Function[] = [
	{
		name: "truncate",
		pattern: /^truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)?$/,
		run: (text, [offset, length]) =>
			[...text].slice(Number(offset), Number(offset) + Number(length)).join(""),
	},
	{
		name: "expand_vars",
		pattern: /^expand_vars$/,
		run: (text, _, expandVars) => expandVars(text),
	},
	{
		name: "posix_escape",
		pattern: /^posix_escape$/,
		run: (text) =>
			text === ""
				? "''"
				: text
						.replace(/[^A-Za-z0-9_\-.,:+/@\n]/gu, "\\$&")
						.replaceAll("\n", "'\n'"),
	},
	{
		name: "split",
		pattern: /^split\('([^']*)'\)$/,
		run: (text, [separator = ""]) =>
			separator === ""
				? undefined
				: text
						.split(separator)
						.map((part) => part.trim())
						.filter((part) => part !== ""),
	},
];

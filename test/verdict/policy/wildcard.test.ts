// Wildcards: against their definition, and for texts with which that would not end.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wildcard } from "../../../src/verdict/policy/wildcard.js";

/** By definition: every way to divide the text is tried. */
function fits(pattern: string, text: string, question: boolean): boolean {
	const [sign, ...signs] = [...pattern];
	const [character, ...characters] = [...text];
	const rest = signs.join("");
	const after = characters.join("");
	if (sign === undefined) return text === "";
	if (sign === "*") {
		return (
			fits(rest, text, question) ||
			(character !== undefined && fits(pattern, after, question))
		);
	}
	if (character === undefined) return false;
	const isOne = (question && sign === "?") || sign === character;
	return isOne && fits(rest, after, question);
}

const pieces = (...units: string[]) =>
	fc
		.array(fc.constantFrom(...units), { maxLength: 9 })
		.map((all) => all.join(""));

describe.for([true, false])("with question marks: %s", (question) => {
	test("as by definition", () => {
		const pattern = pieces("a", "b", "/", "*", "*", "?", "é", "😀", ".", "\\");
		const text = pieces("a", "b", "/", "?", "*", "é", "😀", ".", "\\");
		fc.assert(
			fc.property(pattern, text, (pattern, text) => {
				expect(wildcard(pattern, { question })(text)).toBe(
					fits(pattern, text, question),
				);
			}),
			{ numRuns: 1500 },
		);
	});
	test("a text without signs fits itself and what stars were put into it", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary-ascii" }), fc.nat(), (raw, at) => {
				const text = raw.replace(/[*?]/g, "x");
				const place = at % (text.length + 1);
				const starred = `${text.slice(0, place)}*${text.slice(place)}`;
				expect(wildcard(text, { question })(text)).toBe(true);
				expect(wildcard(starred, { question })(text)).toBe(true);
				expect(wildcard(text, { question })(`${text}x`)).toBe(false);
			}),
		);
	});
	// Were every way to divide the text tried, as above, this would not end.
	test("many stars against a long text come to an end", () => {
		const pattern = `${"*a".repeat(200)}*b`;
		expect(wildcard(pattern, { question })("a".repeat(20_000))).toBe(false);
	});
});

test.for([
	["auto-deploy-*", "auto-deploy-2020", true],
	["auto-deploy-*", "auto-deploy-", true],
	["auto-deploy-*", "xauto-deploy-1", false],
	["*", "", true],
	["", "", true],
	["", "a", false],
	["a*b", "a", false],
	["a*b*", "ab", true],
	["**", "x", true],
	["a?c", "a?c", true],
	["a?c", "abc", false],
	["MAIN", "main", false],
] as const)("%j and %j: %s", ([pattern, text, fitting]) => {
	expect(wildcard(pattern, { question: false })(text)).toBe(fitting);
});

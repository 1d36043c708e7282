// Where lines are broken.
import { expect, test } from "vitest";
import { columnsOf, wrap, wrapCommand } from "../../src/report/wrap.js";

test.for([
	["", []],
	["  ", []],
	["one two", ["one two"]],
	["one two three", ["one two", "three"]],
	["abcdefghijklmnop", ["abcdefghij", "klmnop"]],
	["a abcdefghijk b", ["a abcdefgh", "ijk b"]],
	["大小大小大小", ["大小大小大", "小"]],
	["😀😀😀😀😀😀", ["😀😀😀😀😀", "😀"]],
] as const)("%j in ten columns", ([text, lines]) => {
	expect(wrap(text, 10)).toEqual(lines);
});

test("marks take no column", () => {
	expect(columnsOf("e\u0301")).toBe(1);
});

test.for([
	["a --b c", ["a --b c"]],
	[
		"tool token scenario --aud x --set y=z",
		["tool token scenario \\", "  --aud x --set y=z"],
	],
	// A break inside the quotes would be part of the text.
	[
		"tool token scenario --aud 'x --set y=z'",
		["tool token scenario --aud 'x --set y=z'"],
	],
	["tool-with-a-very-long-name-indeed", ["tool-with-a-very-long-name-indeed"]],
] as const)("the command %s", ([command, lines]) => {
	expect(wrapCommand(command, 24)).toEqual(lines);
});

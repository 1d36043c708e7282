// Text from outside loses what steers a terminal, its tokens, and its length.
import { describe, expect, test } from "vitest";
import { cutToken, safeText } from "../src/safe-text.js";

const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

describe("safeText", () => {
	test.for([
		["plain text", "200 OK", "200 OK"],
		["nothing", "", ""],
		["a colour", "\u001b[31mred", "\ufffd[31mred"],
		["a title in C1", "\u009d0;x\u009c", "\ufffd0;x\ufffd"],
		["NUL and DEL", "a\u0000b\u007fc", "a\ufffdb\ufffdc"],
		["lines and tabs", " a\r\n\tb\u2028c\u0085d ", "a b c d"],
		["a bidirectional override", "a\u202eb\u2066c", "a\ufffdb\ufffdc"],
		["a zero-width space", "pay\u200bpal", "pay\ufffdpal"],
		["a lone surrogate", "a\ud800b\udc00c", "a\ufffdb\ufffdc"],
		["a pair of surrogates", "a😀b", "a😀b"],
		["what is no character", "a\ufffe\uffffb", "a\ufffd\ufffdb"],
		["other scripts", "Größe 大小 حجم", "Größe 大小 حجم"],
	] as const)("%s", ([, text, safe]) => {
		expect(safeText(text, 100)).toBe(safe);
	});

	test.for([
		["a token", TOKEN, "eyJhbGciOiJS…"],
		[
			"in a sentence",
			`bad token ${TOKEN}, sorry`,
			"bad token eyJhbGciOiJS…, sorry",
		],
		["in JSON", `{"token":"${TOKEN}"}`, '{"token":"eyJhbGciOiJS…"}'],
		["two", `${TOKEN} ${TOKEN}`, "eyJhbGciOiJS… eyJhbGciOiJS…"],
		["its payload alone", "eyJzdWIiOiJhIn0.c2lnbmF0dXJl", "eyJzdWIiOiJh…"],
		[
			"indented JSON in it",
			"ewogICJhbGciOiAiUlMyNTYiIH0.e30.x",
			"ewogICJhbGci…",
		],
		[
			"the tail of a broken one",
			`${TOKEN}\n${"QUJD".repeat(40)}`,
			"eyJhbGciOiJS… QUJDQUJDQUJD…",
		],
		["a digest is none", "a".repeat(64), "a".repeat(64)],
	] as const)("cuts a token: %s", ([, text, safe]) => {
		expect(safeText(text, 1_000)).toBe(safe);
	});

	test("keeps a token that was asked for", () => {
		expect(safeText(`a ${TOKEN}`, 100, { keepTokens: true })).toBe(
			`a ${TOKEN}`,
		);
	});

	test.for([
		["a b c", 5, "a b c"],
		["a b c d", 5, "a b …"],
		["abc", 1, "…"],
		["a😀b", 3, "a…"],
	] as const)("%s in %s characters", ([text, longest, safe]) => {
		expect(safeText(text, longest)).toBe(safe);
	});

	test("says that there was more, even where it was only blank", () => {
		expect(safeText(" ".repeat(1_000_000), 10)).toBe("…");
	});

	test.for(["a/", "a.", "eyJ", "aaaaaaaaaa/.", `${"a".repeat(79)}.`, "\u001b"])(
		"takes no long time over a megabyte of %s",
		(part) => {
			const started = performance.now();
			safeText(part.repeat(1_000_000 / part.length), 500);
			expect(performance.now() - started).toBeLessThan(500);
		},
	);
});

test.for([
	[TOKEN, "eyJhbGciOiJS…"],
	["short", "short"],
	["", ""],
	["eyJ\u001b[2J\u0000 and more", "eyJ\ufffd[2J\ufffd and…"],
	["eyJhbGciOiJ😀 and more", "eyJhbGciOiJ\ufffd…"],
] as const)("cutToken(%j)", ([token, cut]) => {
	expect(cutToken(token)).toBe(cut);
});

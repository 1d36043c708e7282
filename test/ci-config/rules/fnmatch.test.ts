// The wildcards of exists and changes, as Ruby's File.fnmatch has them.
import { expect, test } from "vitest";
import { pathMatcher } from "../../../src/ci-config/rules/fnmatch.js";
import { refusal } from "../../refusal.js";

const free = () => {};

test.for([
	["Dockerfile", "Dockerfile", true],
	["Dockerfile", "app/Dockerfile", false],
	["*.md", "README.md", true],
	["*.md", "docs/README.md", false],
	["**/*.md", "README.md", true],
	["**/*.md", "docs/a/b.md", true],
	["**/*.md", "docs/.hidden/b.md", true],
	["src/**/*", "src/a/b/c.ts", true],
	["src/**/*", "src/c.ts", true],
	["src/**/*", "lib/src/c.ts", false],
	["src/**", "src/a/b.ts", false], // without a slash behind it, it is a star
	["src/**", "src/b.ts", true],
	["src/*", "src/a/b.ts", false],
	["src/", "src/a.ts", false],
	["a/**/b/**/c", "a/x/b/y/z/c", true],
	["a/**/b", "ab", false],
	["?.ts", "a.ts", true],
	["a?b", "a/b", false],
	["[ab].ts", "b.ts", true],
	["[!ab].ts", "c.ts", true],
	["[!ab].ts", "a.ts", false],
	["[a-c]x", "bx", true],
	["x[^/]y", "x/y", false],
	["x[!a]y", "x/y", false],
	["*.{rb,py,sh}", "a.py", true],
	["*.{rb,py,sh}", "a.js", false],
	["{a,b/{c,d}}/*", "b/d/x", true],
	["{a,b/{c,d}}/*", "b/e/x", false],
	["a{,b}", "a", true],
	["{a", "{a", true],
	["a}", "a}", true],
	["\\*", "*", true],
	["\\*", "a", false],
	["\\{a,b}", "{a,b}", true],
	[".env*", ".env.local", true],
	["*", ".gitignore", true],
	["a.c", "abc", false],
	["(a|b)+", "(a|b)+", true],
] as const)("%s and %s: %s", ([pattern, path, fits]) => {
	expect(pathMatcher(pattern, free)(path)).toBe(fits);
});

test("hostile ones take no longer than their length", () => {
	const fits = pathMatcher(`${"**/*a".repeat(100)}b`, free);
	expect(fits("a/".repeat(400))).toBe(false);
});

test("braces that make too much of a pattern are refused", () => {
	expect(refusal(() => pathMatcher("{a,b}".repeat(20), free))).toMatchObject({
		code: "too_large",
	});
	expect(pathMatcher("{a,b}".repeat(5), free)("ababa")).toBe(true);
	expect(refusal(() => pathMatcher("a".repeat(2000), free))).toMatchObject({
		code: "too_large",
	});
});

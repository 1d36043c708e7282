// GitLab's expressions: tables after its documentation, and random ones against a reading of their own.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createBudget } from "../../../src/ci-config/budget.js";
import { readExpression } from "../../../src/ci-config/rules/expression.js";
import {
	loadPatterns,
	type Patterns,
	sizeOf,
} from "../../../src/ci-config/rules/pattern.js";
import { refusal } from "../../refusal.js";

let patterns: Patterns;
beforeAll(async () => {
	patterns = await loadPatterns(createBudget("test"));
});

const VARIABLES: Record<string, string> = {
	CI_COMMIT_BRANCH: "feature/log-in",
	CI_DEFAULT_BRANCH: "main",
	TAG: "v1.2.3",
	EMPTY: "",
	BLANK: " ",
	TWO: "first\nsecond",
	VERSION: "/^v\\d+\\.\\d+/",
	NO_PATTERN: "v1.2.3 and more",
	SLASHES: "a/b",
	ZERO: "0",
	FALSE: "false",
};

const read = (text: string, version = "19.5") =>
	readExpression(text, version, patterns);

function holds(text: string, version?: string): boolean | string {
	const expression = read(text, version);
	return typeof expression === "string"
		? expression
		: expression.holds((name) => VARIABLES[name] ?? null);
}

describe("what holds", () => {
	test.for([
		"$TAG",
		"$ZERO",
		"$FALSE",
		'"text"',
		"/ab/",
		'$TAG == "v1.2.3"',
		"$TAG == 'v1.2.3'",
		'"v1.2.3" == $TAG',
		"$CI_DEFAULT_BRANCH != $CI_COMMIT_BRANCH",
		"$NOTHING == null",
		"null == $NOTHING",
		"$NOTHING == $NOTHING_EITHER",
		'$EMPTY == ""',
		"$EMPTY != null",
		"$TAG != null",
		'$NOTHING != ""',
		"$TAG =~ /^v\\d+\\.\\d+\\.\\d+$/",
		"$TAG =~ /V1/i",
		"$TAG =~ /[[:alpha:]]\\d/",
		"$TAG !~ /^w/",
		"$NOTHING !~ /ab/",
		"$EMPTY !~ /ab/",
		"$SLASHES =~ /a\\/b/",
		"$TWO =~ /first.second/s",
		"$TWO =~ /^second$/m",
		"$TAG =~ $VERSION",
		"$TAG =~ $NO_PATTERN", // what is no pattern has the text in it
		'"23" =~ "1234"',
		"$NOTHING =~ $NO_PATTERN",
		"$TAG !~ $NOTHING",
		"$TAG && $ZERO",
		"$EMPTY && $TAG", // an empty text is true in Ruby
		"$NOTHING || $TAG",
		"$TAG || $NOTHING && $NOTHING",
		"($TAG || $NOTHING) && $TAG",
		"(($TAG))",
		'$TAG == "v1.2.3" && ($NOTHING == null || $NOTHING)',
		'("a" || "b") == "a"',
		'$TAG == "v1.2.3" == true',
		"!$NOTHING",
		"!$EMPTY",
		"!!$TAG",
		"!($TAG && $NOTHING)",
		"$TAG && !$NOTHING",
		"true",
		"$NOTHING == null\n  && $TAG\n",
		"$TAG$NOTHING ||", // GitLab orders its words and asks no more
	])("%s", (text) => {
		expect(holds(text)).toBe(true);
	});

	test.for([
		"$NOTHING",
		"$EMPTY",
		"$BLANK",
		"null",
		'""',
		"false",
		'$TAG == "v1"',
		'$TAG == "V1.2.3"',
		"$EMPTY == null",
		'$NOTHING == ""',
		"$TAG =~ /V1/",
		"$TAG =~ /^1/",
		"$TWO =~ /^second$/",
		"$TWO =~ /first.second/",
		"$NOTHING =~ /ab/",
		"$TAG =~ $NOTHING",
		'"1234" =~ "23"',
		"$TAG == $VERSION",
		"$TAG == /v1.2.3/",
		"$TAG && $EMPTY",
		"$EMPTY || $TAG", // the empty text is the result, and blank
		"$TAG && null",
		"($TAG || $NOTHING) && $NOTHING",
		"$FALSE == false",
		'!"false"',
		"!$TAG || $NOTHING",
		"$TAG =~ /\\$TAG/",
	])("not %s", (text) => {
		expect(holds(text)).toBe(false);
	});
});

describe("what is refused", () => {
	test.for([
		["", "there is nothing in it"],
		["()", "there is nothing in it"],
		["$TAG == 1", "at 1"],
		["$" + "{TAG}", "a variable is $NAME here"],
		["$TAG = 'a'", "to compare is =="],
		["$TAG == 'a", "its quotation mark is not closed"],
		["$TAG & $TAG", "it is && and ||"],
		["$TAG and $TAG", "at and $TAG"],
		["$TAG =~ /./", "a pattern needs two characters or more"],
		["$TAG =~ /ab", "a pattern ends with /"],
		["$TAG =~ /ab/x", "at x"],
		["$TAG =~ /a(b/", "no pattern of RE2's"],
		["$TAG =~ /^(?!main)/", "no pattern of RE2's"],
		["$TAG =~ /(a)\\1/", "no pattern of RE2's"],
		["($TAG", "a ( without its )"],
		["$TAG)", "a ) without its ("],
		["$TAG ==", "== needs a value on each side"],
		["== $TAG", "== needs a value on each side"],
		["!", "! needs a value"],
		["$TAG $TAG", "two values without an operator"],
		["$TAG == main", "at main"],
		[`$A${" || $A".repeat(50)}`, "more than 99"],
	] as const)("%s", ([text, why]) => {
		expect(holds(text)).toContain(why);
	});

	test("by version: ! since 18.11", () => {
		expect(holds("!$NOTHING", "18.11")).toBe(true);
		expect(holds("!$NOTHING", "18.10")).toBe(
			"at !$NOTHING: ! came with GitLab 18.11, and this is 18.10",
		);
		expect(holds("$TAG != null", "17.0")).toBe(true);
	});
});

describe("hostile patterns", () => {
	test("that other engines take an eternity for are matched at once", () => {
		const long = "a".repeat(50_000);
		const expression = read("$A =~ /^(a+)+$/ || $A =~ /(a|a)*b/");
		expect(
			typeof expression === "object" && expression.holds(() => `${long}!`),
		).toBe(false);
	});

	test.for([
		["abc", 3],
		["a{3}", 3],
		["(ab){10}", 30],
		["(a{10}){10}", 110],
		["[a-z]{5}\\d", 6],
		["\\{3}", 3],
	] as const)("%s is of size %i", ([pattern, size]) => {
		expect(sizeOf(pattern)).toBe(size);
	});

	test("that are too large are refused", () => {
		const large = `(${"x".repeat(100)}){900}`;
		expect(refusal(() => read(`$A =~ /${large}/`))).toMatchObject({
			code: "too_large",
		});
		expect(typeof read("$A =~ /(x{100}){9}/")).toBe("object");
	});

	test("use the budget up", async () => {
		const own = await loadPatterns(createBudget("a.yml"));
		const pattern = own.read(`/${"ab?".repeat(300)}/`);
		expect(
			refusal(() => {
				for (let i = 0; i < 1000; i++) pattern?.foundIn("a".repeat(10_000));
			}),
		).toMatchObject({ code: "too_large" });
	});
});

type Tree =
	| { leaf: string; value: string | null }
	| { operator: string; left: Tree; right: Tree };

const leaf = fc
	.constantFrom(...Object.keys(VARIABLES), "NOTHING")
	.map((name): Tree => ({ leaf: `$${name}`, value: VARIABLES[name] ?? null }));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
	tree: fc.oneof(
		{ depthSize: "small" },
		leaf,
		fc.constantFrom("null", "''", "'main'", '"v1.2.3"').map((text) => ({
			leaf: text,
			value: text === "null" ? null : text.slice(1, -1),
		})),
		fc.record({
			operator: fc.constantFrom("==", "!=", "&&", "||"),
			left: tie("tree"),
			right: tie("tree"),
		}),
	),
}));

const STRENGTH: Record<string, number> = { "==": 3, "!=": 3, "&&": 2, "||": 1 };

/** With no more parentheses than the tree needs: operators of one strength are read from the left. */
function written(node: Tree, outer = 0): string {
	if ("leaf" in node) return node.leaf;
	const own = STRENGTH[node.operator] ?? 0;
	const text = `${written(node.left, own)} ${node.operator} ${written(node.right, own + 1)}`;
	return own < outer ? `(${text})` : text;
}

function meaning(node: Tree): string | boolean | null {
	if ("leaf" in node) return node.value;
	const left = meaning(node.left);
	const right = meaning(node.right);
	const missing = left === null || left === false;
	switch (node.operator) {
		case "==":
			return left === right;
		case "!=":
			return left !== right;
		case "&&":
			return missing ? left : right;
		default:
			return missing ? right : left;
	}
}

test("random expressions mean what their trees mean", () => {
	fc.assert(
		fc.property(tree, (node) => {
			const text = written(node);
			fc.pre((text.match(/[()]|\S+/g)?.length ?? 0) < 90);
			const value = meaning(node);
			expect(holds(text), text).toBe(
				typeof value === "string" ? value.trim() !== "" : value === true,
			);
		}),
		{ numRuns: 500 },
	);
});

// The edit language: every edit, the times, and edits that do not fit the value.
import { describe, expect, test } from "vitest";
import {
	editMembers,
	type MemberEdit,
	memberSchema,
	readTime,
	timeSchema,
} from "../../src/scenario/edit.js";
import { refusal } from "../refusal.js";

const NOW = 1_800_000_000;
const BASE = { text: "a.b.b", list: ["x", "y"], number: 7, nothing: null };
const edit = (name: string, member: MemberEdit) =>
	editMembers(BASE, { [name]: member }, NOW);

describe("a member", () => {
	test.for<[string, MemberEdit, unknown]>([
		["text", "new", "new"],
		["text", 5, 5],
		["text", true, true],
		["text", null, null],
		["text", [1, [2]], [1, [2]]],
		["text", { append: "-c" }, "a.b.b-c"],
		["text", { prepend: "c-" }, "c-a.b.b"],
		["text", { replace: { from: "b", to: "$&" } }, "a.$&.$&"],
		["text", { replace: { from: ".", to: "" } }, "abb"],
		["text", { prepend: "c-", append: "-d" }, "c-a.b.b-d"],
		["text", { "swap-case": true }, "A.B.B"],
		["text", { of: "number" }, 7],
		["text", { "as-member": true }, { "a.b.b": true }],
		["text", { "upper-case": true }, "A.B.B"],
		["text", { "as-list": {} }, ["a.b.b"]],
		["text", { "as-list": { before: [1], after: ["z"] } }, [1, "a.b.b", "z"]],
		["list", { "as-list": { after: ["z"] } }, ["x", "y", "z"]],
		["list", { append: "!" }, ["x!", "y!"]],
		["list", { "upper-case": true }, ["X", "Y"]],
		["number", { "as-list": {} }, [7]],
		["nothing", { "as-list": {} }, [null]],
		["number", { value: { a: 1 } }, { a: 1 }],
		["text", { value: "x" }, "x"],
		["text", "now-1h", "now-1h"],
	])("%s, edited by %o, is %o", ([name, member, expected]) => {
		const edited = edit(name, member);
		expect(edited).toEqual({ ...BASE, [name]: expected });
		expect(Object.keys(edited)).toEqual(Object.keys(BASE));
		expect(memberSchema.safeParse(member).success).toBe(true);
	});

	test("is left out by remove, whether it was there or not", () => {
		const { text, ...rest } = BASE;
		expect(edit("text", { remove: true })).toEqual(rest);
		expect(edit("new", { remove: true })).toEqual(BASE);
	});

	test.for<[MemberEdit, string, unknown]>([
		[{ rename: "Text" }, "Text", BASE.text],
		[{ rename: "constructor" }, "constructor", BASE.text],
		[{ inherit: true }, "__proto__", { text: BASE.text }],
	])("edited by %o comes last, elsewhere", ([member, name, value]) => {
		const { text: _, ...rest } = BASE;
		const edited = edit("text", member);
		expect(Object.entries(edited)).toEqual([
			...Object.entries(rest),
			[name, value],
		]);
		expect(edit("new", member)).toEqual(BASE);
		expect(memberSchema.safeParse(member).success).toBe(true);
	});

	test.for(["new", "constructor", "__proto__"])("%s comes last", (name) => {
		const edited = edit(name, 1);
		expect(Object.entries(edited).at(-1)).toEqual([name, 1]);
		expect(JSON.stringify(edited)).toBe(
			`${JSON.stringify(BASE).slice(0, -1)},"${name}":1}`,
		);
	});

	test("leaves the base as it was", () => {
		const base = Object.freeze({ a: "x" });
		expect(editMembers(base, { a: { append: "y" } }, NOW)).toEqual({ a: "xy" });
		expect(editMembers(base, undefined, NOW)).toEqual({ a: "x" });
	});
});

describe("an edit that does not fit", () => {
	const noValue = (name: string) => `${name}: the baseline has nothing there`;
	test.for<[string, MemberEdit, string]>([
		["nothing", { prepend: "x" }, noValue("nothing")],
		["new", { "upper-case": true }, noValue("new")],
		["toString", { append: "x" }, noValue("toString")],
		["new", { replace: { from: "a", to: "b" } }, noValue("new")],
		["new", { "as-list": {} }, noValue("new")],
		["constructor", { "as-list": {} }, noValue("constructor")],
		[
			"text",
			{ replace: { from: "z", to: "c" } },
			'text: there is no "z" in "a.b.b"',
		],
		["text", { of: "toString" }, "text: the baseline has no toString"],
		["text", { of: "nothing" }, "text: the baseline has no nothing"],
		["text", { of: "text" }, "text: the baseline has that of text already"],
		["list", { "as-member": true }, "list: the baseline has no text there"],
	])("to %s: %o", ([name, member, message]) => {
		expect(refusal(() => edit(name, member))).toEqual({
			code: "not_applicable",
			message,
		});
	});

	test("because there is no text at all, is a fault of the scenario", () => {
		expect(refusal(() => edit("number", { append: "x" }))).toEqual({
			code: "invalid_scenario",
			message: "number: there is no text in the baseline to edit, it has 7",
		});
	});

	test.for([
		{},
		{ append: "a", "upper-case": true },
		{ append: 7 },
		{ replace: { from: "", to: "x" } },
		{ replace: { from: "x" } },
		{ "upper-case": false },
		{ remove: false },
		{ "as-list": { between: [] } },
		{ apend: "x" },
	])("is refused by the schema: %o", (member) => {
		expect(memberSchema.safeParse(member).success).toBe(false);
	});
});

describe("a time", () => {
	test.for<[string, number]>([
		["now", 0],
		["now-1h", -3600],
		["now+90s", 90],
		["now+1d+30s", 86_430],
		["now-1h30m", -5400],
		["now+1m-1s", 59],
		["now+1y", 31_557_600],
		["now-0s", 0],
	])("%s is %i s from now", ([text, offset]) => {
		expect(readTime(text, NOW)).toBe(NOW + offset);
		expect(timeSchema.safeParse(text).success).toBe(true);
	});

	test.for(["", "Now", "now ", "now1h", "now+1", "now+1w", "now+-1h", "1h"])(
		"%j is none",
		(text) => {
			expect(readTime(text, NOW)).toBeUndefined();
			expect(timeSchema.safeParse(text).error?.issues[0]?.message).toBe(
				"expected a time such as now-1h or now+90s",
			);
		},
	);

	test.for(["exp", "nbf", "iat", "auth_time"])("is read in %s", (name) => {
		expect(edit(name, "now+1m")).toHaveProperty(name, NOW + 60);
		expect(edit(name, "4102444800")).toHaveProperty(name, "4102444800");
		expect(edit(name, { value: "now" })).toHaveProperty(name, "now");
	});
});

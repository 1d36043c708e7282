// Neighbours of a project's path, and where there are none.
import { describe, expect, test } from "vitest";
import { editText, type TextEdit } from "../../src/scenario/text-edit.js";
import { refusal } from "../refusal.js";

const edited = (path: string, edit: TextEdit) =>
	editText(path, edit, "project.path");

describe("a path", () => {
	test.for<[string, TextEdit, string]>([
		["a/b", { name: "x" }, "a/x"],
		["a/b/c", { name: "x" }, "a/b/x"],
		["a/x", { name: "x" }, "a/x-2"],
		["a/X", { name: "x" }, "a/x-2"],
		["a/b/c", { group: "x" }, "x/c"],
		["a/b/c", { group: "x", name: "y" }, "x/y"],
		["x/b/c", { group: "x" }, "x-2/c"],
		["X/y", { group: "x", name: "y" }, "x-2/y"],
		["a/b/c", { "group-above": true }, "a/c"],
		["a/b/c/d", { "group-above": true }, "a/b/d"],
		["a/b", { "groups-deep": 3 }, "a/level-2/level-3/b"],
		["a/b/c", { "groups-deep": 3 }, "a/b/level-3/c"],
	])("%s with %o is %s", ([path, edit, expected]) => {
		expect(edited(path, edit)).toBe(expected);
	});

	test.for<[string, TextEdit, string]>([
		["a/b", { "group-above": true }, 'no group is above that of "a/b"'],
		["a/b/c", { "groups-deep": 2 }, '"a/b/c" is 2 groups deep already'],
		["a", { name: "x" }, '"a" is in no group'],
		["a", { group: "x" }, '"a" is in no group'],
		["ABC", { "upper-case": true }, 'there is no small letter in "ABC"'],
		["1/2", { "swap-case": true }, 'there is no letter in "1/2"'],
		["1.2", { homoglyph: true }, 'no letter of "1.2" has a look-alike'],
		["a", { append: "" }, 'the baseline is so already: "a"'],
	])("%s has none by %o", ([path, edit, message]) => {
		expect(refusal(() => edited(path, edit))).toEqual({
			code: "not_applicable",
			message: `project.path: ${message}`,
		});
	});
});

describe("a URL", () => {
	test.for<[string, TextEdit, string]>([
		["https://a.b", { host: { append: ".x" } }, "https://a.b.x"],
		["http://a:80/g", { host: { append: ".x" } }, "http://a.x:80/g"],
		["http://a:80/g", { authority: { append: "@x" } }, "http://a:80@x/g"],
		["http://a:80/g", { port: 81 }, "http://a:81/g"],
		["http://a:80/g", { scheme: "other" }, "https://a:80/g"],
		["http://a:80/g", { scheme: "none" }, "a:80/g"],
	])("%s with %o is %s", ([url, edit, expected]) => {
		expect(edited(url, edit)).toBe(expected);
	});

	test("has a host with a name, for some", () => {
		const edit = { host: { append: ".x" } };
		expect(refusal(() => edited("http://[::1]:80", edit))).toMatchObject({
			code: "not_applicable",
		});
		expect(refusal(() => edited("gitlab", edit))).toMatchObject({
			code: "invalid_scenario",
		});
		expect(refusal(() => edited("http://a:81", { port: 81 }))).toMatchObject({
			code: "not_applicable",
		});
	});
});

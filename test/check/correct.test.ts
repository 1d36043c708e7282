// The relying parties on libraries of others: each has its list of what it lets in, and its check in correct/.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CORRECT } from "./correct.js";
import { EXPLAINED } from "./explained.js";

const libraries = CORRECT.map(({ library }) => library).sort();

test("every library has its list, and no list is of another", () => {
	expect(Object.keys(EXPLAINED).sort()).toEqual(libraries);
});

test("every library is checked", () => {
	const folder = new URL("./correct/", import.meta.url);
	const checked = readdirSync(folder)
		.filter((name) => name.endsWith(".test.ts"))
		.map((name) => readFileSync(new URL(name, folder), "utf8"))
		.map((text) => /explains\("(.+)"\)/.exec(text)?.[1]);
	expect(checked.sort()).toEqual(libraries);
});

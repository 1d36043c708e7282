// Writes the built-in scenarios, read and checked, beside the compiled loader.
// @ts-check
import { rm, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { BUILT_IN, loadCatalogue } from "../dist/scenario/catalogue.js";
import { problemLine } from "../dist/scenario/problem.js";

const bundle = new URL("../dist/scenario/built-in.json", import.meta.url);
await rm(bundle, { force: true });
const catalogue = await loadCatalogue([BUILT_IN]);
const problems = catalogue.problems().map(problemLine);
if (problems.length > 0) throw new Error(problems.join("\n"));
const scenarios = catalogue.all().map((scenario) => ({
	...scenario,
	file: relative(BUILT_IN, scenario.file),
}));
await writeFile(bundle, JSON.stringify(scenarios));

// A scenario for tests, from YAML that is added to the least that every scenario must say.

import { problemLine } from "../../src/scenario/problem.js";
import { readScenario } from "../../src/scenario/read.js";
import type { Scenario } from "../../src/scenario/schema.js";

/** Four lines that make a good file. */
export const LEAST = "title: t\nexpect: policy\nwhy: w\nspec: [RFC 1]\n";

/** The scenario of a file that says this besides. */
export function scenarioOf(text = "", id = "family/name"): Scenario {
	const read = readScenario(id, `${id}.yaml`, LEAST + text);
	if (Array.isArray(read)) throw new Error(read.map(problemLine).join("\n"));
	return read;
}

/** All that is wrong with a file called f.yaml, as it is printed. */
export function problemsOf(text: string, id = "family/name"): string[] {
	const read = readScenario(id, "f.yaml", text);
	return Array.isArray(read) ? read.map(problemLine) : [];
}

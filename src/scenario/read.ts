// One scenario file: its text, checked, or all that is wrong with it and where.
import { fileProblem, type Problem, tooLarge } from "./problem.js";
import { type Scenario, scenarioSchema } from "./schema.js";
import { readYaml } from "./yaml.js";

/** The largest scenario file, in bytes. */
export const LARGEST_FILE = 256 * 1024;

/** The problem of a scenario file that is not even read. */
export const tooLargeScenario = (file: string): Problem =>
	tooLarge(file, LARGEST_FILE);

const ID = /^[a-z0-9]+([.-][a-z0-9]+)*(\/[a-z0-9]+([.-][a-z0-9]+)*)*$/;

/**
 * Reads a scenario.
 * @param id its path in the catalogue, without the ending
 * @param file what to call the file in problems
 */
export function readScenario(
	id: string,
	file: string,
	text: string,
): Scenario | Problem[] {
	if (!ID.test(id)) {
		return [
			fileProblem(
				file,
				`"${id}" cannot be a scenario's id: use kebab-case, such as ref/protected-tag.yaml`,
			),
		];
	}
	const read = readYaml(file, text, scenarioSchema, LARGEST_FILE);
	return "value" in read ? { ...read.value, id, file } : read.problems;
}

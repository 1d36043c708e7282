// The configuration file: which GitLabs there are beside the one at the root.
import { MockError } from "../../errors.js";
import { problemLine } from "../../scenario/problem.js";
import { readYaml } from "../../scenario/yaml.js";
import { readTextFile } from "../../text-file.js";
import { type Config, configSchema } from "./config.js";

const LARGEST = 1024 * 1024; // bytes

/**
 * Reads a configuration file, YAML or JSON.
 * @throws MockError `file` where it cannot be read, `invalid_option` with all that is wrong and where
 */
export async function readConfig(file: string): Promise<Config> {
	const text = await readTextFile(file, { largest: LARGEST });
	const read = readYaml(file, text, configSchema, LARGEST);
	if ("value" in read) return read.value;
	throw new MockError(
		"invalid_option",
		read.problems.map(problemLine).join("\n"),
	);
}

// Which scenarios are meant, as check and vectors are told.
import { Option } from "commander";
import { LEVELS } from "../scenario/severity.js";
import { collectList } from "./options.js";

export const selectionOptions = (): Option[] => [
	new Option(
		"--only <ids>",
		"only these scenarios: ids, families, or patterns with *; repeatable",
	).argParser(collectList),
	new Option("--skip <ids>", "not these scenarios; repeatable").argParser(
		collectList,
	),
	new Option(
		"--level <level>",
		"leave out scenarios of a weaker level",
	).choices(LEVELS),
];

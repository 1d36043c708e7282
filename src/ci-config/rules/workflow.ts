// `workflow`: whether there is a pipeline at all, and with which variables.
import { pipelineError, shown } from "../place.js";
import { type Entry, isMapping, memberOf } from "../value.js";
import {
	type Language,
	type Rules,
	readRules,
	WORKFLOW_RULES,
} from "./rule.js";

const KEYS = ["rules", "name", "auto_cancel"];

/** What a file says of its pipelines. */
export interface Workflow {
	/** undefined: there is always one */
	rules: Rules | undefined;
}

/** @throws MockError `invalid_pipeline` */
export function readWorkflow(
	member: Entry | undefined,
	language: Language,
): Workflow {
	if (!member) return { rules: undefined };
	if (!isMapping(member.value))
		throw pipelineError(member.place, "workflow needs a mapping");
	for (const [key, { place }] of member.value) {
		if (!KEYS.includes(key))
			throw pipelineError(
				place,
				`workflow has ${KEYS.join(", ")}, and no ${shown(key)}`,
			);
	}
	const rules = memberOf(member.value, "rules");
	return { rules: rules && readRules(rules, WORKFLOW_RULES, language) };
}

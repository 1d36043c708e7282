// A pipeline file with all that it includes merged beneath it; extends and references are still to be followed.
import type { Budget } from "./budget.js";
import type { Copies } from "./copies.js";
import { expandWithin, type Variables } from "./expand.js";
import { includer } from "./include.js";
import { fromJson } from "./inputs/values.js";
import { placeText, shown } from "./place.js";
import type { ProjectFiles } from "./project-files.js";
import type { Decision } from "./rules/decide.js";
import { loadLanguage } from "./rules/language.js";
import { INCLUDE_RULES, type Rules, readRules } from "./rules/rule.js";
import type { Mapping } from "./value.js";

export interface MergeOptions {
	files: ProjectFiles;
	/** of what is included from elsewhere; default: none */
	copies?: Copies | undefined;
	/** of the file, by name, as JSON has them; default: none */
	inputs?: Readonly<Record<string, unknown>> | undefined;
	/** those that an include may use, in its path and by `expand_vars`; default: none are expanded */
	variables?: Variables | undefined;
	/** GitLab's version, `major.minor[.patch]` */
	version: string;
	/** decides by the rules of an include; default: all are followed */
	include?:
		| ((rules: Rules, elsewhere: boolean) => Promise<Decision>)
		| undefined;
}

/** A file, and whether everything that it includes was followed. */
export interface Merged {
	merged: Mapping;
	complete: boolean;
}

/** @throws MockError `invalid_pipeline` with file and line; `too_large` */
export async function readMerged(
	file: string,
	text: string,
	{ files, copies, inputs, variables, version, include }: MergeOptions,
	budget: Budget,
	warn: (line: string) => void,
): Promise<Merged> {
	let complete = true;
	const load = includer({
		files,
		copies: copies ?? new Map(),
		inputs: new Map(
			Object.entries(inputs ?? {}).map(([name, value]) => {
				const place = { file, line: 1 };
				return [name, { value: fromJson(value, place, budget), place }];
			}),
		),
		budget,
		warn,
		expand: (path, place) =>
			variables
				? expandWithin(budget, path, variables, {
						unknown: (name) =>
							warn(
								`${placeText(place)}: include: there is no variable ${shown(name)}`,
							),
					})
				: path,
		expandVars: (input) =>
			variables
				? expandWithin(budget, input, variables, { shallow: true })
				: input,
		async holds(entry, elsewhere) {
			const config = new Map([["rules", entry]]);
			const language = await loadLanguage([config], true, version, budget);
			const rules = readRules(entry, INCLUDE_RULES, language);
			const decision = await include?.(rules, elsewhere);
			const told = (message: string) =>
				warn(`${placeText(entry.place)}: include: ${message}`);
			if (decision?.included === false) told(`it is left out: ${decision.why}`);
			else if (decision && decision.unknown.length > 0)
				told(
					`it is followed, and whether its rules hold depends on what is not known here: ${decision.unknown.join(", ")}`,
				);
			return decision?.included !== false;
		},
		skipped(line) {
			complete = false;
			warn(line);
		},
	});
	const merged = await load(file, text);
	return { merged, complete };
}

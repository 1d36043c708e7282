// `variables` of the file and of a job, and which of the file's a job inherits.
import type { Variable, Variables } from "./expand.js";
import { type Place, pipelineError, shown } from "./place.js";
import {
	type Entry,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	scalarTexts,
	type Value,
} from "./value.js";

/** @throws MockError `invalid_pipeline` for a value that is neither a scalar nor `{ value, expand, … }` */
export function readVariables(
	member: Entry | undefined,
	job?: string,
): ReadonlyMap<string, Variable> {
	if (!member) return new Map();
	if (!isMapping(member.value))
		throw pipelineError(member.place, "variables needs a mapping", job);
	return new Map(
		[...member.value].map(([name, { value, place }]) => [
			name,
			variable(name, value, place, job),
		]),
	);
}

function variable(
	name: string,
	value: Value,
	place: Place,
	job: string | undefined,
): Variable {
	if (value === null) return { value: "", expand: true };
	const long = isMapping(value);
	const text = scalarText(long ? (value.get("value")?.value ?? "") : value);
	if (text === undefined) {
		throw pipelineError(
			place,
			`variables: ${shown(name)} needs a text, or a mapping with value`,
			job,
		);
	}
	return { value: text, expand: !long || value.get("expand")?.value !== false };
}

/** What `parallel: matrix` sets. */
export const valuesOf = (matrix: ReadonlyMap<string, string>): Variables => ({
	get(name) {
		const value = matrix.get(name);
		return value === undefined ? undefined : { value, expand: true };
	},
});

/** Whether a job takes `key` from `default`, or a variable of the file: `inherit` may say no, or name some. */
export function inherits(
	config: Mapping,
	what: "default" | "variables",
	key: string,
): boolean {
	const inherit = memberOf(config, "inherit")?.value;
	if (!isMapping(inherit)) return true;
	const wanted = memberOf(inherit, what)?.value;
	if (wanted === undefined || typeof wanted === "boolean")
		return wanted ?? true;
	return scalarTexts(wanted)?.includes(key) ?? false;
}

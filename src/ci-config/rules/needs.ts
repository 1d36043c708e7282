// `needs` of a job or of its rule: the jobs of its own pipeline without which GitLab creates none.
import {
	type Entry,
	isList,
	isMapping,
	memberOf,
	scalarText,
	type Value,
} from "../value.js";

/** The names of the jobs that must be part of the pipeline; what else `needs` may say does not matter here. */
export function readNeeds(
	member: Entry | undefined,
): readonly string[] | undefined {
	if (!member) return undefined;
	const { value } = member;
	return (isList(value) ? value : [value]).flatMap(
		(entry) => jobNeeded(entry) ?? [],
	);
}

function jobNeeded(entry: Value): string | undefined {
	if (!isMapping(entry)) return typeof entry === "string" ? entry : undefined;
	const elsewhere = ["pipeline", "project"].some((key) => memberOf(entry, key));
	return elsewhere || memberOf(entry, "optional")?.value === true
		? undefined
		: scalarText(memberOf(entry, "job")?.value);
}

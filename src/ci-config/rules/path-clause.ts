// `exists` and `changes` of a rule: the paths that they name.
import type { Place } from "../place.js";
import {
	type Entry,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	scalarTexts,
} from "../value.js";

/** Paths of which one must fit. */
export interface PathClause {
	place: Place;
	/** wildcards; variables are not expanded */
	paths: readonly string[];
	/** with what other project or commit it is about */
	other?: string;
}

const MOST = 50; // GitLab's limit

type Fail = (place: Place, message: string) => Error;

/** @throws MockError `invalid_pipeline` */
export function readExists(entry: Entry, fail: Fail): PathClause {
	const { value, place } = entry;
	if (!isMapping(value))
		return { place, paths: pathsOf(entry, "exists", fail) };
	checkKeys(value, "exists", ["paths", "project", "ref"], fail);
	const project = memberOf(value, "project");
	const ref = memberOf(value, "ref");
	if (ref && !project) throw fail(ref.place, "exists: ref needs project");
	return withOther(
		{ place, paths: pathsOf(memberOf(value, "paths"), "exists", fail, place) },
		project && `project ${scalarText(project.value)}`,
	);
}

/** @throws MockError `invalid_pipeline` */
export function readChanges(entry: Entry, fail: Fail): PathClause {
	const { value, place } = entry;
	if (!isMapping(value))
		return { place, paths: pathsOf(entry, "changes", fail) };
	checkKeys(value, "changes", ["paths", "compare_to"], fail);
	const base = memberOf(value, "compare_to");
	return withOther(
		{ place, paths: pathsOf(memberOf(value, "paths"), "changes", fail, place) },
		base && `compare_to ${scalarText(base.value)}`,
	);
}

const withOther = (
	clause: PathClause,
	other: string | undefined,
): PathClause => ({ ...clause, ...(other !== undefined && { other }) });

function checkKeys(
	value: Mapping,
	what: string,
	known: readonly string[],
	fail: Fail,
): void {
	for (const [key, { place }] of value) {
		if (!known.includes(key))
			throw fail(place, `${what} has ${known.join(", ")}, and no ${key}`);
	}
}

/** A list of texts; `exists` takes a single one too. */
function pathsOf(
	entry: Entry | undefined,
	what: "exists" | "changes",
	fail: Fail,
	around?: Place,
): readonly string[] {
	const single = typeof entry?.value === "string";
	const paths =
		entry && (Array.isArray(entry.value) || (single && what === "exists"))
			? scalarTexts(entry.value)
			: undefined;
	const place = entry?.place ?? around;
	if (place && !paths) throw fail(place, `${what} needs a list of paths`);
	if (place && paths && paths.length > MOST)
		throw fail(place, `${what} has more than ${MOST} paths`);
	return paths ?? [];
}

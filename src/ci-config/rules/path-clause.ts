// `exists` and `changes` of a rule: the paths that they name.
import { atLeast } from "../../gitlab/version.js";
import { type Place, shown } from "../place.js";
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
	/** whether a path that ends in a slash is any file of that folder */
	folders?: boolean;
	/** nothing here evaluates its `regexp`, and by default GitLab takes it as held */
	regexp?: boolean;
}

const FOLDERS_SINCE = "18.2";
const REGEXP_SINCE = "19.2"; // behind a flag that is off, without which it holds

const MOST = 50; // GitLab's limit
const LONGEST_REGEXP = 255; // GitLab's limit

type Fail = (place: Place, message: string) => Error;

/** @throws MockError `invalid_pipeline` */
export function readExists(
	entry: Entry,
	version: string,
	fail: Fail,
): PathClause {
	const { value, place } = entry;
	const folders = atLeast(version, FOLDERS_SINCE);
	if (!isMapping(value))
		return { place, paths: pathsOf(entry, "exists", fail), folders };
	const keys = ["paths", "project", "ref", ...regexpIn(version)];
	checkKeys(value, "exists", keys, fail);
	const project = memberOf(value, "project");
	const ref = memberOf(value, "ref");
	if (ref && !project) throw fail(ref.place, "exists: ref needs project");
	return withOther(
		{ place, folders, ...pathsOrRegexp(value, "exists", place, fail) },
		project && `project ${scalarText(project.value)}`,
	);
}

/** @throws MockError `invalid_pipeline` */
export function readChanges(
	entry: Entry,
	version: string,
	fail: Fail,
): PathClause {
	const { value, place } = entry;
	if (!isMapping(value))
		return { place, paths: pathsOf(entry, "changes", fail) };
	const keys = ["paths", "compare_to", ...regexpIn(version)];
	checkKeys(value, "changes", keys, fail);
	const base = memberOf(value, "compare_to");
	return withOther(
		{ place, ...pathsOrRegexp(value, "changes", place, fail) },
		base && `compare_to ${scalarText(base.value)}`,
	);
}

const regexpIn = (version: string): string[] =>
	atLeast(version, REGEXP_SINCE) ? ["regexp"] : [];

/** One of the two, never both. */
function pathsOrRegexp(
	value: Mapping,
	what: "exists" | "changes",
	around: Place,
	fail: Fail,
): Pick<PathClause, "paths" | "regexp"> {
	const regexp = memberOf(value, "regexp");
	const paths = memberOf(value, "paths");
	if (!regexp) return { paths: pathsOf(paths, what, fail, around) };
	if (paths) throw fail(regexp.place, `${what} has paths or regexp, not both`);
	if (typeof regexp.value !== "string" || regexp.value.length > LONGEST_REGEXP)
		throw fail(
			regexp.place,
			`${what}: regexp needs a text of at most ${LONGEST_REGEXP} characters`,
		);
	return { paths: [], regexp: true };
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
			throw fail(
				place,
				`${what} has ${known.join(", ")}, and no ${shown(key)}`,
			);
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

// `include`: the local files are read and merged beneath the file, all others are reported.
import type { Budget } from "./budget.js";
import { globMatcher } from "./glob.js";
import { deepMerge } from "./merge.js";
import { parsePipelineFile } from "./parse.js";
import { type Place, pipelineError, placeText, shown } from "./place.js";
import {
	isList,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	type Value,
} from "./value.js";

/** The files of a project, by their paths from its root, without a leading slash. */
export interface ProjectFiles {
	/** the text; undefined where there is no such file */
	read(path: string): Promise<string | undefined>;
	/** the paths of the files that `pattern` may mean */
	list(pattern: string): Promise<readonly string[]>;
	/**
	 * The path of a file that fits one of the wildcards of `exists`; false: there is none; undefined: nobody knows.
	 * @param spend is told how much work that is
	 */
	exists?(
		wildcards: readonly string[],
		spend: (steps: number) => void,
	): Promise<string | false | undefined>;
}

/** What reading needs besides the file. */
export interface Reading {
	files: ProjectFiles;
	budget: Budget;
	/** expands variables in an include's path */
	expand(text: string, place: Place): string;
	/** is told what GitLab would do and this does not, a line each */
	warn(line: string): void;
	/** is told of an include that was not followed */
	skipped(line: string): void;
}

const LONGEST_PATH = 1024; // characters
const MOST_INCLUDES = 150; // GitLab's default, of all files together

/** The local file that an entry names, and what is to be told of it; undefined where none is followed. */
function followed(
	entry: Value,
	place: Place,
	{ skipped, warn }: Reading,
): string | undefined {
	const local = localOf(entry);
	if (local === undefined) {
		skipped(`${placeText(place)}: include not followed: ${described(entry)}`);
	} else if (isMapping(entry) && memberOf(entry, "rules")) {
		warn(
			`${placeText(place)}: the rules of include "${shown(local)}" are not evaluated: it is followed`,
		);
	}
	return local;
}

/** @throws MockError for a file that includes itself, or is no YAML */
function checkPath(path: string, place: Place, above: readonly string[]): void {
	if (above.includes(path)) {
		throw pipelineError(
			place,
			`include goes round: ${[...above, path].map(shown).join(" → ")}`,
		);
	}
	if (!/\.ya?ml$/i.test(path)) {
		throw pipelineError(
			place,
			`include: "${shown(path)}" does not end in .yml or .yaml`,
		);
	}
}

/** The file with everything that it includes. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share what one pipeline has included so far
export function includer(reading: Reading) {
	const { budget, files } = reading;
	const parsed = new Map<string, Mapping>();
	let count = 0;

	async function load(
		path: string,
		text: string,
		above: readonly string[],
	): Promise<Mapping> {
		const config = parsed.get(path) ?? parsePipelineFile(path, text, budget);
		parsed.set(path, config); // a file may be included often
		if (text.includes("$[["))
			reading.warn(`${shown(path)}: inputs ($[[ … ]]) are not filled in`);
		const include = memberOf(config, "include");
		if (!include) return config;
		let merged: Mapping = new Map();
		for (const entry of entriesOf(include.value)) {
			// A list does not know its entries' lines, but a mapping in it knows its keys'.
			const [first] = isMapping(entry) ? entry.values() : [];
			const { place } = first ?? include;
			for (const local of await localsOf(entry, place, path)) {
				const included = await follow(local, place, [...above, path]);
				merged = deepMerge(merged, included, budget);
			}
		}
		const own = new Map(config);
		own.delete("include");
		return deepMerge(merged, own, budget);
	}

	async function follow(
		path: string,
		place: Place,
		above: readonly string[],
	): Promise<Mapping> {
		count++;
		if (count > MOST_INCLUDES) {
			throw pipelineError(place, `more than ${MOST_INCLUDES} includes`);
		}
		checkPath(path, place, above);
		const text = await files.read(path);
		if (text === undefined) {
			throw pipelineError(
				place,
				`include: there is no file "${shown(path)}" in the project`,
			);
		}
		return load(path, text, above);
	}

	async function localsOf(
		entry: Value,
		place: Place,
		from: string,
	): Promise<readonly string[]> {
		const local = followed(entry, place, reading);
		if (local === undefined) return [];
		const path = normal(reading.expand(local, place), place);
		if (!path.includes("*")) return [path];
		const listed = await files.list(path);
		const length = listed.reduce((sum, file) => sum + file.length + 1, 0);
		budget.spend(Math.ceil((length * path.length) / 100)); // that is what matching takes
		const matches = globMatcher(path);
		const found = listed
			.filter((file) => matches(file) && file !== from)
			.sort();
		if (found.length === 0)
			reading.warn(
				`${placeText(place)}: include "${shown(path)}" matches no file`,
			);
		return found;
	}

	return load;
}

const entriesOf = (value: Value): readonly Value[] =>
	isList(value) ? value : [value];

/** The path of `include: local`, in its long or short form. */
function localOf(entry: Value): string | undefined {
	if (isMapping(entry)) return scalarText(memberOf(entry, "local")?.value);
	const text = scalarText(entry);
	return text === undefined || /^https?:\/\//i.test(text) ? undefined : text;
}

const KINDS = ["component", "project", "remote", "template", "artifact"];

function described(entry: Value): string {
	if (!isMapping(entry)) return `remote ${shown(String(entry))}`;
	const kind = KINDS.find((name) => memberOf(entry, name));
	if (!kind) return "an entry of no known kind";
	return `${kind} ${shown(scalarText(entry.get(kind)?.value) ?? "")}`;
}

/** A path from the project's root, as GitLab has it: nothing leads out of the project. */
function normal(path: string, place: Place): string {
	const steps = path.replace(/^\/+/, "").split("/");
	if (path.length > LONGEST_PATH)
		throw pipelineError(place, "include: the path is too long");
	if (path.includes("\0") || path.includes("\\") || steps.includes("..")) {
		throw pipelineError(
			place,
			`include: "${shown(path)}" leads out of the project`,
		);
	}
	return steps.filter((step) => step !== "." && step !== "").join("/");
}

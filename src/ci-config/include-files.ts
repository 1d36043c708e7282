// Finds the files that an entry of `include` names: the project's own, and those of local copies.
import type { Budget } from "./budget.js";
import { type Copies, createLocator, type Located } from "./copies.js";
import { globMatcher } from "./glob.js";
import type { Included } from "./include-entry.js";
import { type Place, pipelineError, placeText, shown } from "./place.js";
import type { ProjectFiles } from "./project-files.js";
import type { Entry, Mapping } from "./value.js";

/** What reading needs besides the file. */
export interface Reading {
	files: ProjectFiles;
	/** of what is included from elsewhere */
	copies: Copies;
	/** of the pipeline's own file, as a user gives them */
	inputs: Mapping;
	budget: Budget;
	/** expands variables in an include's path */
	expand(text: string, place: Place): string;
	/** as `expand_vars` does it: what there is not stays as it is written */
	expandVars(text: string, place: Place): string;
	/**
	 * whether an include's rules let it in
	 * @param elsewhere whether it is in a file of another project
	 */
	holds(rules: Entry, elsewhere: boolean): Promise<boolean>;
	/** is told what GitLab would do and this does not, a line each */
	warn(line: string): void;
	/** is told of an include that was not followed */
	skipped(line: string): void;
}

/** A file, and what it stands in. */
export interface FoundFile extends Pick<Located, "label" | "component"> {
	text: string;
	/** the files of its project; undefined: it is in none */
	files: ProjectFiles | undefined;
	/** what its project's files are called in errors: `group/templates:` */
	prefix: string;
}

const LONGEST_PATH = 1024; // characters

/** Makes the functions that find files. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share what reading needs
export function fileFinder(reading: Reading) {
	const locate = createLocator(reading.copies);
	/** The project's own files that a path or a wildcard means. */
	async function localFiles(written: string, place: Place, from: FoundFile) {
		const { files, prefix } = from;
		if (!files) {
			throw pipelineError(
				place,
				`include: "${shown(written)}" is local, and ${shown(from.label)} is in no project`,
			);
		}
		const path = normal(written, place);
		const paths = path.includes("*")
			? await matching(path, place, from, files)
			: [path];
		const found = [];
		for (const one of paths) {
			checkExtension(one, place);
			const text = await files.read(one);
			if (text === undefined) {
				throw pipelineError(
					place,
					`include: there is no file "${shown(one)}" in ${prefix === "" ? "the project" : `the copy of ${shown(prefix.slice(0, -1))}`}`,
				);
			}
			found.push({ label: prefix + one, text, files, prefix, component: {} });
		}
		return found;
	}

	async function matching(
		path: string,
		place: Place,
		from: FoundFile,
		files: ProjectFiles,
	): Promise<readonly string[]> {
		const listed = await files.list(path);
		const length = listed.reduce((sum, file) => sum + file.length + 1, 0);
		reading.budget.spend(Math.ceil((length * path.length) / 100)); // that is what matching takes
		const matches = globMatcher(path);
		const found = listed
			.filter((file) => matches(file) && from.prefix + file !== from.label)
			.sort();
		if (found.length === 0)
			reading.warn(
				`${placeText(place)}: include "${shown(path)}" matches no file`,
			);
		return found;
	}

	/** The copy of a file from elsewhere; none, and a warning, where there is none. */
	async function copied(
		included: Exclude<Included, { kind: "local" }>,
		place: Place,
	): Promise<FoundFile[]> {
		const { files, paths, label, isProject, component, what, option } =
			locate(included);
		if (included.kind === "project") checkExtension(included.path, place);
		if (!files) {
			reading.skipped(
				`${placeText(place)}: include not followed: ${shown(what)}; give a copy of it: ${shown(option)}`,
			);
			return [];
		}
		for (const path of paths) {
			const text = await files.read(path === "" ? path : normal(path, place));
			if (text === undefined) continue;
			const prefix = isProject
				? `${included.kind === "project" ? included.project : label}:`
				: "";
			return [
				{
					label,
					text,
					prefix,
					component,
					files: isProject ? files : undefined,
				},
			];
		}
		const named = paths.filter((path) => path !== "").map(shown);
		throw pipelineError(
			place,
			`include: the copy of ${shown(what)} ${named.length > 0 ? `has no ${named.join(" or ")}` : "is no file"}`,
		);
	}

	return { localFiles, copied };
}

function checkExtension(path: string, place: Place): void {
	if (!/\.ya?ml$/i.test(path)) {
		throw pipelineError(
			place,
			`include: "${shown(path)}" does not end in .yml or .yaml`,
		);
	}
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

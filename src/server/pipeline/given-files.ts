// The files of a project as a request brings them, and the record of those that a reading used.
import type { Copies } from "../../ci-config/copies.js";
import type { ProjectFiles } from "../../ci-config/project-files.js";
import { findPath } from "../../ci-config/rules/find-path.js";

/**
 * Files by their path in the project.
 * @param others the paths of its other files; undefined: nobody knows them
 */
export function givenFiles(
	texts: Readonly<Record<string, string>>,
	others?: readonly string[],
): ProjectFiles {
	const files = new Map(
		Object.entries(texts).map(([path, text]) => [
			path.replace(/^(\.?\/)+/, ""),
			text,
		]),
	);
	const paths = [...files.keys()];
	return {
		read: async (path) => files.get(path),
		list: async () => paths,
		async exists(wildcards, spend) {
			const all = [...paths, ...(others ?? [])];
			return findPath(all, wildcards, spend) ?? (others && false);
		},
	};
}

/** `files`, and what was read or found of them, to be brought to a server. */
export function recordedFiles(files: ProjectFiles): {
	files: ProjectFiles;
	used: () => Record<string, string>;
	/** undefined where nobody knows which there are */
	found: () => string[] | undefined;
} {
	const used = new Map<string, string>();
	let found: Set<string> | undefined;
	return {
		files: {
			async read(path) {
				const text = await files.read(path);
				if (text !== undefined) used.set(path, text);
				return text;
			},
			list: files.list,
			async exists(wildcards, spend) {
				const path = await files.exists?.(wildcards, spend);
				if (path !== undefined) found ??= new Set();
				if (path) found?.add(path);
				return path;
			},
		},
		used: () => Object.fromEntries(used),
		found: () => found && [...found],
	};
}

/** Copies as a request brings them: the text of each, or its files. */
export type CopyTexts = Readonly<
	Record<string, string | Readonly<Record<string, string>>>
>;

/** A copy that is one file. */
const oneFile = (text: string): ProjectFiles => ({
	read: async (path) => (path === "" ? text : undefined),
	list: async () => [],
});

/** Copies of what is included from elsewhere, by what they are of. */
export const givenCopies = (texts: CopyTexts): Copies =>
	new Map(
		Object.entries(texts).map(([of, text]) => [
			of,
			typeof text === "string" ? oneFile(text) : givenFiles(text),
		]),
	);

/** `copies`, and what was read of them. */
export function recordedCopies(copies: Copies): {
	copies: Copies;
	used: () => CopyTexts;
} {
	const recorded = [...copies].map(
		([of, files]) => [of, recordedFiles(files)] as const,
	);
	return {
		copies: new Map(recorded.map(([of, { files }]) => [of, files])),
		used: () =>
			Object.fromEntries(
				recorded.map(([of, { used }]) => {
					const texts = used();
					return [of, texts[""] ?? texts];
				}),
			),
	};
}

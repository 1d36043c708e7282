// The files of a project as a request brings them, and the record of those that a reading used.
import type { ProjectFiles } from "../../ci-config/include.js";
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

// The files of a project as a request brings them, and the record of those that a reading used.
import type { ProjectFiles } from "../../ci-config/include.js";

/** Files by their path in the project. */
export function givenFiles(
	texts: Readonly<Record<string, string>>,
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
	};
}

/** `files`, and what was read of them, to be brought to a server. */
export function recordedFiles(files: ProjectFiles): {
	files: ProjectFiles;
	used: () => Record<string, string>;
} {
	const used = new Map<string, string>();
	return {
		files: {
			async read(path) {
				const text = await files.read(path);
				if (text !== undefined) used.set(path, text);
				return text;
			},
			list: files.list,
		},
		used: () => Object.fromEntries(used),
	};
}

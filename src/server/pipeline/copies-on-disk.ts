// Local copies on disk of what a pipeline includes from elsewhere: only what was named is read, and what is below it.
import { realpath, stat } from "node:fs/promises";
import { COPY_KINDS, type Copies } from "../../ci-config/copies.js";
import { shown } from "../../ci-config/place.js";
import type { ProjectFiles } from "../../ci-config/project-files.js";
import { MockError } from "../../errors.js";
import { filesBelow, readText } from "./disk.js";

/** Which kinds of include a file is a copy of, and which a folder. */
const OF_FILES: readonly string[] = ["component", "remote", "template"];
const OF_FOLDERS: readonly string[] = ["component", "project"];

/**
 * @param paths of a folder or a file, by what it is a copy of, such as `project:group/templates`
 * @throws MockError `invalid_option` for what can be no copy, `file` where there is none
 */
export async function openCopies(
	paths: Readonly<Record<string, string>>,
): Promise<Copies> {
	const copies = new Map<string, ProjectFiles>();
	for (const [of, path] of Object.entries(paths))
		copies.set(of, await openCopy(of, path));
	return copies;
}

async function openCopy(of: string, path: string): Promise<ProjectFiles> {
	const kind = of.slice(0, Math.max(of.indexOf(":"), 0));
	const fail = (message: string) =>
		new MockError("invalid_option", `include ${shown(of)}: ${message}`);
	if (!COPY_KINDS.some((known) => known === kind))
		throw fail(`expected one of ${COPY_KINDS.join(", ")} before the colon`);
	const real = await realpath(path).catch(() => undefined);
	const stats = real === undefined ? undefined : await stat(real);
	if (real === undefined || !stats) {
		throw new MockError(
			"file",
			`include ${shown(of)}: there is no file or folder ${shown(path)}`,
		);
	}
	if (stats.isDirectory()) {
		if (!OF_FOLDERS.includes(kind))
			throw fail(`a ${kind} is a file, and ${shown(path)} is a folder`);
		return filesBelow(real);
	}
	if (!OF_FILES.includes(kind))
		throw fail(`a ${kind} is a folder, and ${shown(path)} is a file`);
	return {
		read: async (below) => (below === "" ? readText(real) : undefined),
		list: async () => [],
	};
}

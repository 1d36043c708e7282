// The paths of a project's files: those that git has, or all where there is no checkout.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MockError } from "../../errors.js";
import { git } from "./checkout.js";

const MOST_FILES = 50_000;

/**
 * Paths from `root`, with slashes.
 * @throws MockError `too_large`
 */
export async function pathsBelow(root: string): Promise<string[]> {
	const tracked = await git(root, "ls-files", "-z", "--cached");
	return tracked === ""
		? walk(root)
		: tracked.split("\0").filter((path) => path !== "");
}

async function walk(root: string): Promise<string[]> {
	const found: string[] = [];
	const folders = [""];
	for (const folder of folders) {
		const entries = await readdir(join(root, folder), {
			withFileTypes: true,
		}).catch(() => []);
		for (const entry of entries) {
			const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
			if (!entry.isDirectory()) found.push(path);
			else if (!/^(\.git|node_modules)$/.test(entry.name)) folders.push(path);
		}
		if (found.length + folders.length > MOST_FILES)
			throw new MockError(
				"too_large",
				`rules with exists look at more than ${MOST_FILES} files, and there is no git checkout that lists them`,
			);
	}
	return found;
}

// A pipeline file on disk, with the files of its project: nothing outside the project is read.
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { LARGEST_FILE } from "../../ci-config/budget.js";
import { folderOfGlob } from "../../ci-config/glob.js";
import { shown } from "../../ci-config/place.js";
import type { ProjectFiles } from "../../ci-config/project-files.js";
import { findPath } from "../../ci-config/rules/find-path.js";
import { MockError, messageOf } from "../../errors.js";
import { isMissing, readTextFile } from "../../text-file.js";
import { findCheckout, findCommit } from "./checkout.js";
import type { PipelineSource } from "./jobs.js";
import type { Checkout } from "./situation.js";
import { pathsBelow } from "./tree.js";

const MOST_FILES = 50_000; // looked at for one wildcard

/** A pipeline file on disk, and what git says of it. */
export interface OpenedPipeline {
	source: PipelineSource;
	checkout: Checkout;
}

/**
 * Opens a pipeline file. Its project is the git checkout around it; without one the working folder,
 * or the file's own where it is not below that.
 * @throws MockError `file` where it cannot be read, `too_large` above 1 MiB
 */
export async function openPipeline(file: string): Promise<OpenedPipeline> {
	const text = await readText(file);
	const folder = await realpath(dirname(resolve(file)));
	const { root: top, checkout } = await findCheckout(folder);
	const working = await realpath(".");
	const candidates = [
		top && (await realpath(top)),
		working === dirname(working) ? undefined : working, // the whole disk is no project
	];
	const root =
		candidates.find((path) => path !== undefined && isWithin(path, folder)) ??
		folder;
	const path = slashes(relative(root, join(folder, basename(file))));
	const commit =
		top && ASKS_COMMIT.test(text) ? await findCommit(root) : undefined;
	return {
		source: { path, text, files: filesBelow(root) },
		checkout: { ...checkout, ...(commit && { commit }) },
	};
}

/** Most pipelines look at nothing that the commit says, and git takes its time. */
const ASKS_COMMIT =
	/\bCI_COMMIT_(MESSAGE|TITLE|DESCRIPTION|AUTHOR|TIMESTAMP)\b/;

/** @throws MockError `file` where it cannot be read, `too_large` above 1 MiB */
export async function readText(file: string): Promise<string> {
	try {
		return await readTextFile(file, { largest: LARGEST_FILE });
	} catch (error) {
		const { code, cause } = error as MockError;
		throw code === "too_large"
			? new MockError(
					code,
					`${shown(file)}:1: larger than ${LARGEST_FILE / 1024} KiB`,
				)
			: new MockError(
					"file",
					`cannot read ${shown(file)}: ${isMissing(error) ? "there is no such file" : shown(messageOf(cause))}`,
					{ cause },
				);
	}
}

const slashes = (path: string) => path.split(sep).join("/");

const isWithin = (root: string, path: string) =>
	path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);

/** The files below `root`, symbolic links out of it refused. */
export function filesBelow(root: string): ProjectFiles {
	let paths: Promise<string[]> | undefined;
	return {
		async read(path) {
			if (path === "") return undefined; // the folder itself
			const real = await realpath(join(root, path)).catch(() => undefined);
			if (real === undefined) return undefined;
			if (!isWithin(root, real)) {
				throw new MockError(
					"invalid_pipeline",
					`include: "${shown(path)}" leads out of the project, by a symbolic link`,
				);
			}
			return readText(real);
		},
		list: (pattern) => filesOf(root, folderOfGlob(pattern)),
		async exists(wildcards, spend) {
			paths ??= pathsBelow(root);
			return findPath(await paths, wildcards, spend) ?? false;
		},
	};
}

/** The YAML files below a folder; git's own and installed packages' are none of the project's. */
async function filesOf(root: string, folder: string): Promise<string[]> {
	const found: string[] = [];
	const folders = [folder];
	let seen = 0;
	for (const below of folders) {
		const real = await realpath(join(root, below)).catch(() => undefined);
		if (real === undefined || !isWithin(root, real)) continue;
		const entries = await readdir(real, { withFileTypes: true }).catch(
			() => [],
		);
		seen += entries.length;
		if (seen > MOST_FILES) {
			throw new MockError(
				"too_large",
				`an include's wildcard looks at more than ${MOST_FILES} files: begin it with a folder`,
			);
		}
		for (const entry of entries) {
			const path = below === "" ? entry.name : `${below}/${entry.name}`;
			if (entry.isDirectory() && !/^(\.git|node_modules)$/.test(entry.name))
				folders.push(path);
			else if (entry.isFile() && /\.ya?ml$/i.test(entry.name)) found.push(path);
		}
	}
	return found;
}

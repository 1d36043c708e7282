// Rereads a scenario file when it changes, and says what is wrong with it.

import { once } from "node:events";
import { lstatSync, type Stats } from "node:fs";
import { inTurn } from "../in-turn.js";
import {
	BUILT_IN,
	type Catalogue,
	isScenarioFile,
} from "../scenario/catalogue.js";
import { problemLine } from "../scenario/problem.js";

/** Stops watching. */
export type StopWatching = () => Promise<void>;

/**
 * Watches the user's own folders of `catalogue`; once it resolves, no change is missed.
 * @param report is told of each problem, a line each
 */
export async function watchCatalogue(
	catalogue: Catalogue,
	report: (line: string) => void,
): Promise<StopWatching> {
	const folders = catalogue.folders.filter((folder) => folder !== BUILT_IN);
	if (folders.length === 0) return async () => {};
	const { watch } = await inTurn(() => import("chokidar"));
	const watchers = folders.map((folder) => {
		const refresh = async (file: string) => {
			await catalogue.refresh(folder, file);
			for (const problem of catalogue.problems()) {
				if (problem.file === file)
					report(`${problemLine(problem)} (the last good text stays in use)`);
			}
		};
		return watch(folder, {
			ignoreInitial: true,
			ignored: (path, stats) => path !== folder && !isWatched(path, stats),
			awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 },
		})
			.on("add", refresh)
			.on("change", refresh)
			.on("unlink", refresh)
			.on("error", (error) =>
				report(
					`cannot watch ${folder}: ${error instanceof Error ? error.message : error}`,
				),
			);
	});
	await Promise.all(watchers.map((watcher) => once(watcher, "ready")));
	return async () => {
		await Promise.all(watchers.map((watcher) => watcher.close()));
	};
}

/** Files that may be scenarios, and folders: those behind a link are not read either, and may have no end. */
function isWatched(path: string, stats: Stats | undefined): boolean {
	if (!stats) return true; // asked again when it is known what it is
	if (stats.isDirectory()) return !isLink(path);
	return stats.isFile() && isScenarioFile(path);
}

function isLink(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

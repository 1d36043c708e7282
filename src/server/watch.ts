// Rereads a scenario file when it changes, and says what is wrong with it.
import { once } from "node:events";
import { BUILT_IN, type Catalogue } from "../scenario/catalogue.js";
import { problemLine } from "../scenario/yaml.js";

/** Stops watching. */
export type StopWatching = () => Promise<void>;

/**
 * Watches the user's folders of `catalogue`: what comes with the mock does not change. Once it resolves, no change is missed.
 * @param report is told of each problem, a line each
 */
export async function watchCatalogue(
	catalogue: Catalogue,
	report: (line: string) => void,
): Promise<StopWatching> {
	const folders = catalogue.folders.filter((folder) => folder !== BUILT_IN);
	if (folders.length === 0) return async () => undefined;
	const { watch } = await import("chokidar");
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

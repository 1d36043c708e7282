// The scenarios that come with this package: their folder, and all of them, read and checked when it was built.
// scripts/single-file.mjs puts another module in this one's place, which holds them itself.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readTextFile } from "../text-file.js";

/** The folder of the scenarios that come with this package. */
export const BUILT_IN = fileURLToPath(
	new URL("../../scenarios", import.meta.url),
);

/** Parsing hundreds of files takes longer than to start: scripts/bundle.mjs does it before. */
const BUNDLE = new URL("../scenario/built-in.json", import.meta.url);

/** The built-in scenarios as JSON; undefined where they were not bundled, as in a source tree. */
export const readBundle = (): Promise<string | undefined> =>
	readFile(BUNDLE, "utf8").catch(() => undefined);

/** The text of a scenario's file, of this package or another folder. */
export const readScenarioText = (file: string): Promise<string> =>
	readTextFile(file);

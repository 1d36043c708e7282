// Vite's part of what the tests take ready-made: src reads the scenarios from a bundle, as dist does, and gets prepared keys.
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "vitest/config";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
const KEYS = fileURLToPath(new URL("./generate-key.ts", import.meta.url));

/** Where the scenarios of this run lie, read and checked; without it src reads the YAML files. */
export const BUNDLE = join(tmpdir(), `built-in-${process.pid}.json`);

const BUNDLE_IN_SRC = '"../scenario/built-in.json"';

export function prepared(): Plugin {
	return {
		name: "prepared",
		enforce: "pre",
		// A test that imports generate-key.ts itself gets the real one.
		resolveId: (source, importer) =>
			importer?.startsWith(SRC) && source.endsWith("/generate-key.js")
				? KEYS
				: undefined,
		load(id) {
			if (id !== join(SRC, "scenario/built-in.ts")) return;
			const code = readFileSync(id, "utf8");
			if (!code.includes(BUNDLE_IN_SRC)) {
				throw new Error(`${id} does not name ${BUNDLE_IN_SRC}`);
			}
			const bundle = JSON.stringify(pathToFileURL(BUNDLE).href);
			return code.replace(BUNDLE_IN_SRC, bundle);
		},
	};
}

// `npm run interop`: relying parties that are not ours, each on a running server.
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { defineConfig } from "vitest/config";
import { longestFirst } from "../prepared/longest-first.js";

export default defineConfig({
	test: {
		root: dirname(import.meta.dirname),
		// Libraries with holes are installed for their test alone.
		include: [
			"interop/**/*.test.ts",
			"check/holes.test.ts",
			"check/pyjwt.test.ts",
			"check/correct/!(jose).test.ts",
		],
		sequence: {
			sequencer: longestFirst([
				"check/correct/",
				"check/",
				"interop/relying-parties",
				"interop/runners",
				"interop/docs",
				"interop/release",
				"interop/vault",
			]),
		},
		// More than there are cores: they wait for programs.
		maxWorkers: Math.ceil(availableParallelism() * 1.5),
		testTimeout: 120_000,
		hookTimeout: 240_000,
	},
});

// `npm test`: everything but what needs servers of others (test/interop) or an image (test/image).
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { longestFirst } from "./prepared/longest-first.js";
import { prepared } from "./prepared/plugin.js";

export default defineConfig({
	plugins: [prepared()],
	test: {
		root: import.meta.dirname,
		globalSetup: "prepared/global-setup.ts",
		include: ["**/*.test.ts"],
		exclude: [
			"**/node_modules/**",
			"interop/**",
			"image/**",
			"check/holes.test.ts",
			"check/pyjwt.test.ts",
			"check/correct/!(jose).test.ts", // libraries of others: npm run interop has them
		],
		// Most of a short file's time went into loading what src is built on; a worker now loads it once. No test mocks a module.
		isolate: false,
		sequence: {
			sequencer: longestFirst([
				"package/package",
				"cli/check-stopped",
				"check/check.test",
				"check/correct/",
				"check/soundness/",
				"cli/serve",
				"server/fuzz",
				"cli/",
				"ci-config/refusals",
				"relying-party/",
				"check/",
				"presets/",
				"situations",
				"server/",
			]),
		},
		// More than there are cores: many tests wait for processes and for limits to pass.
		maxWorkers: Math.ceil(availableParallelism() * 1.5),
		testTimeout: 60_000,
	},
});

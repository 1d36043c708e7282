// `npm test`: everything but what needs servers of others (test/interop) or an image (test/image).
import { defineConfig } from "vitest/config";
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
		],
		// Most of a short file's time went into loading what src is built on; a worker now loads it once. No test mocks a module.
		isolate: false,
		// Vitest would leave a core to whoever waits: of two, half of the machine.
		maxWorkers: "100%",
		testTimeout: 20_000,
	},
});

// `npm run interop`: relying parties that are not ours, each on a running server.
import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

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
		testTimeout: 60_000,
		hookTimeout: 120_000,
	},
});

// `npm run interop`: relying parties that are not ours, each on a running server.
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["**/*.test.ts"],
		testTimeout: 60_000,
		hookTimeout: 120_000,
	},
});

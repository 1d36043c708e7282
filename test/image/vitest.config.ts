// `test/image/run`: the Docker image, built and run.
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["**/*.test.ts"],
		fileParallelism: false,
		testTimeout: 60_000,
		hookTimeout: 600_000,
	},
});

// `npm test`: everything but what needs servers of others (test/interop) or an image (test/image).
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["**/*.test.ts"],
		exclude: [
			"**/node_modules/**",
			"interop/**",
			"image/**",
			"check/holes.test.ts",
			"check/pyjwt.test.ts",
		],
		testTimeout: 20_000,
	},
});

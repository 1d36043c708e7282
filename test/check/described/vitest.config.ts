// For describe-scenarios.test.ts, which runs vitest on the files beside this one, with the package as it is built.
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["correct.ts", "forgetful.ts"],
		fileParallelism: false,
		isolate: false,
		server: { deps: { external: [/\/dist\//] } },
	},
});

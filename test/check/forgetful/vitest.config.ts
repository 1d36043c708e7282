// For describe-scenarios.test.ts, which runs vitest on the file beside this one.
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: { root: import.meta.dirname, include: ["forgetful.ts"] },
});

// For vitest: a `test` whose `gitlab` is an instance of the test's own.
import { test as base } from "vitest";
import { type GitLab, startGitLab } from "./server/start-gitlab.js";

/**
 * vitest's `test` with a GitLab: one server for a test file's worker, one instance for each test.
 *
 * @example
 * import { test } from "gitlab-oidc-mock/vitest";
 * test("lets a protected tag in", async ({ gitlab }) => {
 *   const jwt = await gitlab.token("ref/protected-tag", { aud: "https://rp.test" });
 * });
 */
export const test = base.extend<{ gitlab: GitLab; gitlabServer: GitLab }>({
	gitlabServer: [
		// biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern
		async ({}, use) => {
			await using server = await startGitLab();
			await use(server);
		},
		{ scope: "worker" },
	],
	gitlab: async ({ gitlabServer }, use) => {
		await using instance = await gitlabServer.instance();
		await use(instance);
	},
});

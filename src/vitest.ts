// For vitest: a `test` whose `gitlab` is an instance of the test's own, and a test for each scenario.
import { afterAll, test as base, describe, expect } from "vitest";
import { createRun } from "./check/context.js";
import { judgeScenario, leftOut } from "./check/scenarios.js";
import { type CheckOptions, openCheck } from "./harness/check-relying-party.js";
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

/**
 * Makes a test of each scenario for a relying party, and one of the honest token before them. A scenario that
 * does not apply is skipped, with the reason; a known failure must fail.
 *
 * @example
 * import { describeScenarios } from "gitlab-oidc-mock/vitest";
 * describeScenarios({ verify: (token, { issuer }) => verifier.verify(token, issuer) });
 */
export function describeScenarios(options: CheckOptions): void {
	// One after the other: they share an issuer that misbehaves for some of them.
	describe.sequential("scenarios of gitlab-oidc-mock", async () => {
		const { setup, close } = await openCheck(options);
		afterAll(close);
		const run = createRun(setup, []);
		const own = await setup.provider.publicKeys();
		const known = new Map(
			(setup.profile.known_failures ?? []).map(({ id, because }) => [
				id,
				because,
			]),
		);
		base("the honest token is accepted", () => run.controls.check());
		for (const scenario of setup.provider.scenarios) {
			base(scenario.id, async ({ skip }) => {
				const left = leftOut(scenario, run);
				if (left) skip(left.result.detail);
				const { result, finding } = await judgeScenario(scenario, run, own);
				if (result.outcome === "not-applicable") skip(result.detail);
				const because = known.get(scenario.id);
				if (because !== undefined) {
					expect(
						finding,
						`known to fail (${because}), and passes: remove it from known_failures`,
					).toBeDefined();
				} else if (finding?.fails) {
					const { title, expected, actual, gain } = finding;
					expect.fail(
						`${title}\nexpected ${expected}\nactually ${actual}\n${gain}`,
					);
				}
			});
		}
	});
}

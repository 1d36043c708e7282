// For vitest: a `test` whose `gitlab` is an instance of the test's own, and a test for each scenario.
import { afterAll, test as base, beforeAll, describe, expect } from "vitest";
import { plannedIds } from "./check/questions.js";
import { runCheck } from "./check/run.js";
import { type CheckOptions, openCheck } from "./harness/check-relying-party.js";
import {
	type GitLab,
	type InstanceOptions,
	startGitLab,
} from "./server/start-gitlab.js";
import { isControl } from "./verdict/control-finding.js";
import {
	type CheckFinding,
	type CheckResult,
	wasAsked,
} from "./verdict/result.js";

/**
 * vitest's `test` with a GitLab: one server for a test file's worker, one instance for each test.
 *
 * @example
 * import { test } from "gitlab-oidc-mock/vitest";
 * test.override({ gitlabOptions: { audience: "https://rp.example.com", gitlabVersion: "17.11" } });
 * test("lets a protected tag in", async ({ gitlab }) => {
 *   const jwt = await gitlab.token("ref/protected-tag");
 * });
 */
export const test = base.extend<{
	/** a GitLab of the test's own, which goes with it */
	gitlab: GitLab;
	/** what that is to be like: `test.override` (before vitest 4.1 `test.scoped`) says it for a file or a `describe` */
	gitlabOptions: InstanceOptions;
	/** the server below which the instances are */
	gitlabServer: GitLab;
}>({
	gitlabOptions: {},
	gitlabServer: [
		// biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern
		async ({}, use) => {
			await using server = await startGitLab();
			await use(server);
		},
		{ scope: "worker" },
	],
	gitlab: async ({ gitlabServer, gitlabOptions }, use) => {
		await using instance = await gitlabServer.instance(gitlabOptions);
		await use(instance);
	},
});

const LONGEST = 3600; // seconds that a whole check may take

/**
 * Makes a test of each result of {@link checkRelyingParty}: of the honest token, of each scenario and of each probe.
 * The check is made once, before the first of them. What does not apply is skipped, with the reason; a known failure
 * must fail; where the honest token is not accepted every test fails, as then a refusal proves nothing.
 *
 * @example
 * import { describeScenarios } from "gitlab-oidc-mock/vitest";
 * describeScenarios({ verify: (token, { issuer }) => verifier.verify(token, issuer) });
 */
export function describeScenarios(options: CheckOptions): void {
	describe("scenarios of gitlab-oidc-mock", async () => {
		const { setup, close } = await openCheck(options);
		let result: CheckResult;
		beforeAll(async () => {
			result = await runCheck(setup);
		}, 1000 * LONGEST);
		afterAll(close);

		base("the honest token is accepted", () => {
			const trouble = result.findings.filter(
				({ id, fails }) => fails && isControl(id),
			);
			expect(trouble.map(wordsOf).join("\n\n")).toBe("");
		});
		for (const id of await plannedIds(setup)) {
			base(id, ({ skip }) => {
				const finding = result.findings.find((one) => one.id === id);
				if (finding?.fails) expect.fail(wordsOf(finding));
				if (result.reason !== null) expect.fail(result.reason);
				const all = [...result.scenarios, ...result.probes];
				const entry = all.find((one) => one.id === id);
				if (!entry || !wasAsked(entry.outcome)) skip(entry?.detail);
			});
		}
	});
}

const wordsOf = ({
	title,
	expected,
	actual,
	why,
	gain,
}: CheckFinding): string =>
	`${title}\nexpected ${expected}\nactually ${actual}\n${why}\n${gain}`;

// describeScenarios: a test of each scenario, which pass for a correct relying party and fail for a forgetful one.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeScenarios } from "../../src/vitest.js";
import { correctParty } from "../correct-party.js";

describeScenarios({
	...correctParty(),
	// It looks at each claim that a scenario is about, so that none is skipped.
	policy: {
		required: ["project_path", "ref", "ref_protected", "jti"],
		claims: { environment: { not: "no-such", missing: "ok" } },
	},
});

interface Report {
	testResults: {
		assertionResults: {
			title: string;
			status: string;
			failureMessages: string[];
		}[];
	}[];
}

describe("of a relying party that forgets the audience", async () => {
	const config = fileURLToPath(
		new URL("./forgetful/vitest.config.ts", import.meta.url),
	);
	const vitest = fileURLToPath(
		new URL("../../node_modules/vitest/vitest.mjs", import.meta.url),
	);
	const report = await new Promise<Report>((resolve, reject) => {
		const argv = [vitest, "run", "--config", config, "--reporter=json"];
		execFile(process.execPath, argv, { timeout: 60_000 }, (_, stdout) => {
			try {
				resolve(JSON.parse(stdout.slice(stdout.indexOf("{"))));
			} catch (error) {
				reject(error);
			}
		});
	});
	const tests = report.testResults.flatMap(
		({ assertionResults }) => assertionResults,
	);
	const withStatus = (status: string) =>
		tests.filter((one) => one.status === status).map(({ title }) => title);

	test("those of its rule fail, and say why", () => {
		const failed = withStatus("failed");
		expect(failed.length).toBeGreaterThan(10);
		expect(failed).toContain("audience/other-service");
		const unlike = failed.filter(
			(title) => !title.startsWith("audience/") && title !== "time/expired",
		);
		expect(unlike).toEqual(["token-type/legacy-job-jwt-v2"]);
		const [message] =
			tests.find(({ title }) => title === "audience/other-service")
				?.failureMessages ?? [];
		expect(message).toContain("A token for another service");
		expect(message).toContain("actually accepted");
	});

	test("a known failure passes, and one that is none any more fails", () => {
		expect(withStatus("passed")).toContain("audience/number");
		const stale = tests.find(({ title }) => title === "time/expired");
		expect(stale?.status).toBe("failed");
		expect(stale?.failureMessages.join()).toContain(
			"Remove the line with time/expired from known_failures",
		);
	});

	test("the honest token is accepted, and what was left out is skipped", () => {
		expect(withStatus("passed")).toContain("the honest token is accepted");
		expect(withStatus("skipped").concat(withStatus("pending"))).toContain(
			"key/unknown-kid",
		);
	});
});

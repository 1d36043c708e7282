// describeScenarios: a test of each scenario, which pass for a correct relying party and fail for a forgetful one.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface Reported {
	title: string;
	status: string;
	failureMessages: string[];
}
interface Report {
	testResults: { name: string; assertionResults: Reported[] }[];
}

const config = fileURLToPath(
	new URL("./described/vitest.config.ts", import.meta.url),
);
const vitest = fileURLToPath(
	new URL("../../node_modules/vitest/vitest.mjs", import.meta.url),
);
const { testResults } = await new Promise<Report>((resolve, reject) => {
	const argv = [vitest, "run", "--config", config, "--reporter=json"];
	execFile(process.execPath, argv, { timeout: 120_000 }, (_, stdout) => {
		try {
			resolve(JSON.parse(stdout.slice(stdout.indexOf("{"))));
		} catch (error) {
			reject(error);
		}
	});
});
const testsOf = (file: string): Reported[] =>
	testResults.find(({ name }) => name.endsWith(file))?.assertionResults ?? [];
const isSkipped = (status: string) => ["skipped", "pending"].includes(status);

describe("of a correct relying party", () => {
	// Those that cannot be made of the built-in job, and a key that is not looked at where HS256 is refused before.
	const INAPPLICABLE = [
		"algorithm/hs256-symmetric-key-in-jwks",
		"environment/none",
		"project/dot-in-path",
		"project/parent-group",
		"ref/branch-named-like-our-tag",
		"ref/protected-branch-named-like-our-tag",
	];
	const tests = testsOf("/correct.ts");
	const titles = tests.map(({ title }) => title);

	test("there is a test of everything", () => {
		expect(titles).toContain("the honest token is accepted");
		expect(titles).toContain("time/expired");
		expect(titles).toContain("near/prefix:aud");
		expect(titles).toContain("probe/rotation");
		expect(titles).toEqual(expect.arrayContaining(INAPPLICABLE));
		expect(new Set(titles).size).toBe(titles.length);
	});

	test.for(tests)("$title", ({ title, status, failureMessages }) => {
		expect(failureMessages).toEqual([]);
		if (INAPPLICABLE.includes(title)) expect(isSkipped(status)).toBe(true);
		else expect(status).toBe("passed");
	});
});

describe("of a relying party that forgets the audience", () => {
	const tests = testsOf("/forgetful.ts");
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
		const skipped = tests.filter(({ status }) => isSkipped(status));
		expect(skipped.map(({ title }) => title)).toContain("key/unknown-kid");
	});
});

// SARIF as code scanning needs it: severities, places, fingerprints.
import type { Log } from "sarif";
import { expect, test } from "vitest";
import { renderSarif } from "../../src/report/sarif.js";
import { fineResult, sampleResult, voidResult } from "./sample.js";

function read(...given: Parameters<typeof renderSarif>) {
	const { runs } = JSON.parse(renderSarif(...given)) as Log;
	const [run] = runs;
	if (!run) throw new Error("There is a run.");
	const { rules = [] } = run.tool.driver;
	return { run, rules, results: run.results ?? [] };
}

test("a rule a scenario, with help and a severity", () => {
	const { rules } = read(sampleResult());
	expect(
		Object.fromEntries(
			rules.map(({ id, properties }) => [
				id,
				properties?.["security-severity"] ?? properties?.["problem.severity"],
			]),
		),
	).toEqual({
		"time/expired": "8.6",
		"algorithm/none": "9.8",
		"time/iat-in-future": "5.5",
		"probe/rotation": "5.9",
		"claims/unknown-claim-added": "warning",
		"key/kid-number": "warning",
	});
	for (const rule of rules) {
		expect(rule.name).toMatch(/^[A-Z]\w+$/);
		expect(rule.help?.text).toContain("Where it is written");
		expect(rule.help?.markdown).toContain("**Where it is written**");
		expect(rule.helpUri).toMatch(/^https:/);
		// GitHub takes a severity as one of security only with this tag.
		const secure = rule.properties?.["security-severity"] !== undefined;
		expect(rule.properties?.tags?.includes("security")).toBe(secure);
	}
});

test("a result a finding, with a level by what it does to the run", () => {
	const { results, rules } = read(sampleResult());
	expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
		["algorithm/none", "error"],
		["time/expired", "error"],
		["time/iat-in-future", "warning"],
		["probe/rotation", "error"],
		["claims/unknown-claim-added", "note"],
		["key/kid-number", "note"],
	]);
	for (const { ruleId, ruleIndex } of results) {
		expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
	}
});

test.for([
	[undefined, "relying-party", "%SRCROOT%"],
	["ci/rp.yaml", "ci/rp.yaml", "%SRCROOT%"],
	["./a b#c?.yaml", "a%20b%23c%3F.yaml", "%SRCROOT%"],
	["ci\\rp.yaml", "ci/rp.yaml", "%SRCROOT%"],
	["/srv/rp.yaml", "file:///srv/rp.yaml", undefined],
	["C:\\rp.yaml", "file:///C:/rp.yaml", undefined],
])("findings stand at the profile %s", ([profile, uri, uriBaseId]) => {
	const { results } = read(sampleResult(), { ...(profile && { profile }) });
	expect(results.length).toBeGreaterThan(0);
	for (const { locations } of results) {
		expect(locations).toEqual([
			{
				physicalLocation: {
					artifactLocation: { uri, ...(uriBaseId && { uriBaseId }) },
					region: { startLine: 1 },
				},
			},
		]);
	}
});

test("fingerprints tell findings apart, and not answers", () => {
	const prints = (actual: string) => {
		const { findings } = sampleResult();
		return read(
			sampleResult({
				findings: findings.map((finding) => ({ ...finding, actual })),
			}),
		).results.map(({ partialFingerprints }) => partialFingerprints);
	};
	expect(prints("accepted")).toEqual(prints("let in"));
	const hashes = prints("accepted").map((print) => JSON.stringify(print));
	expect(new Set(hashes).size).toBe(hashes.length);
	expect(hashes[0]).toMatch(/^\{"primaryLocationLineHash":"[0-9a-f]{16}:1"\}$/);
});

test("two findings on one scenario share a rule, that of the worse", () => {
	const [finding] = sampleResult().findings;
	if (!finding) throw new Error("The sample has findings.");
	const { rules, results } = read(
		sampleResult({
			findings: [
				{ ...finding, kind: "too-strict" },
				{ ...finding, kind: "dangerous", level: "must", impact: "replay" },
			],
		}),
	);
	expect(rules).toHaveLength(1);
	expect(rules[0]?.properties?.["security-severity"]).toBe("8.6");
	expect(results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 0]);
});

test("a run that proves nothing is an alert, and no success", () => {
	const { run, results, rules } = read(voidResult());
	expect(run.invocations?.[0]?.executionSuccessful).toBe(false);
	expect(results[0]).toMatchObject({
		ruleId: "run/proves-nothing",
		level: "error",
	});
	expect(rules[results[0]?.ruleIndex ?? -1]?.id).toBe("run/proves-nothing");
});

test("a result in which all is well has no results", () => {
	const { run, results } = read(fineResult());
	expect(results).toEqual([]);
	expect(run.invocations?.[0]).toMatchObject({
		executionSuccessful: true,
		startTimeUtc: "2026-11-20T10:00:00.000Z",
		endTimeUtc: "2026-11-20T10:01:23.400Z",
	});
});

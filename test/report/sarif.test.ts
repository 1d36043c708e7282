// SARIF as code scanning needs it: severities, places, fingerprints.
import { readFileSync } from "node:fs";
import type { Log } from "sarif";
import { expect, test } from "vitest";
import { renderSarif } from "../../src/report/sarif.js";
import type { CheckResult } from "../../src/verdict/result.js";
import {
	CAUSE,
	fineResult,
	sampleResult,
	TOKEN,
	voidResult,
} from "./sample.js";

function read(...given: Parameters<typeof renderSarif>) {
	const { runs } = JSON.parse(renderSarif(...given)) as Log;
	const [run] = runs;
	if (!run) throw new Error("There is a run.");
	const { rules = [] } = run.tool.driver;
	return { run, rules, results: run.results ?? [] };
}

test("a rule a cause, with help and a severity", () => {
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
		"known-failures-pass": "warning",
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

test("a page of this package is no address, and no help URI is made of it", () => {
	const findings = sampleResult().findings.map((finding) => ({
		...finding,
		link: "scenarios/README.md#time",
	}));
	for (const rule of read(sampleResult({ findings })).rules) {
		expect(rule.helpUri).toBeUndefined();
		expect(rule.help?.text).toContain("To read: scenarios/README.md#time");
	}
});

test("says where the tool is at home as the package does", () => {
	const { homepage } = JSON.parse(
		readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
	);
	expect(read(sampleResult()).run.tool.driver.informationUri).toBe(homepage);
});

test("a result a cause, with a level by what it does to the run", () => {
	const { results, rules } = read(sampleResult());
	expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
		["algorithm/none", "error"],
		["time/expired", "error"],
		["probe/rotation", "error"],
		["time/iat-in-future", "warning"],
		["claims/unknown-claim-added", "note"],
		["known-failures-pass", "note"],
	]);
	for (const { ruleId, ruleIndex } of results) {
		expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
	}
});

test("a result says what to do and what shows it", () => {
	const { results } = read(sampleResult({ causes: [CAUSE] }));
	expect(results).toHaveLength(1);
	expect(results[0]?.message.text).toBe(
		"alg: none is taken. Anyone gets in. To do: Name RS256. Shown by 2 findings: algorithm/none and time/expired.",
	);
	expect(results[0]?.properties?.findings).toMatchObject([
		{ id: "algorithm/none", actual: "accepted (200 OK)" },
		{ id: "time/expired", token: "eyJhbGciOiJS…" },
	]);
});

test("what nobody has to mend is told, and is no alert", () => {
	const [finding] = sampleResult().findings;
	if (!finding) throw new Error("The sample has findings.");
	const { run, results } = read(
		sampleResult({ findings: [{ ...finding, kind: "note", fails: false }] }),
	);
	expect(results).toEqual([]);
	expect(
		run.invocations?.[0]?.toolExecutionNotifications?.at(-1),
	).toMatchObject({
		level: "note",
		message: { text: `1 finding that nobody has to fix: ${finding.id}.` },
	});
});

test.for([
	[undefined, "relying-party", "%SRCROOT%"],
	["ci/rp.yaml", "ci/rp.yaml", "%SRCROOT%"],
	["./a b#c?.yaml", "a%20b%23c%3F.yaml", "%SRCROOT%"],
	["ci\\rp.yaml", "ci/rp.yaml", "%SRCROOT%"],
	["/srv/rp.yaml", "file:///srv/rp.yaml", undefined],
	["C:\\rp.yaml", "file:///C:/rp.yaml", undefined],
])("causes stand at the file %s", ([file, uri, uriBaseId]) => {
	const { results } = read(sampleResult(), { ...(file && { profile: file }) });
	const { results: others } = read(sampleResult(), {
		profile: "ci/profile.yaml",
		...(file && { sarifFile: file }),
	});
	if (file) {
		expect(others.map(({ locations }) => locations)).toEqual(
			results.map(({ locations }) => locations),
		);
	}
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

test("fingerprints tell causes and profiles apart, and not answers, order, tokens and times", () => {
	const prints = (
		more: Partial<CheckResult>,
		options: Parameters<typeof renderSarif>[1] = {},
	) =>
		Object.fromEntries(
			read(sampleResult(more), options).results.map((one) => [
				one.ruleId,
				one.partialFingerprints?.primaryLocationLineHash,
			]),
		);
	const first = prints({});
	const { findings, causes } = sampleResult();
	expect(
		prints({
			findings: findings.map((finding) => ({
				...finding,
				actual: "let in",
				token: TOKEN,
			})),
			started: "2027-01-01T00:00:00.000Z",
			target: "GET http://127.0.0.1:5001/",
		}),
	).toEqual(first);
	expect(prints({ causes: causes.toReversed() })).toEqual(first);
	expect(prints({}, { sarifFile: "src/auth.ts" })).toEqual(first);
	const hashes = Object.values(first);
	const others = Object.values(prints({}, { profile: "ci/rp.yaml" }));
	expect(others).toEqual(
		Object.values(prints({}, { profile: "./ci/rp.yaml" })),
	);
	expect(new Set([...hashes, ...others]).size).toBe(2 * hashes.length);
	for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}:1$/);
});

test("a run that proves nothing is an alert, and no success", () => {
	const { run, results, rules } = read(voidResult());
	expect(run.invocations?.[0]?.executionSuccessful).toBe(false);
	expect(results[0]).toMatchObject({
		ruleId: "control",
		level: "error",
	});
	expect(rules[0]?.help?.text).toContain("It is not known which");
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

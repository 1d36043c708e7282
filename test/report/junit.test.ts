// JUnit XML as CI systems read it: suites, cases, failures, times.
import { readFileSync } from "node:fs";
import { parseXml, type XmlElement } from "@rgrove/parse-xml";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { renderJunit } from "../../src/report/junit.js";
import type { CheckResult } from "../../src/verdict/result.js";
import {
	CAUSE,
	fineResult,
	hostileResult,
	sampleResult,
	voidResult,
} from "./sample.js";

const children = (element: XmlElement | undefined, name: string) =>
	(element?.children ?? []).filter(
		(child): child is XmlElement =>
			child.type === "element" && (child as XmlElement).name === name,
	);

function read(result: CheckResult) {
	const root = parseXml(renderJunit(result)).root ?? undefined;
	const suites = children(root, "testsuite");
	const cases = suites.flatMap((suite) => children(suite, "testcase"));
	const find = (id: string) =>
		cases.find(({ attributes }) => attributes.name?.startsWith(id));
	return { root, suites, cases, find };
}

test("a suite a family, a case a scenario and probe", () => {
	const { root, suites, cases } = read(sampleResult());
	expect(root?.attributes).toEqual({
		name: "gitlab-oidc-mock",
		tests: "17",
		failures: "3",
		errors: "0",
		time: "83.400",
	});
	expect(suites.map(({ attributes }) => attributes.name)).toEqual([
		...["run", "valid", "time", "algorithm", "claims", "key"],
		...["ref", "user", "instance", "probe"],
	]);
	for (const suite of suites) {
		expect(suite.attributes.tests).toBe(
			String(children(suite, "testcase").length),
		);
		expect(suite.attributes.timestamp).toBe("2026-11-20T10:00:00");
	}
	const names = cases.map(({ attributes }) => attributes.name);
	expect(new Set(names).size).toBe(names.length);
	for (const { attributes } of cases) {
		expect(attributes.time).toMatch(/^\d+\.\d{3}$/);
		expect(attributes.classname).toMatch(/^gitlab-oidc-mock\.[a-z]+$/);
	}
});

test("what fails the run is a failure, with all there is to know", () => {
	const { find } = read(sampleResult());
	const [failure, ...others] = children(find("algorithm/none"), "failure");
	expect(others).toEqual([]);
	expect(failure?.attributes).toEqual({
		type: "dangerous",
		message: "Dangerous: accepted (200 OK)",
	});
	expect(failure?.text).toContain("CVE-2015-9235");
	expect(failure?.text).toContain("again: gitlab-oidc-mock token");
	expect(children(find("probe/rotation"), "failure")).toHaveLength(1);
	expect(children(find("probe/rotation"), "system-out")[0]?.text).toContain(
		"fetches of keys: 3\nGET /oauth/discovery/keys 200",
	);
});

test("what does not fail it is output", () => {
	const { find } = read(sampleResult());
	for (const id of ["time/iat-in-future", "claims/unknown-claim-added"]) {
		expect(children(find(id), "failure")).toEqual([]);
		expect(children(find(id), "system-out")[0]?.text).toContain("should");
	}
	expect(children(find("key/kid-list"), "system-out")[0]?.text).toContain(
		"listed as a known failure",
	);
});

test("what was not asked is skipped, with the reason", () => {
	const { find } = read(sampleResult());
	for (const id of ["user/bot-user", "instance/jwks-timeout", "probe/outage"]) {
		const [skipped] = children(find(id), "skipped");
		expect(skipped?.text).toMatch(/\w+ \w+/);
	}
});

test("a finding on no scenario of the run is not lost", () => {
	const { scenarios } = sampleResult();
	const { find } = read(
		sampleResult({
			scenarios: scenarios.filter(({ id }) => id !== "algorithm/none"),
		}),
	);
	expect(children(find("algorithm/none"), "failure")).toHaveLength(1);
	expect(find("algorithm/none")?.parent).toMatchObject({
		attributes: { name: "run" },
	});
});

test.for([
	["proves nothing", voidResult, 1],
	["is fine", fineResult, 0],
] as const)("a run that %s", ([, make, failures]) => {
	const { root, find } = read(make());
	expect(root?.attributes.failures).toBe(String(failures));
	expect(children(find("The run proves something"), "failure")).toHaveLength(
		failures,
	);
});

test("the causes are the output of the run's suite, with the tests that they explain", () => {
	const outputOf = (result: CheckResult) =>
		read(result).suites.flatMap((suite) =>
			children(suite, "system-out").map(({ text }) => [
				suite.attributes.name,
				text,
			]),
		);
	expect(outputOf(sampleResult({ causes: [CAUSE] }))).toEqual([
		[
			"run",
			`1. alg: none is taken.
Dangerous, forgery (2 findings)
Attack: Anyone gets in.
To do: Name RS256.
Worst example: A token whose alg is none, with no signature (algorithm/none)
Tests: algorithm/none, time/expired`,
		],
	]);
	expect(outputOf(fineResult())).toEqual([]);
});

test("is as Jenkins' schema of the format has it", async () => {
	const schema = readFileSync(
		new URL("../data/junit.xsd", import.meta.url),
		"utf8",
	);
	const right = [
		...[sampleResult(), fineResult(), voidResult(), hostileResult()],
		sampleResult({ findings: [], scenarios: [], probes: [] }),
	].map(renderJunit);
	const wrong = renderJunit(fineResult()).replace(/ tests="\d+"/g, "");
	const { errors } = await validateXML({
		schema,
		xml: [...right, wrong].map((contents, index) => ({
			fileName: `${index}.xml`,
			contents,
		})),
	});
	const files = errors.map(({ loc }) => loc?.fileName);
	expect(new Set(files)).toEqual(new Set([`${right.length}.xml`]));
});

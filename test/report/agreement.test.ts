// One result in every format: the numbers of causes, findings and checks are the same wherever they are told.
import { parseXml, type XmlElement } from "@rgrove/parse-xml";
import type { Log } from "sarif";
import { expect, test } from "vitest";
import { FORMATS } from "../../src/report/formats.js";
import { tallyOf } from "../../src/report/tally.js";
import type { CheckResult } from "../../src/verdict/result.js";
import { fineResult, sampleResult, voidResult } from "./sample.js";

/** The sample whose alg and exp are two mistakes of several findings, and with what nobody has to mend. */
function mixedResult(): CheckResult {
	const sample = sampleResult();
	const [first] = sample.findings;
	if (!first) throw new Error("The sample has findings.");
	const more = (id: string, kind: "dangerous" | "note" | "service") => ({
		...first,
		...{ id, kind, fails: kind === "dangerous" },
	});
	const findings = [
		...sample.findings,
		...["key/a", "key/b", "key/c"].map((id) => more(id, "dangerous")),
		...[more("time/d", "note"), more("time/e", "service")],
	];
	const scenarios = [
		...sample.scenarios,
		...["key/a", "key/b", "key/c"].map((id) => ({
			...sample.scenarios[1],
			...{ id, breaks: ["key"], passed: false },
		})),
	] as CheckResult["scenarios"];
	return sampleResult({ findings, scenarios, service: "Vault" });
}

const elements = (root: XmlElement, name: string): XmlElement[] =>
	root.children.flatMap((child) =>
		child.type === "element"
			? [
					...((child as XmlElement).name === name ? [child as XmlElement] : []),
					...elements(child as XmlElement, name),
				]
			: [],
	);

const matches = (text: string, pattern: RegExp) =>
	text.match(pattern)?.length ?? 0;

test.for([
	["mixed", mixedResult],
	["sample", sampleResult],
	["fine", fineResult],
	["void", voidResult],
] as const)("the numbers of the result that is %s agree", ([, make]) => {
	const result = make();
	const tally = tallyOf(result);
	const { causes, mildCauses, failing, mild, checked, right } = tally;
	const all = causes + mildCauses;

	// What fails the run is explained, each finding once.
	const explained = result.causes.flatMap((cause) => cause.findings);
	expect(new Set(explained).size).toBe(explained.length);
	for (const { id, fails } of result.findings)
		if (fails) expect(explained).toContain(id);

	const json = JSON.parse(FORMATS.json.render(result)) as CheckResult;
	expect(tallyOf(json)).toEqual(tally);

	const { runs } = JSON.parse(FORMATS.sarif.render(result)) as Log;
	const alerts = runs[0]?.results ?? [];
	expect(alerts).toHaveLength(all);
	expect(alerts.filter(({ level }) => level === "error")).toHaveLength(causes);
	const shown = alerts.flatMap(({ properties }) => properties?.findings ?? []);
	expect(shown.map(({ id }: { id: string }) => id)).toEqual(explained);

	expect(JSON.parse(FORMATS.codequality.render(result))).toHaveLength(all);

	const { root } = parseXml(FORMATS.junit.render(result));
	if (!root) throw new Error("There is a root.");
	expect(root.attributes.failures).toBe(String(failing));
	expect(elements(root, "failure")).toHaveLength(failing);
	const [output] = elements(root, "testsuite")
		.flatMap((suite) => suite.children)
		.filter((child) => "name" in child && child.name === "system-out");
	expect(matches((output as XmlElement)?.text ?? "", /^\d+\. /gm)).toBe(all);

	const markdown = FORMATS.markdown.render(result);
	expect(matches(markdown, /^\d+\. /gm)).toBe(all);

	const html = FORMATS.html.render(result);
	expect(matches(html, /<li class="card /g)).toBe(all);
	const [, figures = ""] = html.split('aria-label="Figures"');
	expect(
		[...figures.matchAll(/<li><b[^>]*>(\d+)</g)].map(([, one]) => Number(one)),
	).toEqual([causes, failing, mild, right, checked, tally.unasked]);
	expect(matches(html, /<summary><b>.* <span class="tag /g)).toBe(
		failing + mild,
	);

	const brief = FORMATS.text.render(result, { brief: true });
	// That it proves nothing is its headline.
	const isVoid = result.conclusion === "proves-nothing";
	expect(matches(brief, /^ *\d+\. /gm)).toBe(isVoid ? 0 : causes);
	expect(brief.replace(/\s+/g, " ")).toContain(
		`Passed: ${right} of ${checked} checks`,
	);
	const whole = FORMATS.text.render(result).replace(/\s+/g, " ");
	for (const text of [whole, brief, html, markdown].map((one) =>
		one.replaceAll("\\", "").replace(/\s+/g, " "),
	)) {
		if (result.conclusion === "findings")
			expect(text).toContain(
				`${causes} cause${causes === 1 ? "" : "s"} to fix`,
			);
		if (mild > 0 && result.conclusion !== "proves-nothing")
			expect(text).toContain(`${mild} findings are reported without`);
	}
});

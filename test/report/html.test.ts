// The HTML page: what it says, that it asks for nothing, and that it is read without seeing it.
import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.js";
import {
	CAUSE,
	fineResult,
	hostileResult,
	sampleResult,
	voidResult,
} from "./sample.js";

type Element = DefaultTreeAdapterTypes.Element;

function elements(html: string): Element[] {
	const walk = (node: DefaultTreeAdapterTypes.Node): Element[] => [
		...("tagName" in node ? [node] : []),
		...("childNodes" in node ? node.childNodes.flatMap(walk) : []),
	];
	return walk(parse(html));
}

const attribute = (element: Element | undefined, name: string) =>
	element?.attrs.find((attr) => attr.name === name)?.value;

test("allows itself nothing but its own style", () => {
	const html = renderHtml(sampleResult());
	const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? "";
	const hash = createHash("sha256").update(style).digest("base64");
	const policy = elements(html).find(
		(element) => attribute(element, "http-equiv") === "Content-Security-Policy",
	);
	expect(attribute(policy, "content")).toBe(
		`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
	);
	expect(style).not.toMatch(/url\(|@import/);
});

test.for([
	["the sample", sampleResult],
	["hostile text", hostileResult],
] as const)("%s: asks for nothing and runs nothing", ([, make]) => {
	const all = elements(renderHtml(make()));
	const names = new Set(all.map(({ tagName }) => tagName));
	for (const name of ["script", "link", "img", "iframe", "object", "form"])
		expect(names).not.toContain(name);
	for (const { tagName, attrs } of all) {
		for (const { name, value } of attrs) {
			expect(name).not.toMatch(/^on|^style$|^src/);
			if (name === "href") {
				expect(tagName).toBe("a");
				expect(value).toMatch(/^https?:\/\//);
			}
		}
	}
});

test("no link but to the web", () => {
	const { findings } = sampleResult();
	const html = renderHtml(
		sampleResult({
			findings: findings.map((finding) => ({
				...finding,
				link: "javascript:alert(1)",
			})),
		}),
	);
	expect(html).not.toContain("href");
});

test("landmarks, and headings that leave no step out", () => {
	const all = elements(renderHtml(sampleResult()));
	const names = all.map(({ tagName }) => tagName);
	for (const name of ["header", "main", "footer", "h1"])
		expect(names.filter((other) => other === name)).toHaveLength(1);
	expect(attribute(all[0], "lang")).toBe("en");
	let last = 0;
	for (const name of names.filter((other) => /^h\d$/.test(other))) {
		const level = Number(name[1]);
		expect(level).toBeLessThanOrEqual(last + 1);
		last = level;
	}
	const ids = all.flatMap((element) => attribute(element, "id") ?? []);
	expect(new Set(ids).size).toBe(ids.length);
	for (const element of all) {
		const label = attribute(element, "aria-labelledby");
		if (label) expect(ids).toContain(label);
	}
});

test.for([
	[
		"bad",
		sampleResult,
		"3 causes to fix: the relying party accepted tokens that it should refuse (2 findings)",
	],
	["good", fineResult, "No finding in 5 checks fails the run."],
	["void", voidResult, "The honest token was refused"],
] as const)("says first that the result is %s", ([tone, make, sentence]) => {
	const html = renderHtml(make());
	const [, body = ""] = html.split("<body>");
	expect(body).toContain(`class="verdict ${tone}"`);
	expect(body.indexOf(sentence)).toBeGreaterThan(0);
	expect(body.indexOf(sentence)).toBeLessThan(500);
});

test("the causes follow the verdict, each with what to do, before anything else", () => {
	const html = renderHtml(sampleResult({ causes: [CAUSE] }));
	const places = [
		'class="verdict bad"',
		"What is wrong: 1 cause, ",
		CAUSE.sentence,
		"Dangerous, forgery</span> 2 findings",
		CAUSE.attack,
		CAUSE.remedy,
		"with no signature (algorithm/none)",
		"What was asked",
		"Every finding",
	].map((text) => html.indexOf(text));
	expect(places).not.toContain(-1);
	expect(places.toSorted((a, b) => a - b)).toEqual(places);
	expect(renderHtml(fineResult())).not.toContain('id="causes"');
});

test("what nobody has to mend is folded as one", () => {
	const [finding, other] = sampleResult().findings;
	if (!finding || !other) throw new Error("The sample has findings.");
	const html = renderHtml(
		sampleResult({
			findings: [
				{ ...finding, kind: "note", fails: false },
				{ ...other, kind: "dangerous" },
			],
		}),
	);
	expect(html).toMatch(
		/<details class="note">\s*<summary><b>Note<\/b> <span class="soft">1: /,
	);
	expect(html).toContain('<span class="dangerous">Dangerous</span> (1): ');
});

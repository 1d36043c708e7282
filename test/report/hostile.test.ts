// What a relying party sends never gets through to a terminal, a parser or a browser, in any format.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseXml, type XmlElement } from "@rgrove/parse-xml";
import { Ajv } from "ajv";
import { parse } from "parse5";
import { describe, expect, test } from "vitest";
import { FORMAT_NAMES, FORMATS } from "../../src/report/formats.js";
import { resultSchema } from "../../src/verdict/result.js";
import {
	fineResult,
	HOSTILE,
	hostileResult,
	sampleResult,
	TOKEN,
	voidResult,
} from "./sample.js";

/** Line breaks are the reports' own; no other control character is anyone's. */
const CONTROL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;
/** The same, written as JSON writes it. */
const ESCAPED =
	/\\u(00[01][0-9a-f]|007f|00[89][0-9a-f]|20[26][0-9a-f]|d[89a-f]..)/i;

const require = createRequire(import.meta.url);
const sarifSchema = JSON.parse(
	readFileSync(
		require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
		"utf8",
	),
);
// Written for a draft of JSON Schema whose `id` this validator does not know.
delete sarifSchema.$schema;
delete sarifSchema.id;
const validSarif = new Ajv({
	strict: false,
	code: { optimize: false },
	unicodeRegExp: false,
	formats: {
		uri: (text: string) => URL.canParse(text),
		"uri-reference": (text: string) => URL.canParse(text, "https://a.test/"),
		"date-time": (text: string) => !Number.isNaN(Date.parse(text)),
	},
}).compile(sarifSchema);

const parses: Record<(typeof FORMAT_NAMES)[number], (text: string) => void> = {
	text: () => {},
	json: (text) => {
		resultSchema.parse(JSON.parse(text));
	},
	junit: (text) => {
		const { root } = parseXml(text);
		expect(root?.name).toBe("testsuites");
		expect(elements(root)).toEqual(
			new Set([
				...["testsuites", "testsuite", "testcase"],
				...["failure", "skipped", "system-out"],
			]),
		);
	},
	sarif: (text) => {
		expect(validSarif(JSON.parse(text)), problems()).toBe(true);
	},
	html: (text) => {
		const wrong: string[] = [];
		parse(text, { onParseError: ({ code }) => wrong.push(code) });
		expect(wrong).toEqual([]);
	},
	codequality: (text) => {
		for (const issue of JSON.parse(text)) {
			expect(Object.keys(issue)).toEqual([
				...["description", "check_name", "fingerprint", "severity", "location"],
			]);
		}
	},
	markdown: (text) => expect(text).toMatch(/^## /),
};

/** These show causes only, and so no token. */
const CAUSES_ONLY: readonly string[] = ["codequality", "markdown"];

const problems = () => JSON.stringify(validSarif.errors?.slice(0, 3));

const elements = (element: XmlElement | null): Set<string> =>
	new Set(
		element
			? [
					element.name,
					...element.children.flatMap((child) =>
						child.type === "element" ? [...elements(child as XmlElement)] : [],
					),
				]
			: [],
	);

test("the hostile sample is a result", () => {
	expect(resultSchema.safeParse(hostileResult()).error).toBeUndefined();
	expect(HOSTILE.length).toBeGreaterThan(10_000);
	expect(HOSTILE).toMatch(CONTROL);
});

describe.for(FORMAT_NAMES)("%s", (name) => {
	const { render } = FORMATS[name];

	test("parses", () => {
		parses[name](render(sampleResult()));
		parses[name](render(hostileResult(), { profile: HOSTILE }));
	});

	test.for([
		["fine", fineResult],
		["proving nothing", voidResult],
		["empty", () => sampleResult({ findings: [], scenarios: [], probes: [] })],
	] as const)("writes a result that is %s", ([, make]) => {
		const text = render(make());
		expect(text).not.toMatch(/undefined|NaN|\[object/);
		if (name !== "junit") parses[name](text);
		else expect(() => parseXml(text)).not.toThrow();
	});

	test("lets no hostile text through", () => {
		const text = render(hostileResult(), { profile: HOSTILE });
		expect(text).not.toMatch(CONTROL);
		if (name === "json" || name === "sarif") expect(text).not.toMatch(ESCAPED);
		if (name === "html" || name === "junit")
			expect(text).not.toMatch(/<script/);
		if (name === "junit") expect(text).not.toContain("]]>");
		expect(text).not.toMatch(/(word\s+){250}/);
	});

	test("cuts tokens, unless one was asked for", () => {
		const cut = render(
			sampleResult({
				target: `POST / with ${TOKEN}`,
				notes: [`It said ${TOKEN} again`],
			}),
		);
		expect(cut).not.toContain(TOKEN);
		if (name !== "codequality") expect(cut).toContain(TOKEN.slice(0, 12));
		const [first] = sampleResult().findings;
		if (!first) throw new Error("The sample has findings.");
		const asked = render(
			sampleResult({ findings: [{ ...first, fails: true, token: TOKEN }] }),
		);
		expect(asked.includes(TOKEN)).toBe(!CAUSES_ONLY.includes(name));
	});

	test("changes nothing of what it is given", () => {
		const result = sampleResult();
		render(result);
		expect(result).toEqual(sampleResult());
	});
});

// The table of formats, and the JSON report against the schema that is published.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { FORMAT_NAMES, FORMATS } from "../../src/report/formats.js";
import { resultSchema } from "../../src/verdict/result.js";
import {
	fineResult,
	hostileResult,
	sampleResult,
	voidResult,
} from "./sample.js";

test("the formats", () => {
	expect(FORMAT_NAMES).toEqual([
		"text",
		"json",
		"junit",
		"sarif",
		"html",
		"codequality",
		"markdown",
	]);
	for (const name of FORMAT_NAMES) {
		const { extension, mediaType, description } = FORMATS[name];
		expect(extension).toMatch(/^\.[a-z]+$/);
		expect(mediaType).toMatch(/^[a-z]+\/[a-z+]+(; charset=utf-8)?$/);
		expect(description).not.toBe("");
	}
});

const schema = JSON.parse(
	readFileSync(new URL("../../schemas/result.json", import.meta.url), "utf8"),
);

test.for([
	["sample", sampleResult],
	["fine", fineResult],
	["void", voidResult],
	["hostile", hostileResult],
] as const)("the JSON of %s is as its schema says", ([, make]) => {
	const json = JSON.parse(FORMATS.json.render(make()));
	const validate = new Ajv2020({
		strict: false,
		code: { optimize: false },
	}).compile(schema);
	expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
	expect(resultSchema.parse(json)).toEqual(json);
});

test("the JSON is the result", () => {
	expect(JSON.parse(FORMATS.json.render(sampleResult()))).toEqual(
		sampleResult(),
	);
});

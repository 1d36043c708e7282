// The editor's JSON Schema says the same of a file as the loader does.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { BUILT_IN, loadCatalogue } from "../src/scenario/catalogue.js";
import { readScenario } from "../src/scenario/read.js";

const schema = JSON.parse(readFileSync(`${BUILT_IN}/schema.json`, "utf8"));
const validate = new Ajv2020({
	strict: false,
	code: { optimize: false },
}).compile(schema);

test("accepts every scenario of the catalogue", async () => {
	const all = (await loadCatalogue([BUILT_IN])).all();
	expect(all.length).toBeGreaterThanOrEqual(30);
	for (const { id, file } of all) {
		expect(validate(parse(readFileSync(file, "utf8"))), id).toBe(true);
	}
});

const GOOD = "title: t\nexpect: policy\nwhy: w\nspec: [RFC 1]\n";
test.for([
	["a good one", GOOD, true],
	["an unknown key", `${GOOD}tokn: {}\n`, false],
	["an unknown key of the job", `${GOOD}job: { reff: x }\n`, false],
	["a text edit", `${GOOD}job: { ref: { append: x } }\n`, true],
	["an unknown edit", `${GOOD}job: { ref: { apend: x } }\n`, false],
	["a rule without rejection", `${GOOD}rule: expiry\n`, false],
	["a rejection without rule", GOOD.replace("policy", "reject"), false],
	[
		"a rejection with rule",
		`${GOOD.replace("policy", "reject")}rule: expiry\n`,
		true,
	],
	[
		"a claim that is a mapping, not an edit",
		`${GOOD}token: { claims: { a: { b: 1 } } }\n`,
		false,
	],
	[
		"a literal mapping",
		`${GOOD}token: { claims: { a: { value: { b: 1 } } } }\n`,
		true,
	],
] as const)("agrees with the loader on %s", ([, text, good]) => {
	expect(validate(parse(text))).toBe(good);
	expect(!Array.isArray(readScenario("a/b", "b.yaml", text))).toBe(good);
});

// Writes what is generated from the schema and the catalogue; with --check, fails where a copy is stale.
// @ts-check
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { profileSchema } from "../dist/check/profile.js";
import { loadCatalogue } from "../dist/scenario/catalogue.js";
import { familyText } from "../dist/scenario/families.js";
import { problemLine } from "../dist/scenario/problem.js";
import { scenarioSchema } from "../dist/scenario/schema.js";
import { IMPACT_WORDS, impactOf } from "../dist/scenario/severity.js";
import { vectorsSchema } from "../dist/scenario/vectors/schema.js";
import { configSchema } from "../dist/server/instance/config.js";
import { openApi } from "../dist/server/mock/openapi.js";
import { ROUTES } from "../dist/server/mock/routes.js";
import { BROUGHT_KEYS } from "../dist/token/brought-key.js";
import { ENCODINGS, HEADER_ENCODINGS } from "../dist/token/encode.js";
import { MANGLES } from "../dist/token/forge.js";
import { HMAC_SECRETS } from "../dist/token/hmac.js";
import { JWKS_CHANGES } from "../dist/token/jwks.js";
import { BARE_SIGNATURES } from "../dist/token/make.js";
import { EXTRA_KEYS, NAMED_KEYS } from "../dist/token/named-keys.js";
import { RULES } from "../dist/token/rules.js";
import { RSA_ALGORITHMS } from "../dist/token/sign.js";
import { resultSchema } from "../dist/verdict/result.js";
import { architecture } from "./architecture.mjs";
import { claimsByVersion } from "./claims-table.mjs";
import { vectorsReadme } from "./vectors-readme.mjs";
import { sample } from "./vectors-sample.mjs";

/** @typedef {{ type?: string | string[], enum?: unknown[], const?: unknown, anyOf?: Schema[], items?: Schema, description?: string, properties?: Record<string, Schema>, required?: string[], pattern?: string, $ref?: string }} Schema */

/** @type {Record<string, string>} */
const FORMS = {
	string: "text",
	object: "mapping",
	integer: "whole number",
	boolean: "true or false",
};

const root = new URL("../", import.meta.url);
const schema = editorSchema();
// With the slash it is not the folder that the build has bundled: the files themselves count.
const catalogue = await loadCatalogue([
	fileURLToPath(new URL("scenarios/", root)),
]);
if (catalogue.problems().length > 0) {
	console.error(catalogue.problems().map(problemLine).join("\n"));
	process.exit(1);
}

const { vectors } = await sample();

/** @type {Record<string, string>} */
const generated = {
	"docs/architecture.md": architecture(),
	"docs/claims-by-version.md": claimsByVersion(),
	"examples/vectors/README.md": await vectorsReadme(JSON.parse(vectors)),
	"examples/vectors/vectors.json": vectors,
	"scenarios/schema.json": json(schema),
	"scenarios/README.md": await readme(),
	"schemas/config.json": json({
		title: "A configuration file of gitlab-oidc-mock",
		...z.toJSONSchema(configSchema, { io: "input" }),
	}),
	"schemas/openapi.json": json(openApi(ROUTES)),
	"schemas/profile.json": json({
		title: "A relying party, for gitlab-oidc-mock check",
		...z.toJSONSchema(profileSchema, { io: "input" }),
	}),
	"schemas/result.json": json({
		title: "The result of gitlab-oidc-mock check",
		...z.toJSONSchema(resultSchema),
	}),
	"schemas/vectors.json": json({
		title: "Test vectors of gitlab-oidc-mock",
		...z.toJSONSchema(vectorsSchema),
	}),
	"src/scenario/ids.ts": ids(),
};

let stale = 0;
for (const [path, text] of Object.entries(generated)) {
	const file = new URL(path, root);
	const current = await readFile(file, "utf8").catch(() => "");
	if (current === text) continue;
	if (process.argv.includes("--check")) {
		console.error(`${path} is stale: run npm run generate`);
		stale++;
	} else {
		await mkdir(new URL(".", file), { recursive: true });
		await writeFile(file, text);
		console.log(`wrote ${path}`);
	}
}
process.exitCode = stale > 0 ? 1 : 0;

/** @param {unknown} value */
function json(value) {
	return `${JSON.stringify(value, null, "\t")}\n`;
}

/** The JSON Schema for editors, with what zod checks in code said in its own words. */
function editorSchema() {
	const made = z.toJSONSchema(scenarioSchema, { io: "input" });
	return {
		title: "A scenario of gitlab-oidc-mock",
		...made,
		if: { properties: { expect: { const: "reject" } } },
		// biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
		then: { required: ["rule"] },
		else: { properties: { rule: false } },
	};
}

/** The types that let an editor complete scenario names. */
function ids() {
	// A near miss is asked for with a claim, and so has no name that is always the same.
	const plain = catalogue.all().filter(({ near }) => near === undefined);
	const ways = catalogue.all().filter(({ near }) => near !== undefined);
	const all = plain.map(({ id }) => id);
	/** @param {string} id */
	const lastSegment = (id) => id.slice(id.lastIndexOf("/") + 1);
	const segments = all.map(lastSegment);
	const short = segments.filter(
		(segment, index) =>
			segments.indexOf(segment) === index &&
			segments.lastIndexOf(segment) === index,
	);
	/** @param {string[]} names */
	const union = (names) =>
		[...names]
			.sort()
			.map((name) => `\n\t| "${name}"`)
			.join("");
	return `// Generated from scenarios/ by npm run generate: the names of the built-in scenarios.

/** The id of a scenario that comes with the mock. */
export type BuiltInScenario =${union(all)};

/** The last segment of an id, where only one scenario has it. */
export type ShortName =${union(short)};

/** A way of comparing sloppily: \`near/prefix:project_path\` is the near miss of a claim by its \`prefix\`. */
export type NearMissWay =${union(ways.map(({ id }) => lastSegment(id)))};
`;
}

async function readme() {
	const head = await readFile(
		new URL("scripts/scenarios-readme.md", root),
		"utf8",
	);
	return `${head.trimEnd()}\n\n${keys()}\n\n${words()}\n\n${rules()}\n\n${impacts()}\n\n${list()}\n`;
}

function keys() {
	const { properties = {}, required = [] } = /** @type {Schema} */ (schema);
	const lines = ["## Keys", "", "| key | value | meaning |", "|---|---|---|"];
	/** @type {(prefix: string, members: Record<string, Schema>, needed: string[]) => void} */
	const add = (prefix, members, needed) => {
		for (const [name, member] of Object.entries(members)) {
			const path = prefix + name;
			const mark = needed.includes(path) ? " *(required)*" : "";
			lines.push(
				`| \`${path}\`${mark} | ${cell(formOf(member))} | ${cell(member.description ?? "")} |`,
			);
			const inner = [member, ...(member.anyOf ?? [])].find(
				({ properties }) => properties,
			);
			if (inner?.properties && (prefix === "" || prefix === "job."))
				add(`${path}.`, inner.properties, []);
		}
	};
	add("", properties, required);
	return lines.join("\n");
}

/** @param {Schema} member @returns {string} */
function formOf(member) {
	if (member.enum) return member.enum.map((value) => `\`${value}\``).join(", ");
	if (member.const !== undefined) return `\`${member.const}\``;
	if (member.anyOf) {
		const forms = member.anyOf.map(formOf);
		// A text in a job may be edited; that is said once, above the table.
		const plain = forms.filter(
			(form) => form !== "mapping" || !forms.includes("text"),
		);
		return [...new Set(plain)].join(" or ");
	}
	if (member.type === "array") return `list of ${formOf(member.items ?? {})}`;
	return [member.type ?? "any JSON"]
		.flat()
		.map((type) => FORMS[type] ?? type)
		.join(" or ");
}

/** @param {string} text */
function cell(text) {
	return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** What the words stand for that a file can use. */
function words() {
	/** @type {[string, string, Record<string, { description: string }>][]} */
	const tables = [
		["`token.sign.key`, `kid_of`", "whose key", NAMED_KEYS],
		["`token.sign.alg`", "how it signs", RSA_ALGORITHMS],
		[
			"`token.sign.bring`",
			"by which header member the attacker's key comes along",
			BROUGHT_KEYS,
		],
		["`token.sign.hmac`", "what the HMAC is keyed with", HMAC_SECRETS],
		["`token.sign` as a word", "a signature without a key", BARE_SIGNATURES],
		["`token.encode`", "how the payload is written", ENCODINGS],
		["`token.encode_header`", "how the header is written", HEADER_ENCODINGS],
		["`token.mangle`", "how the finished token is changed", MANGLES],
		[
			"`instance.faults`, `publish`",
			"which keys the JWKS has beside its own",
			EXTRA_KEYS,
		],
		["`instance.faults`, `keys`", "how the list of keys differs", JWKS_CHANGES],
	];
	return [
		"## Words",
		...tables.flatMap(([place, meaning, table]) => [
			"",
			`${place}: ${meaning}.`,
			"",
			"| word | stands for |",
			"|---|---|",
			...Object.entries(table).map(
				([word, { description }]) => `| \`${word}\` | ${cell(description)} |`,
			),
		]),
	].join("\n");
}

function rules() {
	const lines = [
		"## Rules",
		"",
		"| rule | the check | where it is written | without it |",
		"|---|---|---|---|",
	];
	for (const [id, { title, spec, without }] of Object.entries(RULES)) {
		lines.push(
			`| \`${id}\` | ${cell(title)} | ${cell(spec.join(", "))} | ${cell(without)} |`,
		);
	}
	return lines.join("\n");
}

/** @param {string} family */
function essay(family) {
	const text = familyText(`${family}/`);
	if (!text) throw new Error(`src/scenario/families.ts lacks ${family}`);
	const { title, problem, remedy } = text;
	return [`**${title}.** ${problem}`, "", `*What to do.* ${remedy}`, ""];
}

function impacts() {
	return [
		"## What a wrong answer costs",
		"",
		"`level` is the spec's own word for the recipient, `impact` what is lost by a wrong answer; neither follows from the other.",
		"A check fails by what must not be (hygiene aside), and by forgery and escalation at any level; `--strict` adds what should",
		"not be, and hygiene that must not. ° stands where the token or answer exists only if GitLab itself errs (`only_if: gitlab-errs`).",
		"",
		"| impact | means |",
		"|---|---|",
		...Object.entries(IMPACT_WORDS).map(
			([impact, { meaning }]) => `| \`${impact}\` | ${meaning} |`,
		),
	].join("\n");
}

function list() {
	/** @type {Map<string, string[]>} */
	const families = new Map();
	for (const scenario of catalogue.all()) {
		const { id, title, expect, rule, spec, level, only_if } = scenario;
		const family = id.slice(0, id.indexOf("/"));
		const rows = families.get(family) ?? [];
		const weaker = level && level !== "must" ? ` (${level})` : "";
		const verdict = (rule ? `reject: \`${rule}\`` : expect) + weaker;
		const cost = impactOf(scenario) + (only_if ? "°" : "");
		rows.push(
			`| [\`${id}\`](${id}.yaml) | ${cell(title)} | ${verdict} | ${cost} | ${cell(spec.join(", "))} |`,
		);
		families.set(family, rows);
	}
	const parts = [...families].map(([family, rows]) =>
		[
			`### ${family}`,
			"",
			...essay(family),
			"| scenario | the token | a correct RP | a wrong answer costs | reference |",
			"|---|---|---|---|---|",
			...rows,
		].join("\n"),
	);
	return `## Scenarios\n\n${catalogue.all().length} files.\n\n${parts.join("\n\n")}`;
}

// The page on how src hangs together: its picture is drawn from the imports, its list of decisions from their headings.
// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { partOf, sourcesOfSrc } from "./imports.mjs";

/** @param {string} path */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The folders of src and its entries, each with those that it imports. */
function folders() {
	/** @type {Map<string, Set<string>>} */
	const imports = new Map();
	const sources = sourcesOfSrc();
	for (const { path, part } of sources)
		if (path.includes("/") || isEntry(part)) imports.set(part, new Set());
	for (const { part, imports: targets } of sources)
		for (const target of targets.map(partOf))
			if (target !== part && imports.has(target))
				imports.get(part)?.add(target);
	return imports;
}

/** @param {string} part */
const isEntry = (part) => ["index", "vitest", "cli"].includes(part);

/** Everything that can be reached from a part. @param {Map<string, Set<string>>} imports @param {string} part @returns {Set<string>} */
function below(imports, part) {
	const found = new Set(imports.get(part));
	for (const target of found)
		for (const next of imports.get(target) ?? []) found.add(next);
	return found;
}

/** A graph in Mermaid's words, which forges draw. */
function picture() {
	const imports = folders();
	const lines = ["```mermaid", "graph TD"];
	for (const part of [...imports.keys()].sort())
		lines.push(isEntry(part) ? `\t${part}([${part}])` : `\t${part}[${part}/]`);
	for (const [part, targets] of [...imports].sort()) {
		const direct = [...targets].filter(
			(target) =>
				![...targets].some(
					(other) => other !== target && below(imports, other).has(target),
				),
		);
		for (const target of direct.sort()) lines.push(`\t${part} --> ${target}`);
	}
	return [...lines, "```"].join("\n");
}

function decisions() {
	return readdirSync(at("docs/decisions"))
		.sort()
		.map((name) => {
			const text = readFileSync(at(`docs/decisions/${name}`), "utf8");
			const [, title] = /^# (.+)$/m.exec(text) ?? [];
			if (title === undefined) throw new Error(`${name} has no heading`);
			return `- [${title}](decisions/${name})`;
		})
		.join("\n");
}

export const architecture = () =>
	readFileSync(at("scripts/architecture.md"), "utf8")
		.replace("<!-- picture -->", picture())
		.replace("<!-- decisions -->", decisions());

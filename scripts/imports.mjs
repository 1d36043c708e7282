// Which file of src imports which: what test/architecture.test.ts holds to its rules, and docs/architecture.md has a picture of.
// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/**
 * @typedef {object} Source
 * @property {string} path below src, with slashes
 * @property {string} part its first folder, or its own name at the top
 * @property {string[]} lines
 * @property {string[]} imports the files of src that it imports, types included
 */

const IMPORT =
	/^(?:import|export)\b[^;"]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

const slashed = (/** @type {string} */ path) => path.split(sep).join("/");

/** The part of src that a path is in. @param {string} path */
export const partOf = (path) =>
	String(path.split("/", 1)[0]?.replace(/\.ts$/, ""));

/** @param {string} path @returns {Source} */
function sourceAt(path) {
	const text = readFileSync(join(SRC, path), "utf8");
	const imports = [...text.matchAll(IMPORT)]
		.map(([, from, bare, dynamic]) => String(from ?? bare ?? dynamic))
		.filter((target) => target.startsWith("."))
		.map((target) => slashed(join(dirname(path), target)))
		.map((target) => target.replace(/\.js$/, ".ts"));
	return { path, part: partOf(path), lines: text.split("\n"), imports };
}

/** Every file of src, in the order of the paths. */
export const sourcesOfSrc = () =>
	readdirSync(SRC, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
		.map((entry) => slashed(relative(SRC, join(entry.parentPath, entry.name))))
		.sort()
		.map(sourceAt);

// Writes the command as one file that any Node runs, scenarios and licences in it: no Docker, no npm, no folder.
// After a build: node scripts/single-file.mjs [FOLDER]
// @ts-check
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import {
	COMMENTS,
	file,
	INPUT,
	inPlaceOf,
	licensesOf,
	ours,
} from "./command-parts.mjs";

const out = join(process.argv[2] ?? file("."), "gitlab-oidc-mock.mjs");

/** The module that holds the scenarios, in place of the one that reads them. */
async function scenarios() {
	const bundled = await readFile(file("dist/scenario/built-in.json"), "utf8");
	/** @type {{ file: string }[]} */
	const all = JSON.parse(bundled);
	const texts = await Promise.all(
		all.map(async ({ file: path }) => [
			path,
			await readFile(file(`scenarios/${path}`), "utf8"),
		]),
	);
	return `
import { join, relative, sep } from "node:path";
import { readTextFile } from ${JSON.stringify(ours("text-file"))};
export const BUILT_IN = "the built-in scenarios";
const BUNDLE = ${JSON.stringify(bundled)};
const TEXTS = new Map(JSON.parse(${JSON.stringify(JSON.stringify(texts))}));
export const readBundle = async () => BUNDLE;
export const readScenarioText = async (file) =>
	TEXTS.get(relative(BUILT_IN, file).split(sep).join("/")) ?? readTextFile(file);
`;
}

let licenses = Promise.resolve("");
const bundle = await rolldown({
	...INPUT,
	plugins: [
		{
			name: "gitlab-oidc-mock",
			load: (id) =>
				id === ours("scenario/built-in") ? scenarios() : inPlaceOf(id),
			buildEnd() {
				licenses = licensesOf([...this.getModuleIds()]);
			},
		},
	],
});
const { output } = await bundle.generate({
	format: "esm",
	codeSplitting: false,
	comments: COMMENTS,
});
await bundle.close();
const [{ code }, ...more] = output;
if (more.length > 0) throw new Error("more than one file");
const notices = (await licenses).replaceAll("*/", "* /");
await writeFile(
	out,
	`${code}\n/*\n${await readFile(file("LICENSE"), "utf8")}\n${notices}*/\n`,
);
await chmod(out, 0o755);

// What the command is bundled from, for scripts/command.mjs and scripts/single-file.mjs: its modules, and whose they are.
// @ts-check
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where a file of this project is. @param {string} path */
export const file = (path) =>
	fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where a module of ours is. @param {string} path below src, without its ending */
export const ours = (path) => file(`src/${path}.ts`);

/** @type {import("rolldown").InputOptions} */
export const INPUT = {
	input: ours("cli/main"),
	platform: "node",
	external: [/^vitest/],
	resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
	preserveEntrySignatures: false,
	onLog(level, log, show) {
		// depd's, in Koa: it makes a function of a text that holds no foreign word.
		if (log.code !== "EVAL" && log.code !== "INEFFECTIVE_DYNAMIC_IMPORT")
			show(level, log);
	},
};

export const COMMENTS = { legal: true, annotation: false, jsdoc: false };

/** The types that Koa itself names, and those of this project's requests and answers: the other 2,500 cost 7 MiB. */
const MEDIA_TYPES = {
	"application/json": { charset: "UTF-8", extensions: ["json"] },
	"application/octet-stream": { extensions: ["bin"] },
	"application/x-www-form-urlencoded": {},
	"text/html": { extensions: ["html"] },
	"text/plain": { extensions: ["txt", "text"] },
};

const { version, homepage } = JSON.parse(
	await readFile(file("package.json"), "utf8"),
);

/** The text of a module that stands in place of another. @param {string} id */
export function inPlaceOf(id) {
	if (id === ours("version"))
		return `export const VERSION = ${JSON.stringify(version)};\nexport const HOMEPAGE = ${JSON.stringify(homepage)};`;
	if (id.endsWith("/mime-db/db.json")) return JSON.stringify(MEDIA_TYPES);
	return undefined;
}

/** What the packages in a bundle ask to be passed on. @param {readonly string[]} modules */
export async function licensesOf(modules) {
	const folders = modules.flatMap(
		(id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [],
	);
	const texts = [...new Set(folders)].sort().map(async (folder) => {
		const { name, version, license } = JSON.parse(
			await readFile(`${folder}/package.json`, "utf8"),
		);
		const named = (await readdir(folder)).find((entry) =>
			/^licen[cs]e/i.test(entry),
		);
		const text = named ? await readFile(`${folder}/${named}`, "utf8") : "";
		return `${name} ${version} (${license})\n\n${text.trim()}\n`;
	});
	return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}

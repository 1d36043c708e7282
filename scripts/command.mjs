// Puts the command line and all that it needs into a few files, in place of those that the compiler has made of it:
// reading hundreds of small ones takes longer than to start. What a start does not need is a file of its own.
// @ts-check
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const file = (/** @type {string} */ path) =>
	fileURLToPath(new URL(`../${path}`, import.meta.url));
const ours = (/** @type {string} */ path) => file(`src/${path}.ts`);

const OUT = file("dist/cli");
const MAIN = ours("cli/main");

/** What is loaded at one time, and so is one file, by the modules that it begins with; a later one lacks what an earlier has. */
const STAGES = {
	program: ["cli/program"],
	server: ["server/start", "server/app", "server/listen"],
	catalogue: ["scenario/catalogue"],
	tokens: ["scenario/mint", "server/mock/routes"],
	check: ["harness/check-profile", "report/formats"],
};

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

/** @type {Map<string, string>} */
const stageOf = new Map();
/** @type {Set<string>} */
const packages = new Set();

/** @type {import("rolldown").Plugin} */
const plugin = {
	name: "gitlab-oidc-mock",
	load(id) {
		if (id === ours("version"))
			return `export const VERSION = ${JSON.stringify(version)};\nexport const HOMEPAGE = ${JSON.stringify(homepage)};`;
		if (id.endsWith("/mime-db/db.json")) return JSON.stringify(MEDIA_TYPES);
		return undefined;
	},
	buildEnd() {
		for (const [stage, begins] of Object.entries(STAGES)) {
			const waiting = begins.map(ours);
			for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
				if (stageOf.has(id)) continue;
				const module = this.getModuleInfo(id);
				if (!module)
					throw new Error(`${stage} needs ${id}, which is not there`);
				stageOf.set(id, stage);
				waiting.push(...module.importedIds);
			}
		}
		for (const id of this.getModuleIds()) {
			const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
			if (folder) packages.add(folder);
		}
	},
};

const bundle = await rolldown({
	input: MAIN,
	platform: "node",
	external: [/^vitest/],
	plugins: [plugin],
	resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
	preserveEntrySignatures: false,
	onLog(level, log, show) {
		// depd's, in Koa: it makes a function of a text that holds no foreign word.
		if (log.code !== "EVAL" && log.code !== "INEFFECTIVE_DYNAMIC_IMPORT")
			show(level, log);
	},
});
await rm(OUT, { recursive: true, force: true });
await bundle.write({
	dir: OUT,
	format: "esm",
	entryFileNames: "[name].js",
	chunkFileNames: "[name].js",
	comments: { legal: true, annotation: false, jsdoc: false },
	codeSplitting: {
		groups: Object.keys(STAGES).map((name, index, { length }) => ({
			name,
			test: (id) => stageOf.get(id) === name,
			priority: length - index,
		})),
	},
});
await bundle.close();
await chmod(file("dist/cli/main.js"), 0o755);
await writeFile(file("dist/cli/LICENSES.txt"), await licenses());

/** What the packages in the bundle ask to be passed on. */
async function licenses() {
	const texts = [...packages].sort().map(async (folder) => {
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

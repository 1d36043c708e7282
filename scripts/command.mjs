// Puts the command line and all that it needs into a few files, in place of those that the compiler has made of it:
// reading hundreds of small ones takes longer than to start. What a start does not need is a file of its own.
// @ts-check
import { chmod, rm, writeFile } from "node:fs/promises";
import { rolldown } from "rolldown";
import {
	COMMENTS,
	file,
	INPUT,
	inPlaceOf,
	licensesOf,
	ours,
} from "./command-parts.mjs";

const OUT = file("dist/cli");

/** What is loaded at one time, and so is one file, by the modules that it begins with; a later one lacks what an earlier has. */
const STAGES = {
	program: ["cli/program"],
	server: ["server/start", "server/app", "server/listen"],
	catalogue: ["scenario/catalogue"],
	tokens: ["scenario/mint", "server/mock/routes"],
	check: ["harness/check-profile", "report/formats"],
};

/** @type {Map<string, string>} */
const stageOf = new Map();
let licenses = Promise.resolve("");

/** @type {import("rolldown").Plugin} */
const plugin = {
	name: "gitlab-oidc-mock",
	load: inPlaceOf,
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
		licenses = licensesOf([...this.getModuleIds()]);
	},
};

const bundle = await rolldown({ ...INPUT, plugins: [plugin] });
await rm(OUT, { recursive: true, force: true });
await bundle.write({
	dir: OUT,
	format: "esm",
	entryFileNames: "[name].js",
	chunkFileNames: "[name].js",
	comments: COMMENTS,
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
await writeFile(file("dist/cli/LICENSES.txt"), await licenses);

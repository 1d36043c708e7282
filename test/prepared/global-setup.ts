// Before the tests: reads the scenarios and the primes of keys, once for all of them instead of once for each server.
import {
	copyFile,
	readdir,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { join, relative } from "node:path";
import type { TestProject } from "vitest/node";
import { BUNDLE } from "./plugin.js";

const ROOT = join(import.meta.dirname, "../..");
const BUILT = join(ROOT, "dist/scenario/built-in.json");
const MADE_OF = ["scenarios", "src"].map((folder) => join(ROOT, folder));

/** 88 of them, which make 3,696 keys: more than a worker makes. One that came again could be the attacker's. */
const PRIMES = join(import.meta.dirname, "primes.json");

declare module "vitest" {
	interface ProvidedContext {
		/** factors of RSA keys, in decimal */
		primes: string[];
	}
}

export default async function prepare(project: TestProject) {
	await rm(BUNDLE, { force: true });
	project.provide("primes", JSON.parse(await readFile(PRIMES, "utf8")));
	if (await isBuiltNow()) await copyFile(BUILT, BUNDLE);
	else await bundle();
	return () => rm(BUNDLE, { force: true });
}

/** Whether scripts/bundle.mjs has run since the last change: what it made is what {@link bundle} would make. */
async function isBuiltNow(): Promise<boolean> {
	const built = await stat(BUILT).catch(() => undefined);
	if (!built) return false;
	const below = MADE_OF.map(async (folder) => {
		const paths = await readdir(folder, { recursive: true });
		return [folder, ...paths.map((path) => join(folder, path))];
	});
	const changed = (await Promise.all(below)).flat().map(async (path) => {
		const { mtimeMs, ctimeMs } = await stat(path);
		return Math.max(mtimeMs, ctimeMs);
	});
	return Math.max(...(await Promise.all(changed))) < built.mtimeMs;
}

/** As scripts/bundle.mjs does. Where a scenario is wrong there is no bundle, and the tests say what is wrong. */
async function bundle(): Promise<void> {
	const { BUILT_IN, loadCatalogue } = await import(
		"../../src/scenario/catalogue.js"
	);
	const catalogue = await loadCatalogue([BUILT_IN]);
	if (catalogue.problems().length > 0) return;
	const scenarios = catalogue.all().map((scenario) => ({
		...scenario,
		file: relative(BUILT_IN, scenario.file),
	}));
	await writeFile(BUNDLE, JSON.stringify(scenarios));
}

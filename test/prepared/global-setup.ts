// Before the tests: reads the scenarios and finds primes, once for all of them instead of once for each server.
import { rm, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import type { TestProject } from "vitest/node";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { primeFactor } from "../../src/token/generate-key.js";
import { BUNDLE } from "./plugin.js";

const PRIMES = 44; // which make 880 keys: two for each instance of test/rp.test.ts, and more

declare module "vitest" {
	interface ProvidedContext {
		/** factors of RSA keys, in decimal */
		primes: string[];
	}
}

export default async function prepare(project: TestProject) {
	await rm(BUNDLE, { force: true });
	const [primes] = await Promise.all([findPrimes(), bundle()]);
	project.provide("primes", primes);
	return () => rm(BUNDLE, { force: true });
}

const findPrimes = () =>
	Promise.all(
		Array.from({ length: PRIMES }, async () => String(await primeFactor())),
	);

/** As scripts/bundle.mjs does. Where a scenario is wrong there is no bundle, and the tests say what is wrong. */
async function bundle(): Promise<void> {
	const catalogue = await loadCatalogue([BUILT_IN]);
	if (catalogue.problems().length > 0) return;
	const scenarios = catalogue.all().map((scenario) => ({
		...scenario,
		file: relative(BUILT_IN, scenario.file),
	}));
	await writeFile(BUNDLE, JSON.stringify(scenarios));
}

// How long the catalogue takes: to load it, to make all its tokens once, and to load a user's folder of thousands of files.
// @ts-check
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../dist/clock.js";
import { parseVersion } from "../dist/gitlab/version.js";
import { BUILT_IN, loadCatalogue } from "../dist/scenario/catalogue.js";
import { mintToken } from "../dist/scenario/mint.js";
import { generateKeySet } from "../dist/token/keys.js";

/** Milliseconds of each, and how many scenarios there are. */
export async function measureCatalogue() {
	const begun = performance.now();
	const catalogue = await loadCatalogue([BUILT_IN]);
	const load = performance.now() - begun;
	const keys = await generateKeySet();
	const mint = {
		catalogue,
		keys,
		clock: systemClock,
		issuer: "https://gitlab.example.com",
		version: parseVersion("latest"),
		plan: /** @type {const} */ ("ultimate"),
		audience: "https://rp.example.com",
	};
	const all = catalogue.all();
	const makeAll = async () => {
		const start = performance.now();
		for (const { id, near } of all)
			if (near === undefined)
				await mintToken(mint, { scenario: id }).catch(notApplicable);
		return performance.now() - start;
	};
	return {
		scenarios: all.length,
		load,
		/** keys of scenarios included, which are made when first asked for */
		first: await makeAll(),
		again: await makeAll(),
		folder5000: await loadFolder(5000),
		folder10000: await loadFolder(10_000),
	};
}

/** @param {number} count */
async function loadFolder(count) {
	const folder = await mkdtemp(join(tmpdir(), "scenarios-"));
	try {
		for (let index = 0; index < count; index++) {
			const family = join(folder, `family-${index % 50}`);
			if (index < 50) await mkdir(family);
			await writeFile(join(family, `case-${index}.yaml`), scenario(index));
		}
		const begun = performance.now();
		const { all, problems } = await loadCatalogue([folder]);
		const took = performance.now() - begun;
		if (all().length !== count || problems().length > 0)
			throw new Error(`${all().length} of ${count} files were loaded`);
		return took;
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** @param {number} index */
const scenario = (index) => `title: The token of project ${index}
expect: policy
why: |
  A project of ours that the service must not let in.
spec: ["our policy, number ${index}"]
job:
  project: { id: ${index + 1}, path: our-group/project-${index} }
  ref: release/${index}
`;

if (import.meta.filename === process.argv[1]) {
	console.log(await measureCatalogue());
}

/** @param {NodeJS.ErrnoException} error of a scenario that cannot be made of the built-in job */
function notApplicable(error) {
	if (error.code !== "not_applicable") throw error;
}

// The tarball as others read it: publint, and Are The Types Wrong.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	checkPackage,
	createPackageFromTarballData,
} from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packed } from "../package/install.js";

let folder: string;
let tarball: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "packing-"));
	tarball = new Uint8Array(await readFile((await packed(folder)).tarball));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

test("publint has nothing to say", async () => {
	const pack = { tarball: tarball.buffer };
	expect((await publint({ pack, strict: true })).messages).toEqual([]);
});

test("the types are right for each way to import it", {
	timeout: 60_000,
}, async () => {
	const result = await checkPackage(createPackageFromTarballData(tarball), {
		entrypoints: [".", "./vitest"],
	});
	if (!result.types) expect.fail("no types");
	// It is ESM only: TypeScript's ways of before, and of CommonJS under node16, do not apply.
	const apply = result.problems.filter(
		(problem) =>
			!("resolutionKind" in problem) ||
			!["node10", "node16-cjs"].includes(problem.resolutionKind),
	);
	expect(apply).toEqual([]);
	expect(result.problems.map(({ kind }) => kind)).toContain("CJSResolvesToESM");
});

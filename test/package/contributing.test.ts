// CONTRIBUTING's three examples: the scenario is linted and keeps its laws, the patches fit the sources, every place is there.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { problemLine } from "../../src/scenario/problem.js";
import type { Scenario } from "../../src/scenario/schema.js";
import { publicKeys } from "../../src/token/keys.js";
import { verifyToken } from "../../src/token/verify.js";
import {
	BUILT_IN_SURROUNDINGS,
	keys,
	NOW,
	tokenOf,
} from "../scenario-token.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
const blocks = (language: string) =>
	[
		...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms")),
	].map(([, block]) => String(block));

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "contributing-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("the scenario is linted, and breaks the rule that it names, and no other", async () => {
	const [, path = ""] = /`scenarios\/([\w/-]+\.yaml)`:/.exec(page) ?? [];
	const file = join(folder, path);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, blocks("yaml")[0] ?? "");
	const catalogue = await loadCatalogue([BUILT_IN, folder]);
	expect(catalogue.problems().map(problemLine)).toEqual([]);
	const scenario = catalogue.find(path.replace(/\.yaml$/, ""));
	expect(catalogue.overriding()).toEqual([]); // it is a new one
	const { issuer, audience } = BUILT_IN_SURROUNDINGS;
	const broken = async (made: Scenario) => {
		const { token } = await tokenOf(made, made.id);
		const options = { issuer, audience, keys: publicKeys(keys).keys, now: NOW };
		return verifyToken(token, options).map(({ rule }) => rule);
	};
	expect(await broken(scenario)).toEqual([scenario.rule]);
	expect(await broken(catalogue.find("valid/baseline"))).toEqual([]);
});

describe("a patch", () => {
	const check = (patch: string) =>
		execFileSync("git", ["apply", "--check", "-"], {
			cwd: ROOT,
			input: patch,
			stdio: ["pipe", "ignore", "pipe"],
		});

	test("is there for a claim and for a command", () => {
		expect(blocks("diff")).toHaveLength(2);
	});

	test.for(blocks("diff"))("fits the sources as they are", (patch) => {
		expect(() => check(patch)).not.toThrow();
		// It would not fit others.
		const other = patch.replace(/^ (.*)$/m, " $1 // other");
		expect(other).not.toBe(patch);
		expect(() => check(other)).toThrow("patch does not apply");
	});
});

test("every place that is named is there", () => {
	const added = [...page.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(
		([, path]) => path,
	);
	const named = [
		...page.matchAll(/`((?:src|test|docs|scripts|\.ci)\/[\w./-]*)`/g),
	].map(([, path]) => String(path));
	expect(named.length).toBeGreaterThan(8);
	expect(
		named.filter(
			(path) => !existsSync(join(ROOT, path)) && !added.includes(path),
		),
	).toEqual([]);
});

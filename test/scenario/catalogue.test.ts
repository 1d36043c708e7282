// The catalogue: scenarios by name, folders over folders, files that change while it is used.
import { mkdir, mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { problemLine } from "../../src/scenario/problem.js";
import { refusal, rejection } from "../refusal.js";
import { LEAST } from "./scenario.js";

const root = await mkdtemp(join(tmpdir(), "catalogue-"));
afterAll(() => rm(root, { recursive: true }));
let count = 0;

/** A folder with these files. */
async function folderOf(files: Record<string, string>) {
	const folder = join(root, String(++count));
	await mkdir(folder);
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), text);
	}
	return folder;
}

const titled = (title: string) => LEAST.replace("title: t", `title: ${title}`);

describe("the built-in scenarios", async () => {
	const catalogue = await loadCatalogue([BUILT_IN]);

	test("are without problems, in alphabetical order", () => {
		expect(catalogue.problems()).toEqual([]);
		expect(catalogue.overriding()).toEqual([]);
		const ids = catalogue.all().map(({ id }) => id);
		expect(ids).toEqual([...ids].sort());
		expect(ids).toContain("valid/baseline");
	});

	test.for(["protected-tag", "ref/protected-tag"])(
		"are found by %s",
		(name) => {
			expect(catalogue.find(name).id).toBe("ref/protected-tag");
		},
	);
});

describe("find", async () => {
	const folder = await folderOf({
		"ref/tag.yaml": LEAST,
		"ref/other/tag.yaml": LEAST,
		"time/expired.yaml": LEAST,
		"time/exp-missing.yml": LEAST,
		"alone.yaml": LEAST,
		"README.md": "# not a scenario",
	});
	const catalogue = await loadCatalogue([folder]);

	test.for([
		["ref/tag", "ref/tag"],
		["ref/other/tag", "ref/other/tag"],
		["expired", "time/expired"],
		["exp-missing", "time/exp-missing"],
		["alone", "alone"],
	] as const)("%s is %s", ([name, id]) => {
		expect(catalogue.find(name).id).toBe(id);
	});

	test.for<[string, string]>([
		["tag", '"tag" names several scenarios: ref/other/tag, ref/tag'],
		["expird", 'there is no scenario "expird"; nearest: time/expired'],
		[
			"tim/expired",
			'there is no scenario "tim/expired"; nearest: time/expired',
		],
		["other/tag", 'there is no scenario "other/tag"; nearest: ref/other/tag'],
		["", 'there is no scenario ""; '],
		["constructor", 'there is no scenario "constructor"; list them with: '],
		[
			"x".repeat(999),
			`there is no scenario "${"x".repeat(80)}…"; list them with: `,
		],
	])("%s is refused", ([name, message]) => {
		expect(refusal(() => catalogue.find(name))).toEqual({
			code: "unknown_scenario",
			message: expect.stringMatching(`^${message.replaceAll("/", "\\/")}`),
		});
	});

	test("says that a catalogue is empty", async () => {
		const empty = await loadCatalogue([await folderOf({})]);
		expect(refusal(() => empty.find("a"))).toEqual({
			code: "unknown_scenario",
			message: 'there is no scenario "a"; the catalogue is empty',
		});
	});
});

test("a folder that is not there is an error", async () => {
	const folder = join(root, "nowhere");
	expect(await rejection(loadCatalogue([folder]))).toEqual({
		code: "file",
		message: expect.stringMatching(
			`^cannot read the scenario folder ${folder}: ENOENT`,
		),
	});
});

test("a second folder's scenarios win, and are named", async () => {
	const first = await folderOf({
		"a/one.yaml": titled("first"),
		"a/two.yaml": titled("first"),
	});
	const second = await folderOf({
		"a/two.yaml": titled("second"),
		"a/three.yaml": titled("second"),
	});
	const catalogue = await loadCatalogue([first, second]);
	expect(catalogue.all().map(({ id, title }) => [id, title])).toEqual([
		["a/one", "first"],
		["a/three", "second"],
		["a/two", "second"],
	]);
	expect(catalogue.overriding()).toEqual(["a/two"]);
	const reversed = await loadCatalogue([second, first]);
	expect(reversed.find("a/two").title).toBe("first");
});

test("the problems of all files are told, with their places", async () => {
	const folder = await folderOf({
		"good.yaml": LEAST,
		"bad.yaml": `${LEAST}tokn: {}\nreff: x\n`,
		"Worse.yaml": LEAST,
		"large.yaml": `${LEAST}#`.padEnd(256 * 1024 + 1),
	});
	const catalogue = await loadCatalogue([folder]);
	expect(catalogue.all().map(({ id }) => id)).toEqual(["good"]);
	expect(catalogue.problems().map(problemLine).sort()).toEqual([
		`${folder}/Worse.yaml:1:1: "Worse" cannot be a scenario's id: use kebab-case, such as ref/protected-tag.yaml`,
		`${folder}/bad.yaml:5:1: tokn: unknown key; nearest: token`,
		`${folder}/bad.yaml:6:1: reff: unknown key`,
		`${folder}/large.yaml:1:1: larger than 256 KiB`,
	]);
});

describe("a file that changes", () => {
	async function setting() {
		const builtIn = await folderOf({ "a/one.yaml": titled("built-in") });
		const own = await folderOf({ "a/one.yaml": titled("own") });
		const catalogue = await loadCatalogue([builtIn, own]);
		const file = join(own, "a/one.yaml");
		return {
			catalogue,
			file,
			title: () => catalogue.find("one").title,
			async change(text: string) {
				await writeFile(file, text);
				await catalogue.refresh(own, file);
			},
			async remove() {
				await unlink(file);
				await catalogue.refresh(own, file);
			},
		};
	}

	test("is read anew", async () => {
		const { title, change } = await setting();
		expect(title()).toBe("own");
		await change(titled("changed"));
		expect(title()).toBe("changed");
	});

	test("and is broken: the last good text stays, until it is mended", async () => {
		const { catalogue, file, title, change } = await setting();
		await change(`${titled("broken")}tokn: {}\n`);
		expect(title()).toBe("own");
		expect(catalogue.problems().map(problemLine)).toEqual([
			`${file}:5:1: tokn: unknown key; nearest: token`,
		]);
		await change(titled("mended"));
		expect(title()).toBe("mended");
		expect(catalogue.problems()).toEqual([]);
	});

	test("and is deleted: the built-in one is back", async () => {
		const { catalogue, title, remove } = await setting();
		expect(catalogue.overriding()).toEqual(["a/one"]);
		await remove();
		expect(title()).toBe("built-in");
		expect(catalogue.overriding()).toEqual([]);
	});

	test("and is deleted while broken: its problems go as well", async () => {
		const { catalogue, title, change, remove } = await setting();
		await change("title: [");
		expect(catalogue.problems().length).toBeGreaterThan(0);
		await remove();
		expect(catalogue.problems()).toEqual([]);
		expect(title()).toBe("built-in");
	});

	test("and is new: it is there; one of another kind is not", async () => {
		const folder = await folderOf({});
		const catalogue = await loadCatalogue([folder]);
		for (const name of ["new.yaml", "new.txt", "new.yaml.bak"]) {
			await writeFile(join(folder, name), LEAST);
			await catalogue.refresh(folder, join(folder, name));
		}
		expect(catalogue.all().map(({ id }) => id)).toEqual(["new"]);
		await catalogue.refresh(root, join(folder, "new.yaml")); // a folder that is not among them
		expect(catalogue.all().map(({ id }) => id)).toEqual(["new"]);
	});
});

test("two files with one id: the first counts, the second is a problem", async () => {
	const folder = await folderOf({
		"a.yaml": titled("first"),
		"a.yml": titled("second"),
	});
	const catalogue = await loadCatalogue([folder]);
	expect(catalogue.find("a").title).toBe("first");
	expect(catalogue.problems().map(problemLine)).toEqual([
		`${join(folder, "a.yml")}:1:1: has the same id as ${join(folder, "a.yaml")}`,
	]);
	await unlink(join(folder, "a.yaml"));
	await catalogue.refresh(folder, join(folder, "a.yaml"));
	await catalogue.refresh(folder, join(folder, "a.yml"));
	expect(catalogue.find("a").title).toBe("second");
	expect(catalogue.problems()).toEqual([]);
});

test("one slip does not make thousands of problems", async () => {
	const folder = await folderOf({ "a.yaml": "[".repeat(100_000) });
	const catalogue = await loadCatalogue([folder]);
	expect(catalogue.problems().length).toBeLessThanOrEqual(20);
	expect(catalogue.problems().length).toBeGreaterThan(0);
});

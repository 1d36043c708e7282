// What is no file is refused at once and by name, wherever a file is read: no hang, no end of the process.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProfile } from "../src/check/profile.js";
import { loadCatalogue } from "../src/scenario/catalogue.js";
import { readConfig } from "../src/server/instance/read-config.js";
import { openPipeline } from "../src/server/pipeline/disk.js";
import { startGitLab } from "../src/server/start-gitlab.js";
import { tlsMaterial } from "../src/server/tls.js";
import { readTextFile } from "../src/text-file.js";
import { openKeyFile } from "../src/token/key-file.js";

let folder: string;
const rejections: unknown[] = [];
const catching = (error: unknown) => void rejections.push(error);
beforeAll(async () => {
	process.on("unhandledRejection", catching);
	folder = await mkdtemp(join(tmpdir(), "none-"));
	await mkdir(join(folder, "folder.yaml"));
	execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
	await symlink("/dev/zero", join(folder, "zero.yaml"));
	await symlink("/proc/self/environ", join(folder, "environ.yaml"));
	await symlink("loop.yaml", join(folder, "loop.yaml"));
	await symlink(".", join(folder, "around"));
	await writeFile(join(folder, "good.yaml"), "title: yes");
	await writeFile(join(folder, "empty.yaml"), "");
	await writeFile(join(folder, "large.yaml"), Buffer.alloc(1024 * 1024 + 1));
});
afterAll(async () => {
	process.off("unhandledRejection", catching);
	await rm(folder, { recursive: true });
});

const NONE = ["pipe", "zero", "environ", "loop", "folder"];

const READERS: [string, (file: string) => Promise<unknown>][] = [
	["a text", (file) => readTextFile(file)],
	["keys", openKeyFile],
	["a configuration", readConfig],
	["a profile", readProfile],
	["a pipeline", openPipeline],
	["a certificate", (cert) => tlsMaterial({ cert, key: cert })],
];

describe.for(READERS)("as %s", ([, read]) => {
	test.for(NONE)("%s", async (name) => {
		const file = join(folder, `${name}.yaml`);
		const error = await read(file).catch((thrown) => thrown);
		expect(error).toMatchObject({
			code: "file",
			message: expect.stringContaining(file),
		});
		expect(String(error)).not.toContain("PATH=");
	});

	test("one that is missing, and one that is too large", async () => {
		for (const name of ["missing/x", "large"]) {
			const file = join(folder, `${name}.yaml`);
			await expect(read(file)).rejects.toThrow(file);
		}
	});
});

test("a file is read, and an empty one too", async () => {
	expect(await readTextFile(join(folder, "good.yaml"))).toBe("title: yes");
	expect(await readTextFile(join(folder, "empty.yaml"))).toBe("");
});

test("as a scenario, beside good ones", async () => {
	const catalogue = await loadCatalogue([folder]);
	const files = catalogue.problems().map(({ file }) => file);
	for (const name of ["pipe", "zero", "environ", "loop"]) {
		expect(files).toContain(join(folder, `${name}.yaml`));
	}
	expect(JSON.stringify(catalogue.problems())).not.toContain("PATH=");
});

test("keys that are bad, with TLS, are an error that can be caught", async () => {
	for (const name of ["pipe", "good"]) {
		const keys = join(folder, `${name}.yaml`);
		await expect(startGitLab({ keys, tls: {} })).rejects.toMatchObject({
			message: expect.stringContaining(keys),
		});
	}
	await new Promise(setImmediate);
	expect(rejections).toEqual([]);
});

// A user's scenario folder: it wins, is reread when it changes, and a broken file does no harm.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";

let folder: string;
let gitlab: GitLab;
let reports: string[];

const scenario = (ref: string) => `
title: A branch of our own
expect: policy
why: ours
spec: ["our own"]
job: { ref: ${ref} }
`;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "scenarios-"));
	await mkdir(join(folder, "ref"));
	await writeFile(join(folder, "ref/protected-tag.yaml"), scenario("ours"));
	reports = [];
	gitlab = await startGitLab({
		scenarios: [folder],
		watch: true,
		report: (line) => reports.push(line),
	});
});
afterEach(async () => {
	await gitlab.close();
	await rm(folder, { recursive: true });
});

const health = async () =>
	(await (await fetch(`${gitlab.url}/_mock/health`)).json()) as {
		status: string;
		overriding: string[];
		problems: string[];
	};
const ref = async (name: string) => decodeJwt(await gitlab.token(name)).ref;

test("a file with a built-in id wins, and health says so", async () => {
	expect(await ref("protected-tag")).toBe("ours");
	expect((await health()).overriding).toEqual(["ref/protected-tag"]);
});

test("a changed, a new and a deleted file are picked up", async () => {
	const file = join(folder, "ref/protected-tag.yaml");
	await writeFile(file, scenario("changed"));
	await expect
		.poll(() => ref("protected-tag"), { timeout: 10_000 })
		.toBe("changed");
	await writeFile(join(folder, "ref/brand-new.yml"), scenario("fresh"));
	await expect
		.poll(() => ref("brand-new").catch(() => undefined), { timeout: 10_000 })
		.toBe("fresh");
	await rm(file);
	await expect
		.poll(() => ref("protected-tag"), { timeout: 10_000 })
		.toBe("v1.2.3");
	expect(reports).toEqual([]);
});

test("a broken file is reported, and the last good one stays", async () => {
	const file = join(folder, "ref/protected-tag.yaml");
	await writeFile(file, `${scenario("broken")}tokn: {}\n`);
	await expect
		.poll(async () => (await health()).problems, { timeout: 10_000 })
		.toEqual([`${file}:7:1: tokn: unknown key; nearest: token`]);
	expect(reports).toEqual([
		`${file}:7:1: tokn: unknown key; nearest: token (the last good text stays in use)`,
	]);
	expect(await ref("protected-tag")).toBe("ours");
	expect((await health()).status).toBe("ok");
	await writeFile(file, scenario("mended"));
	await expect
		.poll(() => ref("protected-tag"), { timeout: 10_000 })
		.toBe("mended");
	expect((await health()).problems).toEqual([]);
});

test("nothing but the user's own folder is watched, and no link leads out of it", async () => {
	const watched = () =>
		process
			.getActiveResourcesInfo()
			.filter((resource) => resource === "FSEventWrap").length;
	await gitlab.close();
	await expect.poll(watched).toBe(0);
	await symlink("/proc", join(folder, "proc"));
	await symlink(".", join(folder, "around"));
	await symlink("/dev/zero", join(folder, "zero.yaml"));
	await writeFile(join(folder, "notes.txt"), "");
	gitlab = await startGitLab({ scenarios: [folder], watch: true });
	// the folder, the one in it, and the file
	expect(watched()).toBeLessThanOrEqual(3);
	expect(watched()).toBeGreaterThan(0);
});

test("a file that is deleted leaves its place to the other of the same id", async () => {
	const long = join(folder, "ref/twice.yaml");
	const short = join(folder, "ref/twice.yml");
	await writeFile(long, scenario("long"));
	await expect
		.poll(() => ref("twice").catch(() => undefined), { timeout: 10_000 })
		.toBe("long");
	await writeFile(short, scenario("short"));
	await expect
		.poll(async () => (await health()).problems, { timeout: 10_000 })
		.toEqual([`${short}:1:1: has the same id as ${long}`]);
	await rm(long);
	await expect.poll(() => ref("twice"), { timeout: 10_000 }).toBe("short");
	expect((await health()).problems).toEqual([]);
});

// A user's scenario folder: it wins, is reread when it changes, and a broken file does no harm.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
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
		.toEqual([`${file}:7:1: tokn: unknown key`]);
	expect(reports).toEqual([
		`${file}:7:1: tokn: unknown key (the last good text stays in use)`,
	]);
	expect(await ref("protected-tag")).toBe("ours");
	expect((await health()).status).toBe("ok");
	await writeFile(file, scenario("mended"));
	await expect
		.poll(() => ref("protected-tag"), { timeout: 10_000 })
		.toBe("mended");
	expect((await health()).problems).toEqual([]);
});

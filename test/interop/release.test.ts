// `npm run release` done in a clone: what it leaves to publish, and that it publishes nothing.
import { execFile } from "node:child_process";
import {
	cp,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const execute = promisify(execFile);

let folder: string;
let clone: string;
const run = async (program: string, ...argv: string[]): Promise<string> =>
	(await execute(program, argv, { cwd: clone, maxBuffer: 2 ** 27 })).stdout;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "release-"));
	clone = join(folder, "mock");
	await execute("git", ["clone", "--quiet", "--shared", ROOT, clone]);
	await symlink(join(ROOT, "node_modules"), join(clone, "node_modules"));
	// What is not committed yet is tried as well.
	for (const path of ["package.json", "package-lock.json", "scripts", "src"])
		await cp(join(ROOT, path), join(clone, path), { recursive: true });
	const changelog = await readFile(join(ROOT, "CHANGELOG.md"), "utf8");
	await writeFile(
		join(clone, "CHANGELOG.md"),
		changelog.replace("## Unreleased\n", "## Unreleased\n\n- One more.\n"),
	);
	await run("git", "config", "user.name", "Somebody");
	await run("git", "config", "user.email", "somebody@example.com");
	await run("git", "add", "--all");
	await run("git", "commit", "--quiet", "--message", "As it is");
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

test("a release is a commit, a tag and a folder to publish", {
	timeout: 120_000,
}, async () => {
	const address = "https://gitlab.com/acme/mock";
	const said = await run(
		process.execPath,
		...["scripts/release.mjs", "9.8.7", "--repository", address],
	);
	expect(said).toContain("sh release/9.8.7/publish.sh");
	expect(await run("git", "status", "--porcelain")).toBe("");
	expect((await run("git", "describe")).trim()).toBe("v9.8.7");
	const published = await run("git", "ls-remote", "origin");
	expect(published).not.toContain("v9.8.7");
	expect(published).not.toContain(
		(await run("git", "rev-parse", "HEAD")).trim(),
	);

	const manifest = JSON.parse(await run("git", "show", "v9.8.7:package.json"));
	expect(manifest).toMatchObject({
		version: "9.8.7",
		homepage: `${address}#readme`,
		repository: { url: `git+${address}.git` },
		bugs: { url: `${address}/-/issues` },
	});
	expect(await run("git", "show", "v9.8.7:CHANGELOG.md")).toMatch(
		/^## 9\.8\.7 - \d{4}-\d\d-\d\d\n\n- One more\./m,
	);

	const out = join(clone, "release/9.8.7");
	const name = "gitlab-oidc-mock-9.8.7";
	const sums = await execute("sha256sum", ["--check", "SHA256SUMS"], {
		cwd: out,
	});
	expect(sums.stdout.trim().split("\n").sort()).toEqual(
		[
			`${name}.cdx.json`,
			`${name}.tgz`,
			"gitlab-oidc-mock.mjs",
			"publish.sh",
			"vectors-keys.json",
			"vectors-schema.json",
			"vectors.json",
		].map((file) => `${file}: OK`),
	);
	// With the release's version, here and in the commit.
	const { stdout } = await execute(
		process.execPath,
		["gitlab-oidc-mock.mjs", "--version"],
		{ cwd: out },
	);
	expect(stdout).toBe("9.8.7\n");
	const vectors = await readFile(join(out, "vectors.json"), "utf8");
	expect(JSON.parse(vectors).generator).toBe("gitlab-oidc-mock 9.8.7");
	const committed = "v9.8.7:examples/vectors/vectors.json";
	expect(await run("git", "show", committed)).toBe(vectors);

	const bill = JSON.parse(
		await readFile(join(out, `${name}.cdx.json`), "utf8"),
	);
	expect(bill.bomFormat).toBe("CycloneDX");
	expect(bill.metadata.component.version).toBe("9.8.7");
	const parts = bill.components.map((part: { name: string }) => part.name);
	expect(parts).toEqual(
		expect.arrayContaining(Object.keys(manifest.dependencies)),
	);
	expect(parts).not.toContain("vitest");
	await execute("sh", ["-n", "publish.sh"], { cwd: out });
	const packed = await execute(
		"tar",
		["-xzOf", `${name}.tgz`, "package/package.json"],
		{ cwd: out },
	);
	expect(JSON.parse(packed.stdout).homepage).toBe(`${address}#readme`);

	// The same once more would take the place of what is out.
	await expect(
		run(process.execPath, "scripts/release.mjs", "9.8.7"),
	).rejects.toMatchObject({
		code: 2,
		stderr: expect.stringContaining("there is a tag v9.8.7"),
	});
});

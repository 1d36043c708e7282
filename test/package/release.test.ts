// What `npm run release` would do, and the texts that it writes; test/interop/release.test.ts has it done.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dated, whereabouts } from "../../scripts/release-texts.mjs";

interface Answer {
	code: number;
	stdout: string;
	stderr: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A checkout with something to release, which the project's own has not right behind a release. */
let root: string;
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "release-"));
	for (const path of ["scripts", "package.json"])
		await cp(join(ROOT, path), join(root, path), { recursive: true });
	await writeFile(
		join(root, "CHANGELOG.md"),
		"# Changelog\n\n## Unreleased\n\n- One more.\n",
	);
	const git = (...argv: string[]) =>
		promisify(execFile)("git", ["-C", root, ...argv]);
	await git("init", "--quiet");
	await git(
		...["-c", "user.name=A", "-c", "user.email=a@example.com", "commit"],
		...["--quiet", "--allow-empty", "--message", "As it is"],
	);
});
afterAll(() => rm(root, { recursive: true }));
const release = (...argv: string[]) =>
	promisify(execFile)(process.execPath, ["scripts/release.mjs", ...argv], {
		cwd: root,
	}).then(
		({ stdout }) => ({ code: 0, stdout, stderr: "" }),
		({ code, stdout, stderr }: Answer) => ({ code, stdout, stderr }),
	);

test("a dry run says what would be done and published, and changes nothing", async () => {
	const changelog = readFileSync(`${root}/CHANGELOG.md`, "utf8");
	const manifest = readFileSync(`${root}/package.json`, "utf8");
	const { code, stdout } = await release(
		...["9.8.7", "--dry-run", "--repository", "https://gitlab.com/acme/mock"],
	);
	expect(code).toBe(0);
	const planned = stdout.split("\n").filter((line) => /^would /.test(line));
	expect(planned.length).toBeGreaterThan(5);
	expect(stdout).toContain("Nothing is published.");
	for (const published of [
		'git push origin "v9.8.7"',
		"npm publish ./gitlab-oidc-mock-9.8.7.tgz --access public --tag latest $provenance",
		"--platform linux/amd64,linux/arm64",
		"--label org.opencontainers.image.source='https://gitlab.com/acme/mock'",
		"--provenance mode=max --sbom true",
		"{{ .Manifest.Digest }}",
		"sha256sum --check SHA256SUMS",
	])
		expect(stdout).toContain(published);
	expect(readFileSync(`${root}/CHANGELOG.md`, "utf8")).toBe(changelog);
	expect(readFileSync(`${root}/package.json`, "utf8")).toBe(manifest);
});

test.for([
	[["--dry-run"], /say the version/],
	[["1.0", "--dry-run"], /say the version/],
	[["9.8.7", "--dry-run", "--repository", "acme/mock"], /no https URL/],
] as const)("%j is refused", async ([argv, reason]) => {
	const { code, stderr } = await release(...argv);
	expect(code).toBe(2);
	expect(stderr).toMatch(reason);
});

describe("the changelog", () => {
	const head = "# Changelog\n\nThe form.\n\n";
	test("gets the version and the day", () => {
		const text = `${head}## Unreleased\n\n### Added\n\n- a\n\n## 0.1.0 - 2026-01-01\n\n- b\n`;
		expect(dated(text, "0.2.0", "2026-11-24")).toBe(
			`${head}## Unreleased\n\n## 0.2.0 - 2026-11-24\n\n### Added\n\n- a\n\n## 0.1.0 - 2026-01-01\n\n- b\n`,
		);
		expect(dated(`${head}## Unreleased\n\n- a\n`, "0.2.0", "d")).toContain(
			"## 0.2.0 - d\n\n- a\n",
		);
	});

	test.for([
		"## Unreleased\n\n## 0.1.0 - 2026-01-01\n\n- b\n",
		"## Unreleased\n",
		"## 0.1.0 - 2026-01-01\n\n- b\n",
	])("%j has nothing to release", (text) => {
		expect(dated(head + text, "0.2.0", "2026-11-24")).toBeUndefined();
	});
});

test.for([
	["https://gitlab.com/acme/mock", "https://gitlab.com/acme/mock/-/issues"],
	[
		"git+https://github.com/acme/mock.git",
		"https://github.com/acme/mock/issues",
	],
	[
		"https://git.acme.test:8443/a/b/mock/",
		"https://git.acme.test:8443/a/b/mock/-/issues",
	],
] as const)("%s has its pages", ([repository, issues]) => {
	const places = whereabouts(repository);
	expect(places?.bugs.url).toBe(issues);
	expect(places?.homepage).toMatch(/mock#readme$/);
	expect(whereabouts(String(places?.repository.url))).toEqual(places);
});

test("a version for a few is not what everybody gets", async () => {
	const { stdout } = await release(
		...["9.8.7-rc.1", "--dry-run", "--repository", "https://gitlab.com/a/b"],
	);
	expect(stdout).toContain("--access public --tag next ");
	expect(stdout).toContain('--tag "$IMAGE:next"');
	expect(stdout).not.toContain("latest");
});

// CONTRIBUTING's claim and command in a copy of the sources: both patches together compile, and do what the page says.
import { execFileSync } from "node:child_process";
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGitLab } from "../../src/index.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let copy: string;

beforeAll(() => {
	copy = mkdtempSync(join(tmpdir(), "contributing-"));
	for (const part of ["src", "scenarios", "package.json", "tsconfig.json"])
		cpSync(join(ROOT, part), join(copy, part), { recursive: true });
	symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
	mkdirSync(join(copy, ".git")); // or git would look for the repository around it
	const page = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
	const patches = [...page.matchAll(/^```diff\n(.*?)^```$/gms)];
	expect(patches).toHaveLength(2);
	for (const [, patch] of patches)
		execFileSync("git", ["apply", "-"], { cwd: copy, input: patch });
	execFileSync(
		process.execPath,
		[join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"],
		{ cwd: copy, encoding: "utf8" },
	);
}, 120_000);
afterAll(() => rmSync(copy, { recursive: true }));

const ours = (path: string) =>
	import(pathToFileURL(join(copy, "dist", path)).href);

test("the claim is in tokens from its version on, behind job_id, and known by its name", async () => {
	const { claimsOf } = await ours("gitlab/claims.js");
	const { isClaimName } = await ours("gitlab/claim-names.js");
	const { baselineJob } = await ours("scenario/baseline.js");
	const job = { ...baselineJob("valid/baseline"), timeout: 3600 };
	const issuance = {
		issuer: "https://gitlab.test",
		plan: "ultimate",
		audience: "https://rp.example.com",
		issuedAt: 1,
		jti: "1",
	};
	const [before, after] = ["18.7", "18.8"].map((version) =>
		claimsOf(job, { ...issuance, version }),
	);
	expect(before).not.toHaveProperty("job_timeout");
	expect(after).toEqual({ ...before, job_timeout: 3600 });
	const names = Object.keys(after);
	expect(names.indexOf("job_timeout")).toBe(names.indexOf("job_id") + 1);
	expect(isClaimName("job_timeout")).toBe(true);
});

test("the command prints the issuer of a running server", async () => {
	await using gitlab = await startGitLab();
	const { run } = await ours("cli/run.js");
	const printed = { stdout: "", stderr: "" };
	const output = (name: keyof typeof printed) => ({
		write(text: string) {
			printed[name] += text;
		},
	});
	const code = await run(["issuer", "--server", gitlab.url], {
		stdout: output("stdout"),
		stderr: output("stderr"),
		stdin: (async function* () {})(),
		env: {},
	});
	expect({ code, ...printed }).toEqual({
		code: 0,
		stdout: `${gitlab.issuer}\n`,
		stderr: "",
	});
});

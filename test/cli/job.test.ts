// `job`: a token read back, from a file or standard input, and held against what is made here.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type GitLab, startGitLab } from "../../src/index.js";
import { command, execute } from "./command.js";

let folder: string;
let gitlab: GitLab;
let file: string;
let token: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "job-"));
	gitlab = await startGitLab({ gitlabVersion: "18.4" });
	const baseline = { project: { path: "acme/app", id: 22 }, ref: "release/7" };
	token = (await gitlab.mint("environment/production-tier", { baseline }))
		.token;
	file = join(folder, "token");
	await writeFile(file, `${token}\n`);
});
afterAll(async () => {
	await gitlab.close();
	await rm(folder, { recursive: true });
});

test("writes a job that makes the same claims", async () => {
	const { code, stdout, stderr } = await command(["job", "--from-token", file]);
	expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
	expect(stdout).toContain("GitLab 18.4 to 18.");
	expect(stdout).not.toContain(token.split(".")[2]);
	const { job, issuer } = parse(stdout);
	await using other = await startGitLab({
		issuer: gitlab.issuer,
		gitlabVersion: issuer.gitlab_version,
	});
	const made = await other.mint("valid/baseline", { baseline: job });
	const said = await gitlab.mint("environment/production-tier", {
		baseline: { project: { path: "acme/app", id: 22 }, ref: "release/7" },
	});
	const { jti: _, iat, nbf, exp, aud, ...claims } = made.claims;
	expect(said.claims).toMatchObject(claims);
});

test("says what is otherwise, and what is not", async () => {
	const same = await command(["job", "--from-token", file, "--compare"]);
	expect(same.code).toBe(0);
	expect(same.stdout).toContain("every claim is the same");
	const [header, payload] = token.split(".");
	const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
	const changed = {
		...claims,
		project_visibility: "public",
		moon: "full\u001b[2J",
	};
	const other = join(folder, "other");
	const body = Buffer.from(JSON.stringify(changed)).toString("base64url");
	await writeFile(other, `${header}.${body}.c2ln`);
	const { code, stdout } = await command([
		...["job", "--from-token", other, "--compare"],
	]);
	expect(code).toBe(1);
	expect(stdout).toMatch(
		/^moon: the token has "full.*", here it is no such claim$/m,
	);
	expect(stdout).not.toContain("\u001b");
	expect(stdout).not.toContain("project_visibility");
});

test("leaves no name when it is told to", async () => {
	const { stdout } = await execute([
		...["job", "--from-token", file, "--json", "--anonymize"],
	]);
	expect(stdout).not.toMatch(/acme|release\/7|sample-user/);
	expect(JSON.parse(stdout).differences).toEqual([]);
});

test.for([
	["three words, no token", "this is no ID token of GitLab's"],
	["", "this is no ID token of GitLab's"],
	["eyJhbGciOiJub25lIn0.e30.", "project_id"],
] as const)("%j is refused", async ([text, reason]) => {
	const bad = join(folder, "bad");
	await writeFile(bad, text);
	const { code, stderr, stdout } = await command(["job", "--from-token", bad]);
	expect(code).toBe(2);
	expect(stdout).toBe("");
	expect(stderr).toMatch(new RegExp(`${reason}|not the claims of a CI/CD job`));
});

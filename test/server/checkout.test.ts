// What git says of a checkout: with and without a commit, a branch, a tag, and the remote's default branch.
import { execFileSync } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
	findCheckout,
	findCommit,
} from "../../src/server/pipeline/checkout.js";

let folder: string;
beforeAll(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), "checkout-")));
	vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
	vi.stubEnv("GIT_CONFIG_SYSTEM", "/dev/null");
	vi.stubEnv("GIT_CEILING_DIRECTORIES", tmpdir());
});
afterAll(async () => {
	vi.unstubAllEnvs();
	await rm(folder, { recursive: true });
});

const git = (...args: string[]) =>
	execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" }).trim();

test("is told as far as there is one", async () => {
	expect(await findCheckout(folder)).toEqual({ root: undefined, checkout: {} });

	git("init", "--quiet", "--initial-branch", "refs/heads/a");
	expect(await findCommit(folder)).toBeUndefined();
	const unborn = { ref: "refs/heads/a", ref_type: "branch" };
	expect(await findCheckout(folder)).toEqual({
		root: folder,
		checkout: unborn,
	});

	const user = ["-c", "user.name=jane", "-c", "user.email=jane@acme.test"];
	git(...user, "commit", "--quiet", "--allow-empty", "--message", "first");
	const sha = git("rev-parse", "HEAD");
	expect((await findCheckout(folder)).checkout).toEqual({ ...unborn, sha });

	expect(await findCommit(folder)).toEqual({
		author: "jane <jane@acme.test>",
		timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
		message: "first",
	});

	git("update-ref", "refs/remotes/origin/trunk", "HEAD");
	const origin = "refs/remotes/origin";
	git("symbolic-ref", `${origin}/HEAD`, `${origin}/trunk`);
	git("checkout", "--quiet", "-b", "feature/x");
	expect((await findCheckout(folder)).checkout).toEqual({
		ref: "feature/x",
		ref_type: "branch",
		sha,
		default_branch: "trunk",
	});

	git("checkout", "--quiet", "--detach");
	const detached = { sha, default_branch: "trunk" };
	expect((await findCheckout(folder)).checkout).toEqual(detached);
	git("tag", "v1");
	expect((await findCheckout(folder)).checkout).toEqual({
		...detached,
		ref: "v1",
		ref_type: "tag",
	});
});

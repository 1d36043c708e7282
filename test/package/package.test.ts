// The packed tarball, installed into an empty folder: as a library with its types, and as a command.
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { packed, unpacked } from "./install.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const execute = promisify(execFile);
const run = (command: string, argv: string[], cwd: string) =>
	execute(command, argv, {
		cwd,
		timeout: 120_000,
		env: { ...process.env, NODE_ENV: "test" },
	});

/** Compilers, runners and npm: processes of some seconds each, which other tests run beside. */
const PATIENT = { timeout: 60_000 };

let folder: string;
let files: string[];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "package-"));
	const { tarball, files: listed } = await packed(folder);
	files = listed;
	await writeFile(
		join(folder, "package.json"),
		JSON.stringify({ type: "module", private: true }),
	);
	await unpacked(folder, tarball);
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

test("has what it runs on, and nothing else", () => {
	const tops = new Set(files.map((path) => path.split("/")[0]));
	const missing: string[] = [];
	expect([...tops].sort()).toEqual([
		"CHANGELOG.md",
		"CONTRIBUTING.md",
		"LICENSE",
		"README.md",
		"SECURITY.md",
		"dist",
		"docs",
		"examples",
		"package.json",
		"scenarios",
		"schemas",
		"src",
		"templates",
	]);
	expect(files).toContain("dist/index.d.ts.map");
	expect(files).toContain("scenarios/valid/baseline.yaml");
	const tests = files.filter((path) => path.includes(".test."));
	expect(tests).toEqual(["examples/testcontainers/gitlab.test.ts"]); // a recipe
	// What the pages link to is there beside it.
	const pages = files.filter((path) => /^(README|docs\/.*)\.md$/.test(path));
	for (const page of pages) {
		const text = readFileSync(join(root, page), "utf8");
		for (const [, path = ""] of text.matchAll(
			/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g,
		)) {
			const target = posix.join(posix.dirname(page), path);
			const found = files.some(
				(file) => file === target || file.startsWith(`${target}/`),
			);
			if (!found) missing.push(`${page}: ${path}`);
		}
	}
	expect(missing).toEqual([]);
});

test("has the source of everything that is built, and nothing that is not", async () => {
	// The command is a bundle, which has its own files.
	const sources = files.flatMap((path) =>
		/^src\/(?!cli\/).*\.ts$/.test(path)
			? [path.slice("src/".length, -".ts".length)]
			: [],
	);
	const built = sources.flatMap((name) =>
		[".js", ".js.map", ".d.ts", ".d.ts.map"].map((end) => `dist/${name}${end}`),
	);
	built.push("dist/scenario/built-in.json"); // the scenarios, read and checked
	const [bundle, rest] = ["dist/cli/", "dist/"].map((start) =>
		files.filter((path) => path.startsWith(start)),
	);
	expect(rest?.filter((path) => !bundle?.includes(path)).sort()).toEqual(
		built.sort(),
	);
	expect(bundle).toEqual(
		expect.arrayContaining(["dist/cli/main.js", "dist/cli/LICENSES.txt"]),
	);
	expect(bundle?.filter((path) => !/\.(js|txt)$/.test(path))).toEqual([]);
	const licenses = await readFile(join(root, "dist/cli/LICENSES.txt"), "utf8");
	for (const name of ["commander", "koa", "node-jose", "zod"])
		expect(licenses).toMatch(
			new RegExp(`^${name} \\d.*\\((MIT|Apache-2.0)\\)$`, "m"),
		);
	const installed = join(folder, "node_modules/gitlab-oidc-mock");
	for (const path of files.filter((file) => file.endsWith(".map"))) {
		const map = JSON.parse(await readFile(join(installed, path), "utf8"));
		const paths = map.sources.map((source: string) =>
			posix.join(posix.dirname(path), map.sourceRoot ?? "", source),
		);
		expect(files).toEqual(expect.arrayContaining(paths));
	}
});

/** What the blocks of the pages take as there. */
const AROUND = `
declare function startMyService(options: { issuer: string; audience: string }): Promise<unknown>;
declare const gitlab: import("gitlab-oidc-mock").GitLab;
`;

/** The pages' blocks of TypeScript, but those for test runners, which test/interop/runners.test.ts runs. */
function blocksForTypes(): string[] {
	const pages = ["README.md", ...files.filter((path) => /^docs\//.test(path))];
	const blocks = pages
		.filter((page) => page !== "docs/tests.md")
		.flatMap((page) => [
			...readFileSync(join(root, page), "utf8").matchAll(
				/^```ts\n(.*?)^```$/gms,
			),
		])
		.map(([, block]) => block as string);
	expect(blocks.length).toBeGreaterThan(2);
	return blocks;
}

test("is a library, with types", PATIENT, async () => {
	await writeFile(
		join(folder, "use.ts"),
		`import { type Finding, type GitLab, MockError, type ScenarioName, startGitLab, verifyToken } from "gitlab-oidc-mock";
import schema from "gitlab-oidc-mock/schema.json" with { type: "json" };

const name: ScenarioName = "ref/protected-tag";
const gitlab: GitLab = await startGitLab({ gitlabVersion: "17.11" });
const token: string = await gitlab.token(name, { aud: ["a"], job: { ref: { append: "-rc1" } } });
const findings: Finding[] = verifyToken(token, {
	issuer: gitlab.issuer,
	audience: "a",
	keys: gitlab.keys.jwks.keys,
	now: Date.now() / 1000,
});
// @ts-expect-error a job has no such member
await gitlab.token(name, { job: { reff: "x" } }).catch((error: unknown) => {
	if (!(error instanceof MockError) || error.code !== "invalid_request") throw error;
});
// @ts-expect-error a misspelt scenario
await gitlab.token("ref/protected-tga").catch(() => undefined);
await gitlab.token("near/prefix:project_path");
for (const { id } of gitlab.scenarios.slice(0, 1)) await gitlab.token(id);
// @ts-expect-error a misspelt way
await gitlab.token("near/prefx:project_path").catch(() => undefined);
gitlab.next("expired", "time/expired");
// @ts-expect-error of several one
if (Math.random() > 2) gitlab.next("expired", "time/expird");
const other = (): Promise<GitLab<"deploy/mine">> => startGitLab<"deploy/mine">({ scenarios: ["mine"] });
const ours = async () => (await other()).token("deploy/mine");
// @ts-expect-error one's own, misspelt
const wrong = async () => (await other()).token("deploy/mina");
gitlab.clock.advance("5m");
await gitlab.close();
console.log(JSON.stringify({ findings, title: schema.title }));
`,
	);
	const shown = blocksForTypes();
	for (const [index, block] of shown.entries())
		await writeFile(
			join(folder, `shown-${index}.ts`),
			`${block}\nexport {};\n`,
		);
	await writeFile(join(folder, "around.d.ts"), AROUND);
	await writeFile(
		join(folder, "tsconfig.json"),
		JSON.stringify({
			compilerOptions: {
				module: "NodeNext",
				target: "ES2022",
				lib: ["ES2023", "ESNext.Disposable"],
				strict: true,
				exactOptionalPropertyTypes: true,
				resolveJsonModule: true,
				skipDefaultLibCheck: true, // TypeScript's own declarations are not ours to check
				types: ["node"],
			},
			files: [
				...["use.ts", "around.d.ts"],
				...shown.map((_, index) => `shown-${index}.ts`),
			],
		}),
	);
	// The compiler and Node's types are the user's own: borrowed here.
	const borrowed = join(folder, "node_modules", "@types");
	await mkdir(borrowed, { recursive: true });
	await symlink(join(root, "node_modules/@types/node"), join(borrowed, "node"));
	const tsc = join(root, "node_modules/typescript/bin/tsc");
	const compiled = await run(
		process.execPath,
		[tsc, "-p", folder, "--singleThreaded"], // each of its threads would check Node's types
		folder,
	).catch((error) => error);
	expect(compiled.stdout).toBe("");
	const { stdout } = await run(process.execPath, ["use.js"], folder);
	expect(JSON.parse(stdout)).toEqual({
		findings: [],
		title: "A scenario of gitlab-oidc-mock",
	});
});

test(
	"serves suites of Node's own runner by the recipe of docs/tests.md",
	PATIENT,
	async () => {
		const page = await readFile(join(root, "docs/tests.md"), "utf8");
		const recipe =
			/let server, gitlab;\n[\s\S]*?(?=\n```)/.exec(page)?.[0] ?? "";
		expect(recipe).toContain("beforeEach");
		await writeFile(
			join(folder, "recipe.test.js"),
			`import { before as beforeAll, beforeEach, afterEach, after as afterAll, test } from "node:test";
import assert from "node:assert";
import { startGitLab } from "gitlab-oidc-mock";
${recipe}
const issuers = new Set();
for (const name of ["one", "two"]) {
	test(name, async () => {
		issuers.add(gitlab.issuer);
		gitlab.clock.freeze(1000);
		assert.equal((await gitlab.mint()).claims.iat, 1000);
	});
}
test("each had its own", () => assert.equal(issuers.size, 2));
`,
		);
		const { stdout } = await run(
			process.execPath,
			["--test", "--test-reporter=tap", "recipe.test.js"],
			folder,
		);
		expect(stdout).toMatch(/^# pass 3$/m);
		expect(stdout).toMatch(/^# fail 0$/m);
	},
);

test("has a fixture for vitest", PATIENT, async () => {
	// The runner is the user's own: borrowed here.
	const borrowed = join(folder, "node_modules/vitest");
	await symlink(join(root, "node_modules/vitest"), borrowed);
	await writeFile(
		join(folder, "fixture.test.js"),
		`import { expect } from "vitest";
import { test } from "gitlab-oidc-mock/vitest";
test("has a GitLab of its own", async ({ gitlab }) => {
	expect((await gitlab.mint()).claims.iss).toBe(gitlab.issuer);
});
`,
	);
	const vitest = join(borrowed, "vitest.mjs");
	const argv = [vitest, "run", "--reporter=json", "fixture.test.js"];
	const { stdout } = await run(process.execPath, argv, folder);
	expect(JSON.parse(stdout)).toMatchObject({
		numPassedTests: 1,
		numTotalTests: 1,
	});
});

test("is a command", PATIENT, async () => {
	const name = "gitlab-oidc-mock";
	const { stdout: version } = await run(
		"npx",
		["--no-install", name, "--version"],
		folder,
	);
	expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
	const command = (...argv: string[]) =>
		run(join(folder, "node_modules/.bin", name), argv, folder);
	await command("keys", "--new", "keys.json");
	const { stdout } = await command(
		"token",
		"protected-tag",
		"--keys",
		"keys.json",
		"--issuer",
		"https://gl.test",
	);
	expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
});

test("is a server that says when it is ready", PATIENT, async () => {
	const command = join(folder, "node_modules/.bin/gitlab-oidc-mock");
	const server = spawn(command, ["serve", "--port", "0", "--json"], {
		cwd: folder,
		stdio: ["ignore", "pipe", "inherit"],
	});
	onTestFinished(() => void server.kill("SIGKILL"));
	const ended = new Promise((resolve) => server.once("exit", resolve));
	const line = await new Promise<string>((resolve, reject) => {
		server.stdout.once("data", (chunk) => resolve(String(chunk)));
		server.once("error", reject);
		void ended.then((code) => reject(new Error(`it ended with ${code}`)));
	});
	const { url } = JSON.parse(line);
	const { stdout } = await run(command, ["healthcheck", url], folder);
	expect(stdout).toBe("ready\n");
	const token = await fetch(`${url}/_mock/token/protected-tag`);
	expect(await token.text()).toMatch(/^[\w-]+\.[\w-]+\./);
	server.kill("SIGTERM");
	expect(await ended).toBe(0);
	await expect(run(command, ["healthcheck", url], folder)).rejects.toThrow(
		"not ready",
	);
});

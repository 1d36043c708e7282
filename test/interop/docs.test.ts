// Every command that the README, the pages of docs and the help show, one after another in a folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import {
	chmod,
	copyFile,
	mkdir,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLES } from "../../src/cli/examples.js";
import { type GitLab, startGitLab } from "../../src/index.js";
import { openKeyFile } from "../../src/token/key-file.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What is not run here: the program cannot be had, or it is the project's own script, or another test runs it. */
const ELSEWHERE: readonly [RegExp, string][] = [
	[/^npm (ci|run|test)/, ".ci/run has the scripts"],
	[
		/^docker /,
		"test/image builds and runs the image, examples/compose.yaml too",
	],
	[
		/^(aws|az) /,
		"the clouds' own commands, of which test/presets has what they print",
	],
	[
		/^gitlab-oidc-mock check --(aws|gcp|azure|kubernetes) /,
		"test/presets asks services of its own",
	],
	[/^node gitlab-oidc-mock\.mjs /, "test/interop/single-file.test.ts"],
	[/^(python3 -m pytest|go test)$/, "test/interop/recipes.test.ts"],
	[/^gitlab-ci-local /, "test/interop/gitlab-ci-local.test.ts"],
	[/^gitlab-oidc-mock serve --replica /, "test/interop/replicas.test.ts"],
	[
		/^gitlab-oidc-mock serve --(port|tls|gitlab-version) /,
		"it runs until it is stopped: test/cli/serve.test.ts",
	],
];
/** Chapters that a test of their own runs. */
const CHAPTERS = [/^## HashiCorp Vault and OpenBao\n.*/ms];

interface Shown {
	command: string;
	output: string;
}

/** The commands of a page, each with what is shown behind it. */
function shownIn(page: string): Shown[] {
	let text = readFileSync(join(ROOT, page), "utf8");
	for (const chapter of CHAPTERS) text = text.replace(chapter, "");
	const blocks = [...text.matchAll(/^```console\n(.*?)^```$/gms)];
	return blocks.flatMap(([, block = ""]) =>
		block
			.split(/^\$ /m)
			.slice(1)
			.map((part) => {
				const lines = part.trimEnd().split("\n");
				// What follows an open pipe or a backslash is of the command still.
				let last = 0;
				while (/[|\\]$/.test(lines[last] ?? "")) last += 1;
				return {
					command: lines.slice(0, last + 1).join("\n"),
					output: lines.slice(last + 1).join("\n"),
				};
			}),
	);
}

const HELP = "each --help";

/** The examples in the help of each command. */
const examples = (): Shown[] =>
	Object.entries(EXAMPLES).flatMap(([, lines]) =>
		lines.map(([line]) => ({
			command: `gitlab-oidc-mock ${line}`,
			output: "",
		})),
	);

const elsewhere = ({ command }: Shown) =>
	ELSEWHERE.some(([pattern]) => pattern.test(command));

const SERVER = `
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URI, PORT } = process.env;
const keys = createRemoteJWKSet(new URL(OIDC_JWKS_URI));
createServer(async ({ headers }, response) => {
	const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
	const { payload } = await jwtVerify(token, keys, {
		issuer, audience, algorithms: ["RS256"], requiredClaims: ["exp", "iat", "sub", "jti"],
	}).catch(() => ({ payload: {} }));
	response.writeHead(payload.project_path === "my-group/my-project" ? 200 : 401).end();
}).listen(Number(PORT), "127.0.0.1");
`;

const PIPELINE = `
spec:
  inputs:
    environment: { default: production }
---
deploy:
  environment: $[[ inputs.environment ]]
  id_tokens:
    VAULT_ID_TOKEN: { aud: "https://vault.example.com" }
  script: ./deploy
`;

let around: string; // what the pages call ..
let folder: string;
let gitlab: GitLab;

beforeAll(async () => {
	gitlab = await startGitLab({ audience: "https://rp.example.com" });
});
afterAll(() => gitlab.close());

async function makeFolder() {
	around = await mkdtemp(join(tmpdir(), "docs-"));
	for (const name of ["templates", "components"])
		await mkdir(join(around, name));
	folder = join(around, "project");
	await mkdir(folder);
	const file = (name: string, text: string) =>
		writeFile(join(folder, name), text);
	await file("package.json", '{ "type": "module" }');
	await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
	await file("server.js", SERVER);
	for (const copy of ["ci.yml", "Build.gitlab-ci.yml"])
		await file(copy, "build: { script: make }\n");
	const aud = "https://vault.example.com";
	await file("token.txt", await gitlab.token("valid/baseline", { aud }));
	await file(".gitlab-ci.yml", PIPELINE);
	await copyFile(
		join(ROOT, "examples/relying-parties/rp.sh"),
		join(folder, "verify.sh"),
	);
	await file(
		"gitlab-oidc-mock",
		`#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "dist/cli/main.js")}" "$@"\n`,
	);
	for (const name of ["verify.sh", "gitlab-oidc-mock"])
		await chmod(join(folder, name), 0o755);
}

/** What each command printed, and its exit code. */
async function runAll(commands: readonly string[]) {
	const { port } = new URL(gitlab.url);
	const script = commands
		.map((command, index) => {
			const here = command
				.replaceAll(":8080", `:${port}`)
				// A check of everything takes long, and test/check has it: here its options are what counts.
				.replaceAll(
					/gitlab-oidc-mock check (?!--init)(?!.*--quick)/g,
					"$&--quick ",
				)
				.replaceAll(
					/gitlab-oidc-mock check (?!.*--(?:only|init))/g,
					"$&--only time/expired ",
				);
			return `{ ${here.trimEnd()}\n} > out${index} 2> err${index}; echo $? > code${index}`;
		})
		.join("\n");
	const child = spawn("bash", ["-c", script], {
		cwd: folder,
		stdio: "ignore",
		env: {
			PATH: `${folder}:${process.env.PATH}`,
			HOME: folder,
			GITLAB_OIDC_MOCK_SERVER: gitlab.url,
			GITLAB_OIDC_MOCK_PORT: port,
			TOKEN: await gitlab.token(),
			ALLOWED_PROJECT: "my-group/my-project",
		},
	});
	await once(child, "close");
	const read = (name: string) => readFile(join(folder, name), "utf8");
	return Promise.all(
		commands.map(async (command, index) => ({
			command,
			code: Number(await read(`code${index}`)),
			out: await read(`out${index}`),
			err: await read(`err${index}`),
		})),
	);
}

const pages = [
	"README.md",
	"CONTRIBUTING.md",
	...readdirSync(join(ROOT, "docs"))
		.filter((name) => name.endsWith(".md"))
		.map((name) => `docs/${name}`),
];
const toRun = new Map(
	[
		...pages.map((page) => [page, shownIn(page)] as const),
		[HELP, examples()] as const,
	].map(([page, shown]) => [page, shown.filter((one) => !elsewhere(one))]),
);

test("what is run elsewhere is shown somewhere", () => {
	const all = [...pages.flatMap(shownIn), ...examples()];
	for (const [pattern] of ELSEWHERE)
		expect(
			all.some(({ command }) => pattern.test(command)),
			`${pattern}`,
		).toBe(true);
	expect([...toRun.values()].flat().length).toBeGreaterThan(15);
});

test.for([...toRun].filter(([, shown]) => shown.length > 0))(
	"the commands of %s",
	{ timeout: 120_000 },
	async ([page, shown]) => {
		await makeFolder();
		if (page === HELP) await openKeyFile(join(folder, "keys.json"));
		try {
			const ran = await runAll(shown.map(({ command }) => command));
			expect(ran.filter(({ code }) => code !== 0)).toEqual([]);
			for (const [index, { output }] of shown.entries()) {
				const { out = "", err = "" } = ran[index] ?? {};
				// "…" is what is left out.
				const parts = output
					.split("…")
					.map((part) => part.replaceAll(/\s+/g, " ").trim());
				const printed = (out + err).replaceAll(/\s+/g, " ");
				for (const part of parts) expect(printed).toContain(part);
				const command = shown[index]?.command ?? "";
				if (/gitlab-oidc-mock check (?!--init$|.*--report)/.test(command))
					expect(out).toMatch(/NO FINDINGS|CONFORMS/);
			}
		} finally {
			await rm(around, { recursive: true });
		}
	},
);

// gitlab-ci-local runs a job on this machine, with the ID tokens that GitLab would have given to it.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../src/index.js";
import type { Later } from "./cases.js";
import { makeFolder, start } from "./program.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const GITLAB_CI_LOCAL = fileURLToPath(
	import.meta.resolve("gitlab-ci-local/dist/index.js"),
);
const FROM = "git and rsync, which gitlab-ci-local calls";
const AUDIENCE = "https://vault.example.com";

const ends: Parameters<Later>[0][] = [];
const later: Later = (end) => void ends.push(end);
let gitlab: GitLab;
let home: string;
let service: { url: string; verdicts: string[]; accepted: JWTPayload[] };

beforeEach(async () => {
	gitlab = await startGitLab();
	later(gitlab.close);
	service = await startService();
	home = await makeFolder(later);
	const files = {
		"login.mjs": `const answer = await fetch(process.env.SERVICE_URL, {
	headers: { Authorization: \`Bearer \${process.env.VAULT_ID_TOKEN}\` },
});
console.log(await answer.text());
process.exitCode = answer.ok ? 0 : 1;
`,
		".gitlab-ci.yml": `variables:
  SERVICE_URL: ${service.url}
.login:
  script:
    - '"$NODE" login.mjs'
deploy:
  extends: .login
  environment: production
  timeout: 10m
  id_tokens:
    VAULT_ID_TOKEN:
      aud: ${AUDIENCE}
elsewhere:
  extends: .login
  id_tokens:
    VAULT_ID_TOKEN:
      aud: https://elsewhere.example.com
`,
	};
	for (const [name, text] of Object.entries(files)) {
		await writeFile(join(home, name), text);
	}
	await program("git", "init", "--quiet", "--initial-branch", "main");
	await program("git", "config", "user.name", "jane");
	await program("git", "config", "user.email", "jane@acme.test");
	await program(
		"git",
		"remote",
		"add",
		"origin",
		"git@gitlab.acme.test:acme/app.git",
	);
	await program("git", "add", ".");
	await program("git", "commit", "--quiet", "--message", "first");
});
afterEach(async () => {
	for (const end of ends.splice(0).reverse()) await end();
});

/** Trusts tokens of `gitlab` for its own audience, on the protected branch. */
async function startService() {
	const keys = createRemoteJWKSet(
		new URL(`${gitlab.url}/oauth/discovery/keys`),
	);
	const verdicts: string[] = [];
	const accepted: JWTPayload[] = [];
	const app = express();
	app.get("/", async (request, response) => {
		const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
		try {
			const { payload } = await jwtVerify(token, keys, {
				issuer: gitlab.issuer,
				audience: AUDIENCE,
				requiredClaims: ["exp"],
			});
			verdicts.push("welcome");
			accepted.push(payload);
			response.send("welcome");
		} catch (error) {
			if (!(error instanceof errors.JOSEError)) throw error;
			verdicts.push(error.message);
			response.status(401).send(error.message);
		}
	});
	const server = app.listen(0, "127.0.0.1");
	later(async () => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	});
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/`, verdicts, accepted };
}

/** Runs a program in the project to its end, and gives what it printed. */
async function program(
	command: string,
	...args: string[]
): Promise<{ code: number; output: string }> {
	const running = start(command, args, {
		from: FROM,
		home,
		later,
		env: { NODE: process.execPath },
	});
	const code = await running.exit();
	return { code, output: running.output() };
}

/** The recipe of docs/pipelines.md. */
async function runJob(job: string) {
	const tokens = await program(
		process.execPath,
		MAIN,
		"jobs",
		".gitlab-ci.yml",
		job,
		"--format",
		"gitlab-ci-local",
		"--server",
		gitlab.url,
	);
	expect(tokens).toMatchObject({
		code: 0,
		output: expect.stringMatching(/^VAULT_ID_TOKEN: "eyJ[\w.-]+"\n$/),
	});
	await writeFile(join(home, "id-tokens.yml"), tokens.output);
	return program(
		process.execPath,
		GITLAB_CI_LOCAL,
		"--variables-file",
		"id-tokens.yml",
		job,
	);
}

test("hands a job its ID token, and the service lets it in", async () => {
	const { code, output } = await runJob("deploy");
	expect(service.verdicts, output).toEqual(["welcome"]);
	expect(service.accepted).toMatchObject([
		{
			aud: AUDIENCE,
			project_path: "acme/app",
			ref: "main",
			user_login: "jane",
			environment: "production",
			deployment_tier: "production",
		},
	]);
	expect(output).toContain("welcome");
	expect(code).toBe(0);
});

test("hands a job no token for another audience than its own", async () => {
	const { code, output } = await runJob("elsewhere");
	expect(service.verdicts, output).toEqual(['unexpected "aud" claim value']);
	expect(code).not.toBe(0);
});

test("has no ID tokens of its own", async () => {
	const { code } = await program(process.execPath, GITLAB_CI_LOCAL, "deploy");
	expect(service.verdicts).toEqual(["Invalid Compact JWS"]);
	expect(code).not.toBe(0);
});

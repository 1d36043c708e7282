// jobs: from a pipeline file to tokens, in a checkout and without, by a server and by a key file.
import { execFile, execFileSync } from "node:child_process";
import {
	mkdir,
	mkdtemp,
	realpath,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { dotenvQuoted } from "../../src/cli/job-output.js";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";
import { shellWord } from "../../src/shell-word.js";
import { rejection } from "../refusal.js";
import { command, execute, MAIN } from "./command.js";

const run = promisify(execFile);

let gitlab: GitLab;
let folder: string;
let file: string;
let server: string[];
let nobody: string;

const PIPELINE = `include: /ci/*.yml
variables: { VAULT_URL: https://vault.example.com }
default: { id_tokens: { SIGSTORE_ID_TOKEN: { aud: sigstore } } }
build: { script: make }
deploy:
  extends: .deploy
  environment: review/$CI_COMMIT_REF_SLUG
  script: make deploy
stop:
  extends: .deploy
  environment: { name: production, action: stop }
  script: make stop
lint: { script: make lint, id_tokens: {} }
`;
const INCLUDED = `.deploy:
  timeout: 10m
  id_tokens:
    VAULT_ID_TOKEN: { aud: $VAULT_URL }
    LIST_ID_TOKEN: { aud: ["$VAULT_URL", "$OTHER"] }
`;

beforeAll(async () => {
	vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
	vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
	gitlab = await startGitLab();
	server = ["--server", gitlab.url];
	const gone = await startGitLab();
	nobody = gone.url;
	await gone.close();
	folder = await realpath(await mkdtemp(join(tmpdir(), "jobs-")));
	file = await write("app/.gitlab-ci.yml", PIPELINE);
	await write("app/ci/deploy.yml", INCLUDED);
	git("init", "--quiet", "--initial-branch", "feature/Log-in");
	git("config", "user.name", "Jane Doe");
	git("config", "user.email", "jane@acme.test");
	git(
		"remote",
		"add",
		"origin",
		"https://oauth2:glpat-secret@gitlab.acme.test/acme/shop/app.git",
	);
	git("commit", "--quiet", "--allow-empty", "--message", "first");
});
afterAll(async () => {
	vi.unstubAllEnvs();
	await gitlab.close();
	await rm(folder, { recursive: true });
});

async function write(path: string, text: string): Promise<string> {
	const whole = join(folder, path);
	await mkdir(dirname(whole), { recursive: true });
	await writeFile(whole, text);
	return whole;
}

const git = (...args: string[]) =>
	execFileSync("git", ["-C", join(folder, "app"), ...args], {
		encoding: "utf8",
	}).trim();

async function claimsOf(token: string | undefined) {
	const keys = createRemoteJWKSet(
		new URL(`${gitlab.url}/oauth/discovery/keys`),
	);
	return (await jwtVerify(token ?? "", keys, { issuer: gitlab.url })).payload;
}

describe("of a file", () => {
	test("lists which jobs have which ID tokens, without a server", async () => {
		const { code, stdout, stderr } = await command(["jobs", file]);
		expect(code).toBe(0);
		expect(stdout.split("\n")).toEqual([
			"build   SIGSTORE_ID_TOKEN  sigstore",
			"deploy  VAULT_ID_TOKEN     https://vault.example.com         review/feature-log-in",
			'deploy  LIST_ID_TOKEN      ["https://vault.example.com",""]  review/feature-log-in',
			"stop    VAULT_ID_TOKEN     https://vault.example.com         production (stop)",
			'stop    LIST_ID_TOKEN      ["https://vault.example.com",""]  production (stop)',
			"",
		]);
		expect(stderr).toMatch(
			/^warning: ci\/deploy\.yml:5: job "deploy": id_tokens: LIST_ID_TOKEN: aud: there is no variable OTHER, so it is empty; set it with --var OTHER=…\n/,
		);
		expect(stderr).toMatch(/\n1 more job has no id_tokens\n$/);
	});

	test("as JSON, from here and from a server", async () => {
		for (const from of [[], server]) {
			const { code, stdout } = await command([
				"jobs",
				file,
				"--format",
				"json",
				"--var",
				"OTHER=b=c",
				...from,
			]);
			expect(code).toBe(0);
			const { jobs, warnings } = JSON.parse(stdout);
			expect(warnings).toEqual([]);
			expect(jobs[1]).toEqual({
				name: "deploy",
				stage: "test",
				id_tokens: {
					VAULT_ID_TOKEN: { aud: "https://vault.example.com" },
					LIST_ID_TOKEN: { aud: ["https://vault.example.com", "b=c"] },
				},
				hidden_tokens: [],
				environment: {
					name: "review/feature-log-in",
					action: "start",
					deployment_tier: "development",
				},
				timeout: 600,
				secrets: {},
				when: "on_success",
				unknown: [],
			});
		}
	});

	test("with copies of what it includes from elsewhere, and inputs", async () => {
		const main = await write(
			"app/copies.yml",
			`spec: { inputs: { where: { options: [staging] } } }
---
include:
  - { project: acme/ci, file: [/jobs/deploy.yml, jobs/out.yml], inputs: { where: "$[[ inputs.where ]]" } }
  - remote: https://example.com/ci.yml?a=b
  - template: Jobs/Build.gitlab-ci.yml
`,
		);
		const spec = "spec: { inputs: { where: {} } }\n---\n";
		await write("ci/jobs/out.yml", `${spec}.out: {}`);
		await write(
			"ci/jobs/deploy.yml",
			`${spec}to-$[[ inputs.where ]]: { script: x, id_tokens: { T: { aud: "$[[ inputs.where ]]" } } }`,
		);
		const remote = await write(
			"remote.yml",
			"remote: { script: x, id_tokens: { MY-TOKEN: { aud: a } } }",
		);
		const argv = [
			"jobs",
			main,
			"--include",
			`remote:https://example.com/ci.yml?a=b=${remote}`,
			"--include",
			`project:acme/ci=${join(folder, "ci")}`,
			"--input",
			"where=staging",
		];
		for (const from of [[], server]) {
			expect(await command([...argv, ...from])).toEqual({
				code: 0,
				stdout: "to-staging  T         staging\nremote      MY-TOKEN  a\n",
				stderr:
					"warning: copies.yml:6: include not followed: template Jobs/Build.gitlab-ci.yml; give a copy of it: --include template:Jobs/Build.gitlab-ci.yml=FILE\n",
			});
		}
		const { T = "" } = await gitlab.jobTokens(main, "to-staging", {
			inputs: { where: "staging" },
			includes: {
				"project:acme/ci": join(folder, "ci"),
				"remote:https://example.com/ci.yml?a=b": remote,
			},
		});
		expect(decodeJwt(T).aud).toBe("staging");
		const { stdout, stderr } = await command([
			...argv.slice(0, 2),
			"remote",
			...argv.slice(2),
			...server,
		]);
		expect(stdout).toBe("");
		expect(stderr).toMatch(
			/\nleft out, as no shell has a variable of such a name: MY-TOKEN\n$/,
		);
		await rm(join(folder, "ci/jobs/out.yml"));
		await symlink("/etc/passwd", join(folder, "ci/jobs/out.yml"));
		expect(await command(argv)).toMatchObject({
			code: 2,
			stderr:
				'error: include: "jobs/out.yml" leads out of the project, by a symbolic link\n',
		});
	});

	test.for([
		["group/ci=..", /Expected WHAT=PATH/],
		["project:group/ci", /Expected WHAT=PATH/],
		["project:group/ci=nowhere", /there is no file or folder nowhere/],
		["template:T=.", /a template is a file, and \. is a folder/],
	] as const)("with the copy %s is refused", async ([copy, message]) => {
		const { code, stderr } = await command(["jobs", file, "--include", copy]);
		expect(code).toBe(2);
		expect(stderr).toMatch(message);
	});

	test("tells of tokens that no variable is", async () => {
		const hidden = await write(
			"app/hidden.yml",
			`deploy: { script: x, identity: google_cloud }
test: { script: x, secrets: { S: { gitlab_secrets_manager: { name: s } } } }
`,
		);
		const set = ["--set", "target_audience=//iam.googleapis.com/projects/1"];
		const { stdout } = await command([
			"jobs",
			hidden,
			...set,
			"--secrets-manager",
			"https://openbao.test",
		]);
		expect(stdout.split(/\s{2,}|\n/).filter(Boolean)).toEqual([
			"deploy",
			"(hidden, identity: google_cloud)",
			"https://auth.gcp.gitlab.com",
			"test",
			"(hidden, secrets: gitlab_secrets_manager)",
			"https://openbao.test",
		]);
		const one = ["jobs", hidden, "deploy", ...set, ...server];
		expect((await command(one)).stderr).toContain(
			"GitLab makes a token of its own for identity: google_cloud: --format json has it\n",
		);
		const json = await command([...one, "--format", "json"]);
		const { tokens, hidden_tokens } = JSON.parse(json.stdout);
		expect(tokens).toEqual({});
		expect(hidden_tokens["identity: google_cloud"].claims).toMatchObject({
			aud: "https://auth.gcp.gitlab.com",
			target_audience: "//iam.googleapis.com/projects/1",
		});
	});

	test("that has none says so", async () => {
		const none = await write("none.yml", "job: { script: x }\n");
		expect(await command(["jobs", none])).toEqual({
			code: 0,
			stdout: "",
			stderr: "no job has id_tokens\n",
		});
	});

	test("shows no control characters", async () => {
		const odd = await write(
			"odd.yml",
			'"\\e[31mjob\\n": { script: x, id_tokens: { T: { aud: "\\e[2J" }, U: { aud: "\\u009b1m\\u202e" } } }\n',
		);
		const { stdout } = await command(["jobs", odd]);
		expect(stdout).toBe(
			"\ufffd[31mjob\ufffd  T  \ufffd[2J\n\ufffd[31mjob\ufffd  U  \ufffd1m\ufffd\n",
		);
		const json = await command(["jobs", odd, "--format", "json"]);
		expect(json.stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
		expect(JSON.parse(json.stdout).jobs[0]).toMatchObject({
			name: "\u001b[31mjob\n",
			id_tokens: { T: { aud: "\u001b[2J" }, U: { aud: "\u009b1m\u202e" } },
		});
	});
});

describe("of a situation", () => {
	const RULES = `
build: { script: x }
release:
  script: x
  environment: npm
  id_tokens: { NPM_ID_TOKEN: { aud: npm } }
  rules: [{ if: $CI_COMMIT_TAG }]
review:
  script: x
  id_tokens: { REVIEW_ID_TOKEN: { aud: $CI_MERGE_REQUEST_TARGET_BRANCH_NAME } }
  rules: [{ if: $CI_MERGE_REQUEST_IID }]
image:build:
  script: x
  id_tokens: { IMAGE_ID_TOKEN: { aud: image } }
  rules:
    - if: $CI_COMMIT_BRANCH && $CI_PIPELINE_SOURCE != "schedule"
      exists: ["docker/*"]
      changes: ["docker/**/*"]
`;
	let rules: string;
	beforeAll(async () => {
		rules = await write("app/rules.yml", RULES);
		await write("app/docker/Dockerfile", "FROM scratch\n");
		git("add", "docker/Dockerfile");
	});
	const listed = async (...options: string[]) => {
		const { code, stdout, stderr } = await command(["jobs", rules, ...options]);
		expect(code).toBe(0);
		return [stdout.trimEnd(), stderr.trimEnd()];
	};
	const others =
		"--ref, --tag, --merge-request and --schedule name other situations, --all lists every job";

	test("are listed with those that it has not", async () => {
		expect(await listed("--tag", "v1")).toEqual([
			"release  NPM_ID_TOKEN  npm  npm",
			`1 more job has no id_tokens\nnot part of a push of the tag v1: review, image:build; ${others}`,
		]);
		expect(await listed("--merge-request", "--target", "stable")).toEqual([
			"review  REVIEW_ID_TOKEN  stable",
			`not part of a merge request of the branch feature/Log-in into stable: build, release, image:build; ${others}`,
		]);
		expect(await listed("--changed", "docker/a")).toEqual([
			"image:build  IMAGE_ID_TOKEN  image",
			`1 more job has no id_tokens\nnot part of a push to the branch feature/Log-in: release, review; ${others}`,
		]);
		expect(await listed("--schedule")).toEqual([
			"",
			`no job has id_tokens\nnot part of a schedule on the branch feature/Log-in: release, review, image:build; ${others}`,
		]);
		expect((await listed("--all", "--merge-request"))[1]).toBe(
			"1 more job has no id_tokens",
		);
	});

	test("are told why, from here and from a server", async () => {
		for (const from of [[], server]) {
			const [stdout, stderr] = await listed("--format", "json", ...from);
			expect(JSON.parse(stdout ?? "")).toMatchObject({
				situation: "a push to the branch feature/Log-in",
				left_out: [
					{ name: "release", why: "none of its rules holds (rules.yml:7)" },
					{ name: "review", why: "none of its rules holds (rules.yml:11)" },
				],
				no_pipeline: null,
				jobs: [{ name: "build" }, { unknown: ["changes (rules.yml:18)"] }],
			});
			expect(stderr).toContain("it counts as part: changes (rules.yml:18)");
		}
	});

	test("is that of the checkout's commit", async () => {
		const text =
			'job: { script: x, rules: [{ if: $CI_COMMIT_MESSAGE == "first" }], id_tokens: { T: { aud: $CI_COMMIT_AUTHOR } } }';
		const asks = await write("app/asks.yml", text);
		const { stdout, stderr } = await command(["jobs", asks]);
		expect([stdout, stderr]).toEqual([
			"job  T  Jane Doe <jane@acme.test>\n",
			"",
		]);
	});

	test("may have no pipeline", async () => {
		const none = await write(
			"app/none.yml",
			`workflow: { rules: [{ if: $CI_COMMIT_TAG }] }\n${RULES}`,
		);
		const { code, stdout, stderr } = await command(["jobs", none]);
		expect([code, stdout]).toEqual([0, ""]);
		expect(stderr).toBe(
			`no pipeline is created for a push to the branch feature/Log-in: workflow: none of its rules holds (none.yml:1); ${others}\n`,
		);
	});

	test("get their tokens, and no other does without --all", async () => {
		const token = (...options: string[]) =>
			command(["jobs", rules, ...options, "--format", "json", ...server]);
		const { stdout } = await token("release", "--tag", "v1");
		expect(JSON.parse(stdout).tokens.NPM_ID_TOKEN.claims).toMatchObject({
			ref: "v1",
			ref_type: "tag",
			environment: "npm",
		});
		expect(await token("release")).toMatchObject({
			code: 2,
			stdout: "",
			stderr: expect.stringContaining(
				'rules.yml:3: job "release": it is not part of a push to the branch feature/Log-in: none of its rules holds (rules.yml:7)',
			),
		});
		// It needs no server to say so.
		expect(
			await command(["jobs", rules, "release", "--server", nobody]),
		).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("none of its rules holds (rules.yml:7)"),
		});
		expect((await token("release", "--all")).code).toBe(0);
		// What exists is asked of the checkout here, and the server is told.
		expect((await token("image:build", "--changed", "docker/a")).code).toBe(0);
		const gone = await write("app/gone.yml", RULES.replace("docker/*", "no/*"));
		const args = ["jobs", gone, "image:build", "--changed", "docker/a"];
		expect(await command([...args, ...server])).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("none of its rules holds (gone.yml:15)"),
		});
	});

	test("of the library are the same", async () => {
		const tokens = (situation?: Parameters<GitLab["jobTokens"]>[2]) =>
			gitlab.jobTokens(rules, "review", situation);
		const { REVIEW_ID_TOKEN } = await tokens({
			mergeRequest: true,
			target: "stable",
		});
		expect(await claimsOf(REVIEW_ID_TOKEN)).toMatchObject({
			aud: "stable",
			pipeline_source: "merge_request_event",
		});
		expect(await rejection(tokens())).toMatchObject({ code: "not_applicable" });
		expect(await rejection(tokens({ schedule: true }))).toMatchObject({
			code: "not_applicable",
		});
		const all = await tokens({ all: true, changed: [] });
		expect(Object.keys(all)).toEqual(["REVIEW_ID_TOKEN"]);
	});
});

describe("of a job", () => {
	test("prints what a shell evaluates, as a process too", async () => {
		const script = `eval "$("$NODE" "$MAIN" jobs "$FILE" deploy --var OTHER=x --server "$SERVER")" && sh -c 'echo "$VAULT_ID_TOKEN"'`;
		const { stdout: printed } = await run("sh", ["-c", script], {
			timeout: 20_000,
			env: {
				PATH: process.env.PATH,
				NODE: process.execPath,
				MAIN,
				FILE: file,
				SERVER: gitlab.url,
			},
		});
		const claims = await claimsOf(printed.trim());
		expect(claims).toMatchObject({
			aud: "https://vault.example.com",
			project_path: "acme/shop/app",
			ref: "feature/Log-in",
			ref_protected: "false",
			sha: git("rev-parse", "HEAD"),
			user_login: "jane",
			user_email: "jane@acme.test",
			environment: "review/feature-log-in",
			ci_config_ref_uri: `${new URL(gitlab.url).host}/acme/shop/app//.gitlab-ci.yml@refs/heads/feature/Log-in`,
		});
		expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
		expect(JSON.stringify(claims)).not.toContain("glpat-secret");
	});

	test("in each format", async () => {
		const argv = ["jobs", file, "stop", "--var", "OTHER=x", ...server];
		const printed = async (format: string) => {
			const outcome = await command([...argv, "--format", format]);
			expect(outcome).toMatchObject({ code: 0, stderr: "" });
			return outcome.stdout;
		};
		const token = "eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+";
		expect(await printed("shell")).toMatch(
			new RegExp(
				`^export VAULT_ID_TOKEN=${token}\nexport LIST_ID_TOKEN=${token}\n$`,
			),
		);
		expect(await printed("dotenv")).toMatch(
			new RegExp(`^VAULT_ID_TOKEN=${token}\nLIST_ID_TOKEN=${token}\n$`),
		);
		const variables = parse(await printed("gitlab-ci-local"));
		expect(Object.keys(variables)).toEqual(["VAULT_ID_TOKEN", "LIST_ID_TOKEN"]);
		expect((await claimsOf(variables.LIST_ID_TOKEN)).aud).toEqual([
			"https://vault.example.com",
			"x",
		]);
		const { job, tokens, warnings } = JSON.parse(await printed("json"));
		expect(job).toMatchObject({ name: "stop", timeout: 600 });
		expect(warnings).toEqual([]);
		expect(tokens.VAULT_ID_TOKEN.claims).toEqual(
			await claimsOf(tokens.VAULT_ID_TOKEN.token),
		);
	});

	test("in the situation that is asked for", async () => {
		const said = async (...options: string[]) => {
			const { stdout } = await command([
				"jobs",
				file,
				"deploy",
				"--format",
				"json",
				...server,
				...options,
			]);
			return JSON.parse(stdout).tokens.VAULT_ID_TOKEN.claims;
		};
		expect(await said("--scenario", "protected-tag")).toMatchObject({
			project_path: "acme/shop/app",
			ref: "v1.2.3",
			ref_type: "tag",
			ref_protected: "true",
			environment: "review/v1-2-3",
		});
		expect(await said("--ref", "main")).toMatchObject({
			ref: "main",
			ref_protected: "true",
		});
		expect(
			await said("--tag", "v9", "--set", "environment.protected=true"),
		).toMatchObject({
			ref: "v9",
			ref_type: "tag",
			environment_protected: "true",
			environment: "review/v9",
		});
	});

	test("works without a server, with a key file", async () => {
		const keys = join(folder, "keys.json");
		await command(["keys", "--new", keys]);
		const made = await command([
			"jobs",
			file,
			"build",
			"--keys",
			keys,
			"--issuer",
			"https://gl.test",
			"--format",
			"dotenv",
		]);
		expect(made).toMatchObject({ code: 0, stderr: "" });
		const published = join(folder, "jwks.json");
		await writeFile(
			published,
			(await command(["keys", "--keys", keys])).stdout,
		);
		const token = /^SIGSTORE_ID_TOKEN=(.+)\n$/.exec(made.stdout)?.[1] ?? "";
		const judged = await command([
			"decode",
			token,
			"--jwks",
			published,
			"--issuer",
			"https://gl.test",
			"--aud",
			"sigstore",
		]);
		expect(judged.code).toBe(0);
	});

	test("without id_tokens prints nothing to evaluate", async () => {
		expect(await command(["jobs", file, "lint", ...server])).toEqual({
			code: 0,
			stdout: "",
			stderr: "the job has no id_tokens\n",
		});
	});

	test.for([
		[["delpoy"], 'job "delpoy": there is no such job; nearest: deploy'],
		[["deploy", "--scenario", "alg-none"], "algorithm/alg-none is a forgery"],
		[["deploy", "--scenario", "nope"], 'there is no scenario "nope"'],
		[["deploy", "--format", "xml"], "Allowed choices are shell, dotenv"],
		[["deploy", "--var", "1=2"], "Expected NAME=VALUE."],
		[["deploy", "--ref", "a", "--tag", "b"], "give ref or tag, not both"],
		[["deploy", "--keys", "k"], "--keys works without a server"],
	] as const)("refuses %j with exit code 2", async ([argv, message]) => {
		const outcome = await command(["jobs", file, ...argv, ...server]);
		expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
		expect(outcome.stderr).toContain(message);
	});

	test("refuses formats for a list, and keys without an issuer", async () => {
		const list = await command(["jobs", file, "--format", "dotenv"]);
		expect([list.code, list.stderr]).toEqual([
			2,
			"error: --format dotenv is for the tokens of a job: name one\n",
		]);
		const keys = await command(["jobs", file, "deploy", "--keys", "k"]);
		expect([keys.code, keys.stderr]).toEqual([
			2,
			"error: --keys needs --issuer URL too: no server says who issues\n",
		]);
	});

	test("says how to start a server where there is none", async () => {
		const outcome = await execute(["jobs", file, "build", "--server", nobody]);
		expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
		expect(outcome.stderr).toContain(
			"start a server with: gitlab-oidc-mock serve",
		);
	});
});

describe("files", () => {
	const job = "job: { script: x, id_tokens: { T: { aud: a } } }\n";

	test("of a checkout are its own, from whichever folder", async () => {
		const nested = await write(
			"app/deep/pipeline.yml",
			`include: ci/*.yml\n${job}`,
		);
		const { stdout } = await command([
			"jobs",
			nested,
			"job",
			"--format",
			"json",
			...server,
		]);
		expect(JSON.parse(stdout).tokens.T.claims.ci_config_ref_uri).toContain(
			"acme/shop/app//deep/pipeline.yml@",
		);
	});

	test("on a tag, with no branch checked out, are the tag's", async () => {
		git("tag", "v3.0.0");
		git("checkout", "--quiet", "--detach");
		const { stdout } = await command([
			"jobs",
			file,
			"build",
			"--format",
			"json",
			...server,
		]);
		git("checkout", "--quiet", "feature/Log-in");
		expect(JSON.parse(stdout).tokens.SIGSTORE_ID_TOKEN.claims).toMatchObject({
			ref: "v3.0.0",
			ref_type: "tag",
			ref_protected: "false",
		});
	});

	test("without a checkout are the baseline's", async () => {
		const plain = await write("plain/.gitlab-ci.yml", job);
		expect(await gitlab.jobTokens(plain, "job")).toEqual({
			T: expect.any(String),
		});
		const { T } = await gitlab.jobTokens(plain, "job");
		expect(await claimsOf(T)).toMatchObject({
			project_path: "my-group/my-project",
			ref: "main",
			aud: "a",
		});
	});

	test("outside the project are not read", async () => {
		await write("secret.yml", job);
		const inside = await write("app/inside.yml", job);
		await symlink(inside, join(folder, "app/ci/inside.yml"));
		const good = await write("app/good.yml", "include: ci/inside.yml\n");
		expect((await command(["jobs", good])).stdout).toBe("job  T  a\n");
		await symlink(join(folder, "secret.yml"), join(folder, "app/ci/link.yml"));
		await symlink(folder, join(folder, "app/up"));
		for (const path of ["ci/link.yml", "up/secret.yml", "../secret.yml"]) {
			const bad = await write("app/bad.yml", `include: ${path}\n`);
			const { code, stdout, stderr } = await command(["jobs", bad]);
			expect([code, stdout]).toEqual([2, ""]);
			expect(stderr).toContain("leads out of the project");
		}
		for (const path of ["up/*.yml", "ci/li*.yml"]) {
			const none = await write("app/none.yml", `include: ${path}\n${job}`);
			expect((await command(["jobs", none])).stderr).toContain(
				"matches no file",
			);
		}
	});

	test("that cannot be read are refused", async () => {
		const large = await write("large.yml", "#".repeat(1024 * 1024 + 1));
		for (const [path, message] of [
			[join(folder, "nope.yml"), "there is no such file"],
			[folder, "it is no file"],
			[large, "larger than 1024 KiB"],
		] as const) {
			const { code, stderr } = await command(["jobs", path]);
			expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
		}
		const most = await write("most.yml", `${job}#`.padEnd(1024 * 1024, "#"));
		expect((await command(["jobs", most])).code).toBe(0);
	});
});

describe("the library", () => {
	test("gives the tokens of a job, in the situation that is asked for", async () => {
		const tokens = await gitlab.jobTokens(file, "deploy", {
			scenario: "ref/protected-tag",
			variables: { OTHER: "x" },
			set: ["environment.protected=true"],
		});
		expect(Object.keys(tokens)).toEqual(["VAULT_ID_TOKEN", "LIST_ID_TOKEN"]);
		expect(await claimsOf(tokens.LIST_ID_TOKEN)).toMatchObject({
			aud: ["https://vault.example.com", "x"],
			project_path: "acme/shop/app",
			ref: "v1.2.3",
			environment_protected: "true",
		});
		const { VAULT_ID_TOKEN } = await gitlab.jobTokens(file, "deploy", {
			checkout: false,
		});
		expect(await claimsOf(VAULT_ID_TOKEN)).toMatchObject({
			project_path: "my-group/my-project",
		});
	});

	test("differs from a baseline of the user's own, which a checkout overrides", async () => {
		const project = { path: "own/app", id: 7 };
		await using own = await startGitLab({ baseline: { project } });
		const paths = [];
		for (const checkout of [false, undefined] as const) {
			const { SIGSTORE_ID_TOKEN = "" } = await own.jobTokens(file, "build", {
				checkout,
			});
			const { project_path, project_id } = decodeJwt(SIGSTORE_ID_TOKEN);
			paths.push([project_path, project_id]);
		}
		expect(paths).toEqual([
			["own/app", "7"],
			["acme/shop/app", "7"],
		]);
	});

	test("reports warnings, and rejects what is wrong", async () => {
		const lines: string[] = [];
		await using reporting = await startGitLab({
			report: (line) => void lines.push(line),
		});
		await reporting.jobTokens(file, "deploy");
		expect(lines).toEqual([expect.stringContaining("no variable OTHER")]);
		expect(await rejection(gitlab.jobTokens(file, "nope"))).toMatchObject({
			code: "unknown_job",
		});
		expect(
			await rejection(gitlab.jobTokens(join(folder, "none"), "a")),
		).toMatchObject({ code: "file" });
	});
});

test("quotes what a shell or a dotenv file would read otherwise", () => {
	expect(["a.b-c_d", "a b", "it's", "$(x)"].map(shellWord)).toEqual([
		"a.b-c_d",
		"'a b'",
		"'it'\\''s'",
		"'$(x)'",
	]);
	expect(["a.b", "a b", 'a"b', "a\nb", "$a"].map(dotenvQuoted)).toEqual([
		"a.b",
		'"a b"',
		'"a\\"b"',
		'"a\\nb"',
		'"\\$a"',
	]);
});

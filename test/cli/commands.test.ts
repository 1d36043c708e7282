// token, scenarios, keys, decode and healthcheck: results on stdout, all else on stderr.
import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";
import { command, execute } from "./command.js";

let gitlab: GitLab;
let folder: string;
let server: string[];
let nobody: string; // an address where nothing listens any more
beforeAll(async () => {
	gitlab = await startGitLab();
	folder = await mkdtemp(join(tmpdir(), "commands-"));
	server = ["--server", gitlab.url];
	const gone = await startGitLab();
	nobody = gone.url;
	await gone.close();
});
afterAll(async () => {
	await gitlab.close();
	await rm(folder, { recursive: true });
});

const AUD = "https://vault.example.com";

describe("token", () => {
	test("prints one token and nothing else, as a process too", async () => {
		for (const run of [command, execute]) {
			const { code, stdout, stderr } = await run([
				"token",
				"protected-tag",
				"--aud",
				AUD,
				...server,
			]);
			expect([code, stderr]).toEqual([0, ""]);
			const keys = createRemoteJWKSet(
				new URL(`${gitlab.url}/oauth/discovery/keys`),
			);
			const { payload } = await jwtVerify(stdout.trim(), keys, {
				issuer: gitlab.url,
				audience: AUD,
			});
			expect(payload).toMatchObject({ ref: "v1.2.3", aud: AUD });
			expect(stdout).toBe(`${stdout.trim()}\n`);
		}
	});

	test("makes a near miss of a claim, of the job that is set", async () => {
		const claimsOf = async (...argv: string[]) =>
			JSON.parse(
				(await command(["token", ...argv, "--json", ...server])).stdout,
			);
		const id = "near/prefix:project_path";
		const { scenario, claims } = await claimsOf(
			id,
			"--set",
			"project.path=acme/app",
		);
		expect(scenario).toBe(id);
		expect(claims).toMatchObject({
			project_path: "acme/app-evil",
			sub: "project_path:acme/app-evil:ref_type:branch:ref:main",
		});
		const other = await claimsOf("near/any-character:ref=v1.2");
		expect(other.claims.ref).toBe("v1x2");
	});

	test.for([
		[
			"near/prefix",
			"near/prefix needs the name of a claim, such as near/prefix:project_path; it makes a string that begins with the expected value",
		],
		[
			"near/leading-zeros:ref",
			'near/leading-zeros makes no value of ref, which is "main"',
		],
		[
			"near/prefix:ref:9",
			'near/prefix makes no such value of ref, which is "main"',
		],
		[
			"near/prefix:nothing",
			"near/prefix makes no value of nothing, which is missing",
		],
		["time/expired:ref", "time/expired is no near miss, and takes no claim"],
	] as const)("%s is refused", async ([id, message]) => {
		const { code, stdout, stderr } = await command(["token", id, ...server]);
		expect([code, stdout, stderr]).toEqual([2, "", `error: ${message}\n`]);
	});

	test("takes audiences, settings and --json", async () => {
		const { stdout } = await command([
			"token",
			"baseline",
			"--aud",
			"a",
			"--aud",
			"b",
			"--set",
			"ref=release/1",
			"--set",
			"environment.name=staging",
			"--json",
			...server,
		]);
		const { token, claims } = JSON.parse(stdout);
		expect(decodeJwt(token)).toEqual(claims);
		expect(claims).toMatchObject({
			aud: ["a", "b"],
			ref: "release/1",
			deployment_tier: "staging",
		});
		const list = await command([
			"token",
			"baseline",
			"--aud",
			"a",
			"--aud-list",
			...server,
		]);
		expect(decodeJwt(list.stdout.trim()).aud).toEqual(["a"]);
	});

	test("makes a scenario of another baseline: the token that a finding names", async () => {
		const { stdout } = await command([
			"token",
			"project/path-prefix",
			"--baseline",
			"project.path=acme/payments",
			"--baseline",
			"project.id=90210",
			"--baseline",
			"ref=2.0",
			"--json",
			...server,
		]);
		expect(JSON.parse(stdout).claims).toMatchObject({
			project_path: "acme/payments-evil",
			project_id: "90294",
			ref: "2.0",
		});
	});

	test("works without a server, with a key file", async () => {
		const file = join(folder, "offline.json");
		expect((await command(["keys", "--new", file])).code).toBe(0);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		const made = await command([
			"token",
			"baseline",
			"--keys",
			file,
			"--issuer",
			"https://gl.test",
			"--aud",
			AUD,
			"--gitlab-version",
			"16.0",
		]);
		expect(made).toMatchObject({ code: 0, stderr: "" });
		const jwks = join(folder, "jwks.json");
		const published = await command(["keys", "--keys", file]);
		expect(published.stdout).not.toMatch(/"(d|p|q|dp|dq|qi)"/);
		await writeFile(jwks, published.stdout);
		const judge = ["--jwks", jwks, "--issuer", "https://gl.test"];
		expect(
			(await command(["decode", made.stdout.trim(), ...judge, "--aud", AUD]))
				.code,
		).toBe(0);
		expect(
			(
				await command([
					"decode",
					made.stdout.trim(),
					...judge,
					"--aud",
					"other",
				])
			).code,
		).toBe(1);
	});

	test.for([
		[["nope"], 'there is no scenario "nope"; nearest: '],
		[["baseline", "--set", "ref"], "expected KEY=VALUE"],
		[
			["baseline", "--set", "project_path=a/b"],
			"job.project_path: unknown key",
		],
		[
			["baseline", "--baseline", "token.claims.ref=x"],
			"a baseline is a job, and has no token",
		],
		[["project/parent-group"], "no group is above that of"],
		[["baseline", "--aud-list"], "--aud-list goes with --aud"],
	] as const)("refuses %j with exit code 2", async ([argv, message]) => {
		const { code, stdout, stderr } = await command([
			"token",
			...argv,
			...server,
		]);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toContain(message);
	});

	test("says how to start a server where there is none", async () => {
		const { code, stderr } = await command([
			"token",
			"baseline",
			"--server",
			nobody,
		]);
		expect(code).toBe(2);
		expect(stderr).toBe(
			`error: no answer from ${nobody}: nothing listens there; start a server with: gitlab-oidc-mock serve\n`,
		);
	});
});

describe("scenarios", () => {
	test("lists them, shows one, and as JSON", async () => {
		const list = await execute(["scenarios"]);
		expect(list.stdout).toMatch(
			/^time\/expired +reject +expiry +A token that expired an hour ago$/m,
		);
		expect(list.stdout.trimEnd().split("\n")).toHaveLength(
			gitlab.scenarios.length + gitlab.nearMisses.length,
		);
		const one = await command(["scenarios", "expired"]);
		expect(one.stdout).toContain("rule: expiry");
		const json = JSON.parse(
			(await command(["scenarios", "expired", "--json"])).stdout,
		);
		expect(json).toMatchObject({ id: "time/expired", expect: "reject" });
		expect(
			JSON.parse((await command(["scenarios", "--json"])).stdout),
		).toHaveLength(gitlab.scenarios.length + gitlab.nearMisses.length);
	});

	test.for([
		[["--family", "time"], /^time\//],
		[["--rule", "audience"], /reject +audience/],
		[["--expect", "accept"], / accept /],
		[["--level", "may", "--family", "time"], /^time\/(exp-|iat-|lifetime-)/],
		[["--impact", "escalation", "--family", "issuer"], /^issuer\//],
		[["--text", "cve-2022-21449"], /^algorithm\/es256-all-zero-signature /],
	] as const)("lists only %j", async ([argv, line]) => {
		const { code, stdout } = await command(["scenarios", ...argv]);
		expect(code).toBe(0);
		const lines = stdout.trimEnd().split("\n");
		expect(lines.length).toBeGreaterThan(0);
		expect(lines.length).toBeLessThan(gitlab.scenarios.length);
		for (const one of lines) expect(one).toMatch(line);
	});

	test("new writes a file that lints, and none twice", async () => {
		const dir = join(folder, "mine");
		const argv = ["scenarios", "new", "deploy/from-staging", "--dir", dir];
		const made = await command(argv);
		expect(made).toEqual({
			code: 0,
			stdout: `${join(dir, "deploy/from-staging.yaml")}\n`,
			stderr: "",
		});
		expect((await command(["scenarios", "--lint", dir])).stdout).toBe(
			"1 scenarios, no problems\n",
		);
		const again = await command(argv);
		expect(again.code).toBe(2);
		expect(again.stderr).toContain("exist");
		const bad = await command(["scenarios", "new", "../Up", "--dir", dir]);
		expect(bad.code).toBe(2);
		expect(bad.stderr).toContain("kebab-case");
	});

	test("--lint prints every problem of a folder and fails", async () => {
		const bad = join(folder, "lint");
		await mkdir(bad);
		await writeFile(
			join(bad, "one.yaml"),
			"title: x\nexpect: refuse\nwhy: y\nspec: [RFC]\nrul: z\n",
		);
		const { code, stdout } = await command(["scenarios", "--lint", bad]);
		expect(code).toBe(1);
		expect(stdout.trimEnd().split("\n")).toEqual([
			expect.stringMatching(/one\.yaml:2:9: expect: .*"accept"/),
			expect.stringMatching(/one\.yaml:5:1: rul: unknown key; nearest: rule$/),
		]);
		const json = await command(["scenarios", "--lint", bad, "--json"]);
		expect(JSON.parse(json.stdout).problems).toHaveLength(2);
		expect(
			(await command(["scenarios", "--lint", `${folder}/none`])).code,
		).toBe(2);
	});
});

describe("keys", () => {
	test("prints the JWKS, PEM, and PEM files, one a kid", async () => {
		const { stdout } = await execute(["keys", ...server]);
		expect(JSON.parse(stdout)).toEqual(gitlab.keys.jwks);
		const pem = await command(["keys", "--pem", "--kid", "ci", ...server]);
		expect(pem.stdout).toBe(gitlab.keys.ci.pem);
		const out = join(folder, "pem");
		await command(["keys", "--pem", "--out", out, ...server]);
		for (const { kid, pem } of [gitlab.keys.ci, gitlab.keys.signIn]) {
			expect(await readFile(join(out, `${kid}.pem`), "utf8")).toBe(pem);
		}
	});

	test("never replaces a key file", async () => {
		const file = join(folder, "once.json");
		await command(["keys", "--new", file]);
		const before = await readFile(file, "utf8");
		const again = await command(["keys", "--new", file]);
		expect(again.code).toBe(2);
		expect(again.stderr).toContain("exist");
		expect(await readFile(file, "utf8")).toBe(before);
	});

	test("refuses an unknown kid", async () => {
		const { code, stderr } = await command(["keys", "--kid", "x", ...server]);
		expect(code).toBe(2);
		expect(stderr).toContain(gitlab.keys.ci.kid);
	});
});

describe("decode", () => {
	test("shows what the token says, and that it is in order", async () => {
		const token = await gitlab.token();
		for (const { code, stdout } of [
			await execute(["decode", token, ...server]),
			await command(["decode", ...server], `${token}\n`),
		]) {
			expect(code).toBe(0);
			expect(stdout).toContain('"project_path": "my-group/my-project"');
			expect(stdout).toContain(`in order for ${gitlab.url}`);
		}
	});

	test("names each rule that is broken, with exit code 1", async () => {
		const token = await gitlab.token("expired", { aud: "a" });
		const { code, stdout } = await command([
			"decode",
			token,
			"--aud",
			"b",
			...server,
		]);
		expect(code).toBe(1);
		expect(stdout).toMatch(
			/audience: aud is "a", expected "b".*\n.*expiry: the token expired 36\d\d s ago/,
		);
		const json = await command(["decode", token, "--json", ...server]);
		const { findings, claims } = JSON.parse(json.stdout);
		expect(findings).toMatchObject([{ rule: "expiry" }]);
		expect(claims.aud).toBe("a");
	});

	test("judges what is no token at all", async () => {
		const { code, stdout } = await command(["decode", "nonsense", ...server]);
		expect(code).toBe(1);
		expect(stdout).toContain("shape: a JWS has three parts");
	});

	test("prints no control characters, and no colours but on a terminal", async () => {
		const token = await gitlab.token("baseline", {
			token: {
				claims: { user_login: "\u001b[31mred\u202e" },
				header: { typ: "\u001b[2J" },
			},
		});
		const plain = await command(["decode", token, ...server]);
		expect(plain.stdout).not.toContain("\u001b");
		expect(plain.stdout).not.toContain("\u202e");
		expect(plain.stdout).toContain("\\u001b[31mred");
		const coloured = await command(["decode", token, ...server], "", true);
		expect(coloured.stdout).toContain("\u001b[1mheader\u001b[22m");
	});

	test("does not ask the issuer that a token names", async () => {
		await using attacker = await startGitLab();
		const token = await attacker.token();
		const { code, stdout } = await command(["decode", token, ...server]);
		expect(code).toBe(1);
		expect(stdout).toContain("issuer: ");
		expect(stdout).toContain("key: ");
	});
});

describe("healthcheck", () => {
	test("is 0 for a server that is ready and 1 for one that is not", async () => {
		expect(await execute(["healthcheck", gitlab.url])).toMatchObject({
			code: 0,
			stdout: "ready\n",
		});
		const port = new URL(gitlab.url).port;
		expect(
			(await execute(["healthcheck"], { GITLAB_OIDC_MOCK_PORT: port })).code,
		).toBe(0);
		const down = await command(["healthcheck", nobody]);
		expect(down.code).toBe(1);
		expect(down.stderr).toContain(`not ready: no answer from ${nobody}`);
	});
});

describe("usage", () => {
	test.for([
		[["frobnicate"], "unknown command 'frobnicate'"],
		[["tokn"], "Did you mean token?"],
		[["token"], "missing required argument 'scenario'"],
		[[], "Usage: gitlab-oidc-mock"],
	] as const)("%j is exit code 2", async ([argv, message]) => {
		const { code, stdout, stderr } = await command([...argv]);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toContain(message);
	});

	test("--help and --version are results", async () => {
		const { version } = JSON.parse(
			await readFile(new URL("../../package.json", import.meta.url), "utf8"),
		);
		expect(await command(["--version"])).toEqual({
			code: 0,
			stdout: `${version}\n`,
			stderr: "",
		});
		for (const name of [
			"serve",
			"token",
			"jobs",
			"scenarios",
			"keys",
			"decode",
			"healthcheck",
		]) {
			const { code, stdout } = await command([name, "--help"]);
			expect(code).toBe(0);
			expect(stdout).toContain(`Usage: gitlab-oidc-mock ${name}`);
		}
	});
});

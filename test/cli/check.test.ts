// `check` as a command: what it is told, what it prints and writes, and its exit codes.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseXml } from "@rgrove/parse-xml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CheckResult, startGitLab } from "../../src/index.js";
import { command, execute } from "./command.js";

const RP = fileURLToPath(new URL("./rp-server.mjs", import.meta.url));
const START = `"${process.execPath}" "${RP}"`;
const HTTP = "http://127.0.0.1:{port}/";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "check-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a profile, and gives its path. */
async function profile(name: string, text: string): Promise<string> {
	const file = join(folder, name);
	await writeFile(file, text);
	return file;
}

const PROFILE = `
target: { http: { url: "${HTTP}" } }
start: '${START}'
policy:
  claims: { project_path: my-group/my-project }
`;

const asJson = (text: string) => JSON.parse(text) as CheckResult;

describe("exit codes", () => {
	test("0 where the RP conforms", { timeout: 60_000 }, async () => {
		const file = await profile("rp.yaml", PROFILE);
		const { code, stdout, stderr } = await command([
			"check",
			file,
			...["--only", "project,audience,time/expired"],
		]);
		expect(stderr).toBe("");
		expect(stdout).toContain("NO FINDINGS");
		expect(stdout).toMatch(/^RP {8}GET http:\/\/127\.0\.0\.1:\d+\/$/m);
		expect(code).toBe(0);
	});

	test("1 where it lets in what it must not", { timeout: 60_000 }, async () => {
		const file = await profile(
			"forgetful.yaml",
			`${PROFILE.replace(START, `env FORGETS=audience ${START}`)}library: jose\n`,
		);
		const junit = join(folder, "junit.xml");
		const html = join(folder, "report.html");
		const sarif = join(folder, "report.sarif");
		const { code, stdout } = await command([
			"check",
			file,
			...["--only", "project,audience"],
			...["--report", `junit=${junit}`],
			...["--report", `html=${html}`],
			...["--report", `sarif=${sarif}`],
		]);
		expect(code).toBe(1);
		// One cause, with one example, and not a screen for each of its tokens.
		expect(stdout).toContain(" 1. The audience (aud) is not checked.");
		expect(stdout).toMatch(/ findings, such as (audience|near)\//);
		expect(stdout).toMatch(/^Again: gitlab-oidc-mock check .*\s+--only/m);
		expect(stdout).toMatch(
			/^ {4}write +await jwtVerify\(token, keys, \{ audience:/m,
		);
		expect(stdout.match(/^ {4}means/gm)).toHaveLength(1);
		expect(
			Math.max(...stdout.split("\n").map((line) => line.length)),
		).toBeLessThan(90);
		const xml = await readFile(junit, "utf8");
		expect(parseXml(xml).root?.name).toBe("testsuites");
		expect(xml).toContain('name="audience/other-service: ');
		expect(await readFile(html, "utf8")).toContain("audience/other-service");
		const runs = JSON.parse(await readFile(sarif, "utf8")).runs;
		expect(runs[0].results).toHaveLength(1);
		expect(runs[0].results[0].ruleId).toBe("audience-unchecked");
	});

	test("every finding is printed with --details, and one report goes to standard output", async () => {
		const file = await profile(
			"detailed.yaml",
			PROFILE.replace(START, `env FORGETS=audience ${START}`),
		);
		const { stdout } = await command([
			"check",
			file,
			...["--only", "audience/other-service,audience/missing", "--details"],
		]);
		expect(stdout).toContain(" 1. The audience (aud) is not checked.");
		expect(stdout).toContain("DANGEROUS (2)");
		expect(stdout).toMatch(/--only audience\/other-service\s/);
		const both = await command([
			"check",
			file,
			...["--report", "json", "--report", "junit=-"],
		]);
		expect(both.code).toBe(2);
		expect(both.stderr).toContain(
			"only one report can go to standard output, and not json and junit",
		);
	});

	test("2 where the run proves nothing", { timeout: 60_000 }, async () => {
		const file = await profile("rp.yaml", PROFILE);
		const { code, stdout } = await command([
			"check",
			file,
			...[
				"--audience",
				"https://rp.example.com",
				"--issuer",
				"https://gitlab.invalid",
			],
			...["--report", "json"],
		]);
		expect(code).toBe(2);
		const result = asJson(stdout);
		expect(result.conclusion).toBe("proves-nothing");
		expect(result.reason).toContain(
			"expects the issuer https://gitlab.invalid",
		);
	});

	test("2 where the RP does not start, with what it printed", {
		timeout: 60_000,
	}, async () => {
		const { code, stderr, stdout } = await command([
			"check",
			...["--http", HTTP],
			...["--start", "echo no database >&2; exit 3"],
		]);
		expect(code).toBe(2);
		expect(stderr).toBe("");
		expect(stdout).toContain("PROVES NOTHING");
		expect(stdout).toContain("exit 3");
		expect(stdout).toContain("no database");
	});
});

describe("targets", () => {
	test("a command for each token", { timeout: 60_000 }, async () => {
		// It looks at nothing but the subject, and so lets much in.
		const script = `token=$(cat); echo "$token" | cut -d. -f2 | base64 -di 2>/dev/null | grep -q project_path:my-group/my-project:`;
		const { code, stdout } = await command([
			"check",
			...["--command", script],
			...["--only", "project/other-project,time/expired"],
			...["--report", "json=-"],
		]);
		expect(code).toBe(1);
		const { findings, scenarios } = asJson(stdout);
		const outcome = (id: string) =>
			scenarios.find((one) => one.id === id)?.outcome;
		expect(outcome("time/expired")).toBe("accepted");
		expect(outcome("project/other-project")).toBe("rejected");
		expect(findings.map(({ id, kind }) => [id, kind])).toEqual([
			["time/expired", "dangerous"],
			["project/other-project", "too-strict"],
		]);
	});

	test("a running server as the issuer", { timeout: 60_000 }, async () => {
		await using gitlab = await startGitLab();
		const file = await profile("rp.yaml", PROFILE);
		const { code, stdout } = await command([
			"check",
			file,
			...["--server", gitlab.url],
			...["--only", "project,key/rsa-512-key-in-jwks,instance/jwks-500"],
			...["--report", "json"],
		]);
		const result = asJson(stdout);
		expect(result.reason).toBeNull();
		expect(result.issuer).toBe(gitlab.issuer);
		expect(result.findings.filter(({ fails }) => fails)).toEqual([]);
		expect(code).toBe(0);
		expect(gitlab.faults.current()).toEqual({});
		expect(gitlab.requests.count("/oauth/discovery/keys")).toBeGreaterThan(0);
	});

	test("TLS, with the authority in a file that the RP is told of", {
		timeout: 60_000,
	}, async () => {
		const file = await profile(
			"tls.yaml",
			`${PROFILE}issuer: { tls: true }\n`.replace(
				START,
				// Node reads its additional authorities from this variable alone.
				`sh -c 'NODE_EXTRA_CA_CERTS=$OIDC_CA_FILE exec "${process.execPath}" "${RP}"'`.replaceAll(
					"'",
					"''",
				),
			),
		);
		const { code, stdout } = await command([
			"check",
			file,
			"--only",
			"audience",
			"--report",
			"json",
		]);
		const result = asJson(stdout);
		expect(result.reason).toBeNull();
		expect(result.issuer).toMatch(/^https:/);
		expect(code).toBe(0);
	});
});

describe("a profile", () => {
	test("is written by --init, reads back, and is not written over", async () => {
		const file = join(folder, "new.yaml");
		const made = await command(["check", "--init", file]);
		expect(made).toEqual({
			code: 0,
			stdout: "",
			stderr: `wrote ${file}; fill it in, then: gitlab-oidc-mock check ${file}\n`,
		});
		const { readProfile } = await import("../../src/check/profile.js");
		const read = await readProfile(file);
		expect(read.policy?.claims).toEqual({
			project_path: "my-group/my-project",
		});
		const again = await command(["check", "--init", file]);
		expect(again.code).toBe(2);
		expect(again.stderr).toContain(`${file} is there already`);
	});

	test("with mistakes is told of by line", async () => {
		const file = await profile(
			"wrong.yaml",
			"target: { http: { url: x } }\npolicy:\n  claims: { ref: { regex: '(' } }\n  leaway: 3\n",
		);
		const { code, stderr } = await command(["check", file]);
		expect(code).toBe(2);
		expect(stderr).toContain(`${file}:4:3: policy.leaway: unknown key`);
		expect(stderr).toContain(`${file}:3:`);
	});
});

describe("usage", () => {
	test.for<[string[], string]>([
		[
			[],
			"there is no target: give a profile that has one, or --http URL, --command CMD or --lines CMD",
		],
		[["no-such.yaml"], "cannot read the profile no-such.yaml"],
		[["--http", "http://x", "--command", "y"], "name only one target"],
		[["--http", "http://x", "--max-time", "10"], "--max-time: expected a time"],
		[["--command", "y", "--method", "POST"], "--method: only a request has"],
		[["--http", "http://x", "--method", "GRAB"], "target.http.method: Invalid"],
		[
			["--http", "http://x", "--fail-on", "all"],
			'--fail-on: there is no "all"',
		],
		[
			["--http", "http://x", "--report", "pdf=x"],
			"--report: expected FORMAT=FILE",
		],
		[
			["--http", "http://x", "--concurrency", "0"],
			"--concurrency: expected a number from 1",
		],
		[
			["--http", "http://x", "--jobs", "0"],
			"--concurrency: expected a number from 1",
		],
		[["--vault", "http://127.0.0.1:1"], "--vault needs --role too"],
		[["--vault", "http://127.0.0.1:1", "--role", "ci"], "set VAULT_TOKEN"],
		[["--aws", "http://127.0.0.1:1"], "--aws needs --role-arn too"],
		[["--gcp", "http://127.0.0.1:1"], "--gcp needs --gcp-provider too"],
		[["--azure", "http://127.0.0.1:1"], "--azure needs --tenant too"],
		[
			["--kubernetes", "http://127.0.0.1:1"],
			"--kubernetes needs --authentication-config too",
		],
		[["--role", "ci"], "--role goes with --vault"],
		[["--http", "http://x", "--scope", "a"], "--scope goes with --azure"],
		[
			["--aws", "http://x", "--allowed-audiences", "a"],
			"--allowed-audiences goes with --gcp",
		],
		[
			["--vault", "http://x", "--aws", "http://y"],
			"name only one target: --vault, --aws",
		],
		[["--http", "http://x", "--kubernetes", "http://y"], "--kubernetes needs"],
		[
			["--http", "http://x", "--server", "http://127.0.0.1:1"],
			"no answer from http://127.0.0.1:1",
		],
	])("%j is refused", async ([argv, message]) => {
		const { code, stderr, stdout } = await command(["check", ...argv]);
		expect(stderr).toContain(message);
		expect(stdout).toBe("");
		expect(code).toBe(2);
	});
});

test("where it is stopped, a server that was there before is left as it was", {
	timeout: 60_000,
}, async () => {
	await using gitlab = await startGitLab();
	const own = { "/oauth/discovery/keys": { headers: { "X-Mine": "1" } } };
	gitlab.faults.set(own);
	const { kid } = gitlab.keys.ci;
	const file = await profile("rp.yaml", PROFILE);
	const stop = new AbortController();
	// From then on the issuer misbehaves, on an instance beside ours.
	const stopping = gitlab.requests
		.wait({ path: "/_mock/instances", method: "POST" }, 30)
		.then(() => stop.abort());
	const { code, stdout } = await command(
		["check", file, "--server", gitlab.url, "--only", "instance"],
		"",
		false,
		stop.signal,
	);
	await stopping;
	expect(stdout).toContain("The check was stopped");
	expect(code).toBe(2);
	const left = await fetch(`${gitlab.url}/_mock/instances`);
	expect(await left.json()).toEqual({ instances: [] });
	expect(gitlab.faults.current()).toEqual(own);
	expect(gitlab.keys.ci.kid).toBe(kid);
});

test("a report that cannot be written is told of before the run", async () => {
	const { code, stderr } = await command([
		"check",
		...["--http", "http://127.0.0.1:1", "--report", "html=/nonexistent/x.html"],
	]);
	expect(code).toBe(2);
	expect(stderr).toContain(
		"--report html=/nonexistent/x.html: cannot write there",
	);
});

test("--max-time ends a run with a report of what is known by then", {
	timeout: 60_000,
}, async () => {
	const file = await profile(
		"slow.yaml",
		"target: { command: 'sleep 0.3; exit 0' }\n",
	);
	const json = join(folder, "stopped.json");
	const junit = join(folder, "stopped.xml");
	const { code } = await command([
		...["check", file, "--max-time", "2s", "--only", "signature,valid"],
		...["--report", `json=${json}`, "--report", `junit=${junit}`],
	]);
	const { reason, scenarios, controls } = asJson(await readFile(json, "utf8"));
	expect(reason).toBe(
		"The check was stopped: 2 s, the limit of --max-time, are over.",
	);
	expect(controls.accepted).toBeGreaterThan(0);
	const outcomes = new Set(scenarios.map(({ outcome }) => outcome));
	expect(outcomes).toContain("not-reached");
	expect(parseXml(await readFile(junit, "utf8")).root?.name).toBe("testsuites");
	expect([1, 2]).toContain(code);
	const whole = await command([
		...["check", file, "--max-time", "1h", "--only", "valid/baseline"],
	]);
	expect(whole.code).toBe(0);
});

test("--method is that of the request, and goes before the profile's", async () => {
	const file = await profile(
		"method.yaml",
		'target: { http: { url: "http://127.0.0.1:1/", method: PUT } }\nlimits: { start: 0.1 }\n',
	);
	for (const [argv, asked] of [
		[[file], "PUT http"],
		[[file, "--method", "patch"], "PATCH http"],
		[["--http", "http://127.0.0.1:1/", "--method", "POST"], "POST http"],
	] as const) {
		const { stdout } = await command(["check", ...argv, "--only", "time"]);
		expect(stdout).toContain(`RP        ${asked}`);
	}
});

test("secrets in the target's URL stay out of reports", async () => {
	const file = await profile(
		"secret.yaml",
		'target: { http: { url: "http://me:PASSWORD@127.0.0.1:1/?api_key=SECRET&x=1" } }\nlimits: { start: 0.1 }\n',
	);
	for (const format of ["json", "html", "text", "sarif", "junit"]) {
		const { stdout, code } = await command(["check", file, "--report", format]);
		expect(code).toBe(2);
		expect(stdout.length).toBeGreaterThan(100);
		expect(stdout).not.toMatch(/PASSWORD|SECRET/);
	}
});

test("as a process of its own", { timeout: 60_000 }, async () => {
	const file = await profile("rp.yaml", PROFILE);
	const { code, stdout, stderr } = await execute([
		"check",
		file,
		"--only",
		"audience/other-service",
	]);
	expect(stderr).toBe("");
	expect(stdout).toContain("NO FINDINGS");
	expect(code).toBe(0);
});

describe("a baseline", () => {
	const only = ["--only", "audience,project"];
	test("has today's findings as known, and what is new fails", async () => {
		const forgetful = (what: string) =>
			PROFILE.replace(START, `env FORGETS=${what} ${START}`);
		const file = await profile(
			"baseline.yaml",
			`# ours\n${forgetful("audience")}`,
		);
		const before = join(folder, "before.json");
		const first = await command([
			...["check", file, "--update-known", "--report", `json=${before}`],
			...only,
		]);
		expect(first.code).toBe(0);
		const { findings } = asJson(await readFile(before, "utf8"));
		const failing = findings.filter(({ fails }) => fails);
		expect(first.stderr).toContain(
			`${failing.length} findings are known from today`,
		);
		const written = await readFile(file, "utf8");
		expect(written).toMatch(/^# ours\n/);
		expect(written).toMatch(
			/because: "?known since \d{4}-\d\d-\d\d: The audience \(aud\) is not checked\./,
		);
		const second = await command(["check", file, ...only]);
		expect(second.code).toBe(0);

		await writeFile(file, written.replace("=audience", "=policy"));
		const third = await command(["check", file, "--compare", before, ...only]);
		expect(third.code).toBe(1);
		expect(third.stdout).toContain("Since ");
		expect(third.stdout).toContain("gone: The audience (aud) is not checked.");
		expect(third.stdout).toMatch(/new: .*project_path/);

		// What passes goes off the list again.
		const fourth = await command(["check", file, "--update-known", ...only]);
		expect(fourth.code).toBe(0);
		expect(await readFile(file, "utf8")).not.toContain("id: audience/");
	});
	test("is not written from a run that proves nothing, or without a profile", async () => {
		const text = `# ours\n${PROFILE.replace(START, "exit 3")}`;
		const file = await profile("dead.yaml", text);
		const dead = await command(["check", file, "--update-known", ...only]);
		expect(dead.code).toBe(2);
		expect(dead.stderr).toContain("stays as it was: the run proves nothing");
		expect(await readFile(file, "utf8")).toBe(text);
		const none = await command(["check", "--http", HTTP, "--update-known"]);
		expect(none.code).toBe(2);
		expect(none.stderr).toContain("--update-known writes into a profile");
	});
	test("is compared with a JSON report alone", async () => {
		const file = await profile("no-report.json", '{"version":2}');
		const { code, stderr } = await command([
			...["check", "--http", HTTP, "--compare", file],
		]);
		expect(code).toBe(2);
		expect(stderr).toContain("--report json=FILE");
	});
});

// serve as a user runs it: what it prints, its environment, its end.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { command, execute, serve, serveHere } from "./command.js";

test.for(["SIGTERM", "SIGINT"] as const)(
	"stops cleanly within a second on %s, with a connection open",
	async (signal) => {
		const server = await serve([]);
		const { hostname, port } = new URL(server.url);
		const socket = connect(Number(port), hostname);
		await new Promise<void>((resolve) => socket.once("connect", resolve));
		socket.on("error", () => {});
		const { code, took } = await server.stop(signal);
		expect(code).toBe(0);
		expect(took).toBeLessThan(1000);
		expect(server.stderr()).toBe("");
	},
);

test("prints the issuer, the line to take a token, and what it is for", async () => {
	const server = await serve([]);
	expect(server.stdout()).toContain("for tests only");
	expect(server.stdout()).toContain(`issuer  ${server.url}`);
	const [, url = ""] = /curl -s (\S+)/.exec(server.stdout()) ?? [];
	const token = await (await fetch(url)).text();
	expect(token.split(".")).toHaveLength(3);
	const decoded = await command(["decode", token, "--server", server.url]);
	expect(decoded).toMatchObject({ code: 0, stderr: "" });
	await server.stop("SIGTERM");
});

test("each option is an environment variable too", async () => {
	const server = await serve(["--json"], {
		GITLAB_OIDC_MOCK_ISSUER: "https://gitlab.example.com/gitlab",
		GITLAB_OIDC_MOCK_GITLAB_VERSION: "17.11",
		GITLAB_OIDC_MOCK_AUDIENCE: "from-env",
		GITLAB_OIDC_MOCK_PLAN: "free",
		GITLAB_OIDC_MOCK_TLS: "true",
		GITLAB_OIDC_MOCK_TLS_PORT: "0",
		GITLAB_OIDC_MOCK_TLS_NAME: "gitlab,localhost",
	});
	const ready = JSON.parse(server.stdout());
	expect(ready).toMatchObject({
		url: server.url,
		issuer: "https://gitlab.example.com/gitlab",
	});
	expect(ready.tls_url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
	const answer = await command([
		"token",
		"production-tier",
		"--json",
		"--server",
		server.url,
	]);
	const { claims } = JSON.parse(answer.stdout);
	expect(claims).toMatchObject({
		iss: "https://gitlab.example.com/gitlab",
		aud: "from-env",
		environment_protected: "false",
	});
	expect(claims).not.toHaveProperty("job_project_path");
	await server.stop("SIGTERM");
});

test("says which of your scenarios are broken, and which win", async () => {
	const folder = await mkdtemp(join(tmpdir(), "serve-"));
	await writeFile(join(folder, "broken.yaml"), "title: x\n");
	const server = await serveHere(["--scenarios", folder]);
	expect(server.stderr()).toContain(
		`${join(folder, "broken.yaml")}:1:1: expect: `,
	);
	await server.stop();
	await rm(folder, { recursive: true });
});

describe("one line that says what to do, and exit code 2", () => {
	test.for([
		[["--port", "http"], "Expected a port"],
		[
			["--scenarios", "/does/not/exist"],
			"there is no scenario folder /does/not/exist; make it",
		],
		[["--issuer", "gitlab.com"], "expected a URL such as"],
		[["--plan", "gold"], "Allowed choices are free, premium, ultimate"],
		[["--gitlab-version", "1"], '"1" is not a GitLab version'],
		[
			["--keys", "/does/not/exist/keys.json"],
			"cannot write /does/not/exist/keys.json",
		],
		[["--prot", "1"], "Did you mean --port?"],
		[["--tls", "--tls-cert", "x"], "--tls-cert and --tls-key go together"],
		[
			["--host", "no.such.host.invalid"],
			"cannot listen on no.such.host.invalid",
		],
	] as const)("%j", async ([argv, message]) => {
		const { code, stdout, stderr } = await command([
			"serve",
			"--port",
			"0",
			...argv,
		]);
		expect(stderr).toContain(message);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
		expect(stderr).not.toContain("    at ");
	});

	test("a taken port", async () => {
		const first = await serveHere([]);
		const { port } = new URL(first.url);
		const { code, stderr } = await execute(["serve", "--port", port]);
		expect(code).toBe(2);
		expect(stderr).toBe(
			`error: port ${port} on 127.0.0.1 is taken; choose another with --port, or --port 0 for any free one\n`,
		);
		await first.stop();
	});
});

test("a control token from the environment is asked for, and never printed", async () => {
	const server = await serve([], {
		GITLAB_OIDC_MOCK_CONTROL_TOKEN: "s3cret-of-the-test",
	});
	const clock = (headers: Record<string, string>) =>
		fetch(`${server.url}/_mock/clock`, { method: "DELETE", headers });
	expect((await clock({})).status).toBe(401);
	const allowed = await clock({ Authorization: "Bearer s3cret-of-the-test" });
	expect(allowed.status).toBe(200);
	await server.stop("SIGTERM");
	expect(server.stdout() + server.stderr()).not.toContain("s3cret");
});

test("warns where it listens for others", async () => {
	const open = await serveHere(["--host", "0.0.0.0"]);
	expect(open.stderr()).toContain(
		"warning: listening on 0.0.0.0: whoever reaches it can have tokens and change everything (see --control-token)",
	);
	await open.stop();
});

test("--config names the place of what is wrong in it", async () => {
	const folder = await mkdtemp(join(tmpdir(), "serve-"));
	const file = join(folder, "config.yaml");
	await writeFile(file, "instances:\n  - name: a\n    plan: gold\n");
	const { code, stderr } = await command([
		"serve",
		"--port",
		"0",
		"--config",
		file,
	]);
	expect(code).toBe(2);
	expect(stderr).toContain(`${file}:3:11: instances.0.plan: `);
	await rm(folder, { recursive: true });
});

test("variables that are empty, false or another program's are not set", async () => {
	const server = await serve(["--json"], {
		GITLAB_OIDC_MOCK_ISSUER: "",
		GITLAB_OIDC_MOCK_TLS: "false",
		GITLAB_OIDC_MOCK_TRUST_PROXY: "no",
		GITLAB_OIDC_MOCK_TLS_PORT: "tcp://172.17.0.2:8080",
	});
	expect(JSON.parse(server.stdout())).toMatchObject({
		issuer: null,
		tls_url: null,
	});
	await server.stop("SIGTERM");
});

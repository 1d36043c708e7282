// The Docker image, and the examples that use it, as their users run them.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { parse } from "yaml";
import { dockerEngine, hasDocker } from "./docker.js";
import type { Container, Engine, Image } from "./engine.js";
import { standInEngine } from "./stand-in.js";

interface Compose {
	services: Record<"gitlab" | "rp", Service>;
}
interface Service {
	build: string;
	environment: Record<string, string>;
	ports: string[];
	healthcheck?: { test: string[] };
	depends_on?: { gitlab: { condition: string } };
}
interface Job {
	services: {
		name: string;
		alias: string;
		variables: Record<string, string>;
	}[];
	variables: Record<string, string>;
	script: string[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const COMPOSE = join(root, "examples/compose.yaml");
const PIPELINE = join(root, "examples/gitlab-ci.yml");
const SERVICE = join(root, "examples/rp");
const read = (path: string) => readFileSync(path, "utf8");

let engine: Engine;
let image: Image;

beforeAll(async () => {
	engine = (await hasDocker()) ? dockerEngine : standInEngine;
	image = await engine.build(root);
});
afterAll(() => image?.remove());

test("says how it is run", () => {
	expect(image.config).toMatchObject({
		User: "node",
		Entrypoint: ["gitlab-oidc-mock"],
		Cmd: ["serve"],
		ExposedPorts: { "8080/tcp": {}, "8443/tcp": {} },
		Healthcheck: { Test: ["CMD", "gitlab-oidc-mock-is-ready"] },
	});
});

test("has what it runs on, and nothing else", async () => {
	const files = await image.run(["ls", "-A", "/app"]);
	expect(files.stdout.trim().split("\n").sort()).toEqual([
		"LICENSE",
		"README.md",
		"dist",
		"package.json",
		"scenarios",
	]);
	// The command is a bundle, and needs no packages.
	const built = await image.run([
		"ls",
		"-A",
		"/app/dist",
		"/app/dist/scenario",
	]);
	expect(built.stdout.split(/\s+/).filter(Boolean)).toEqual([
		...["/app/dist:", "cli", "scenario"],
		...["/app/dist/scenario:", "built-in.json"],
	]);
});

test("runs as a user that cannot change it", async () => {
	expect((await image.run(["id", "-un"])).stdout).toBe("node\n");
	const changed = await image.run(["touch", "/app/dist/cli/main.js"]);
	expect(changed.code).not.toBe(0);
});

test("is healthy once it gives tokens, which verify by its own discovery", async () => {
	const { url, container } = await started(image, {
		GITLAB_OIDC_MOCK_AUDIENCE: "https://from.the.environment",
	});
	await healthy(container);
	const payload = await verified(url, "https://from.the.environment");
	expect(payload).toMatchObject({ iss: url, ref_type: "tag" });
	expect(await container.logs()).toContain("for tests only");
	for (const address of ownAddresses()) {
		const { port } = new URL(url);
		await verified(`http://${address}:${port}`, "https://from.the.environment");
	}
});

test("is not healthy while nothing answers", async () => {
	const port = `GITLAB_OIDC_MOCK_PORT=${await freePort()}`;
	const outcome = await image.run(["env", port, ...healthcheck()]);
	expect(outcome).toMatchObject({ code: 1, stdout: "" });
	expect(outcome.stderr).toContain("nothing listens there");
});

test("is healthy with an issuer from the environment, also below a path", async () => {
	const issuer = "https://example.com/gitlab";
	const { url, container } = await started(image, {
		GITLAB_OIDC_MOCK_ISSUER: issuer,
	});
	await healthy(container);
	const token = await text(`${url}/_mock/token/protected-tag`);
	expect(decodeJwt(token).iss).toBe(issuer);
});

test("stops at SIGTERM, as process 1 and with a connection open", async () => {
	const { url, container } = await started(image, {});
	await healthy(container);
	await text(`${url}/_mock/health`); // fetch keeps the connection
	const { code, took } = await container.stop();
	expect(code).toBe(0);
	expect(took).toBeLessThan(3000);
});

test("examples/compose.yaml: the service starts after the mock, and trusts it", async () => {
	const { gitlab, rp } = (parse(read(COMPOSE)) as Compose).services;
	expect(join(dirname(COMPOSE), gitlab.build, "/")).toBe(root);
	expect(gitlab.ports).toEqual(["127.0.0.1:8080:8080"]);
	expect(rp.depends_on?.gitlab.condition).toBe("service_healthy");
	const service = await engine.build(join(dirname(COMPOSE), rp.build));
	onTestFinished(service.remove);
	const [port] = Object.keys(service.config.ExposedPorts);
	expect(rp.ports).toEqual([`127.0.0.1:${port?.replace(/(\d+).*/, "$1:$1")}`]);

	const mock = await started(image, gitlab.environment);
	const [kind, ...command] = gitlab.healthcheck?.test ?? [];
	expect(kind).toBe("CMD");
	await healthy(mock.container, command);
	const running = await started(service, rp.environment, mock.url);
	await vi.waitFor(() => text(running.url), { timeout: 20_000, interval: 100 });
	expect(await answer(running.url, mock.url, "protected-tag")).toBe(200);
	expect(await answer(running.url, mock.url, "unprotected-branch")).toBe(403);
	expect(await answer(running.url, mock.url, "alg-none")).toBe(401);
});

test("examples/gitlab-ci.yml: the job's script succeeds, and fails with a service that lets everybody in", async () => {
	const job = parse(read(PIPELINE))["integration-test"] as Job;
	const [{ name, alias, variables } = { name: "", alias: "", variables: {} }] =
		job.services;
	expect(name).toMatch(/\/gitlab-oidc-mock:latest$/);
	expect(alias).toBe("gitlab");
	const { url, container } = await started(image, variables);
	await healthy(container);
	const good = await scriptOf(job, url, SERVICE);
	expect(good).toMatchObject({ code: 0 });
	expect(good.printed).toContain("project_path:");
	const folder = join(import.meta.dirname, "lets-everybody-in");
	const bad = await scriptOf(job, url, folder);
	expect(bad).toMatchObject({ code: 1 });
});

/** Starts an image; `gitlab:8080` in its environment is the mock, itself unless another is given. */
async function started(
	of: Image,
	env: Record<string, string>,
	gitlab?: string,
): Promise<{ url: string; container: Container }> {
	const port = String(await freePort());
	const url = `http://127.0.0.1:${port}`;
	const container = await of.start({
		...replaced(env, gitlab ?? url),
		GITLAB_OIDC_MOCK_PORT: port,
		PORT: port,
	});
	onTestFinished(container.remove);
	return { url, container };
}

const replaced = <T>(value: T, gitlab: string): T =>
	JSON.parse(JSON.stringify(value).replaceAll("http://gitlab:8080", gitlab));

/** The command of the image's own HEALTHCHECK. */
const healthcheck = () => image.config.Healthcheck?.Test.slice(1) ?? [];

/** Waits until the health check succeeds. */
async function healthy(container: Container, command = healthcheck()) {
	await vi.waitFor(
		async () =>
			expect(await container.exec(command)).toMatchObject({
				code: 0,
				stdout: "ready\n",
			}),
		{ timeout: 30_000, interval: 100 },
	);
}

async function text(url: string, init: RequestInit = {}): Promise<string> {
	return (await fetch(url, init)).text();
}

/** The claims of a token that the mock at `url` gives, as jose sees them. */
async function verified(url: string, audience: string) {
	const configuration = `${url}/.well-known/openid-configuration`;
	const { issuer, jwks_uri } = JSON.parse(await text(configuration));
	const keys = createRemoteJWKSet(new URL(jwks_uri));
	const token = await text(`${url}/_mock/token/protected-tag`);
	const { payload } = await jwtVerify(token, keys, { issuer, audience });
	return payload;
}

/** The status that the service gives a holder of this scenario's token. */
async function answer(service: string, mock: string, scenario: string) {
	const token = await text(`${mock}/_mock/token/${scenario}`);
	const headers = { Authorization: `Bearer ${token}` };
	return (await fetch(service, { headers })).status;
}

/** Runs a job's script as GitLab's runner does, in the folder of a service. */
async function scriptOf(job: Job, gitlab: string, folder: string) {
	const port = String(await freePort());
	const { script, variables } = replaced(job, gitlab);
	const lines = script
		.join("\n")
		.replaceAll("localhost:9000", `127.0.0.1:${port}`);
	const child = spawn("bash", ["-c", `set -eo pipefail\n${lines}`], {
		cwd: folder,
		env: { ...process.env, ...variables, PORT: port },
		stdio: ["ignore", "pipe", "pipe"],
		detached: true, // a process group of its own, with what the script leaves running
	});
	let printed = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk) => {
			printed += chunk;
		});
	}
	const closed = new Promise<void>((resolve) =>
		child.once("close", () => resolve()),
	);
	const code = await new Promise<number | null>((resolve) =>
		child.once("exit", resolve),
	);
	process.kill(-(child.pid as number), "SIGKILL");
	await closed;
	return { code, printed };
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
}

/** Addresses of this machine that are not loopback. */
const ownAddresses = () =>
	Object.values(networkInterfaces())
		.flatMap((found) => found ?? [])
		.filter(({ internal, family }) => !internal && family === "IPv4")
		.map(({ address }) => address);

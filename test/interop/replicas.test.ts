// Replicas of the mock behind HAProxy, as examples/replicas has them: one issuer, also while one of them goes away.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	createLocalJWKSet,
	decodeJwt,
	type JSONWebKeySet,
	jwtVerify,
} from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import {
	freePort,
	listens,
	makeFolder,
	type Program,
	start,
} from "./program.js";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = join(ROOT, "examples/replicas");
const COMMAND = join(ROOT, "dist/cli/main.js");

const ends: (() => Promise<unknown>)[] = [];
const later = (end: () => Promise<unknown>) => void ends.push(end);
let home: string;
let ports: number[];
let replicas: Program[];
let balancer: string;

/** The command's arguments with what is different on this machine. */
const locally = (args: readonly string[], port: number) => {
	const changed = args.filter((arg) => arg !== "--port" && arg !== "8080");
	return changed
		.map((arg) =>
			/keys(\.json)?$/.test(arg) && arg.startsWith("/")
				? join(home, "keys.json")
				: arg,
		)
		.map((arg) => (arg.startsWith("http://gitlab") ? balancer : arg))
		.concat("--port", String(port));
};

const manifests = async () => {
	const text = await readFile(join(EXAMPLES, "kubernetes.yaml"), "utf8");
	return parseAllDocuments(text).map((document) => document.toJSON());
};

beforeAll(async () => {
	home = await makeFolder(later);
	const options = { home, later, from: "Node" };
	const node = process.execPath;
	const made = start(node, [COMMAND, "keys", "--new", "keys.json"], options);
	expect(await made.exit()).toBe(0);

	const [deployment] = await manifests();
	const { args } = deployment.spec.template.spec.containers[0];
	const listening = await freePort();
	balancer = `http://127.0.0.1:${listening}`;
	ports = await Promise.all([freePort(), freePort(), freePort()]);
	replicas = ports.map((port) =>
		start(node, [COMMAND, ...locally(args, port)], options),
	);
	await Promise.all(
		replicas.map((replica, index) =>
			replica.until("listening", () => listens(ports[index] as number)),
		),
	);
	const haproxy = start(
		"haproxy",
		["-db", "-f", join(EXAMPLES, "haproxy.cfg")],
		{
			home,
			later,
			from: "Debian's haproxy",
			env: {
				LISTEN: `127.0.0.1:${listening}`,
				...Object.fromEntries(
					ports.map((port, index) => [
						`GITLAB_${index + 1}`,
						`127.0.0.1:${port}`,
					]),
				),
			},
		},
	);
	await haproxy.until("answering", async () => {
		const answer = await fetch(`${balancer}/_mock/health`).catch(
			() => undefined,
		);
		return answer?.status === 200 ? true : undefined;
	});
});
afterAll(async () => {
	for (const end of ends.reverse()) await end();
});

const jwksAt = async (url: string) =>
	createLocalJWKSet(
		(await (
			await fetch(`${url}/oauth/discovery/keys`)
		).json()) as JSONWebKeySet,
	);

test("a token of each verifies at each, under one issuer", async () => {
	const urls = [...ports.map((port) => `http://127.0.0.1:${port}`), balancer];
	const tokens = await Promise.all(
		urls.map(async (url) =>
			(await fetch(`${url}/_mock/token/protected-tag`)).text(),
		),
	);
	for (const url of urls) {
		const jwks = await jwksAt(url);
		const discovery = await fetch(`${url}/.well-known/openid-configuration`);
		expect(await discovery.json()).toHaveProperty("issuer", balancer);
		for (const token of tokens)
			await jwtVerify(token, jwks, { issuer: balancer });
	}
});

test.for([
	["PUT", "/_mock/clock", { offset: "1h" }],
	["POST", "/_mock/keys/rotate", {}],
	["PUT", "/_mock/faults", { "/oauth/discovery/keys": { status: 500 } }],
	["POST", "/_mock/next", { scenario: "expired" }],
	["POST", "/_mock/instances", {}],
	["POST", "/_mock/reset", {}],
] as const)(
	"%s %s is refused: the others would not know",
	async ([method, path, body]) => {
		const answer = await fetch(balancer + path, {
			method,
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body),
		});
		expect(answer.status).toBe(409);
		expect(await answer.json()).toMatchObject({
			error: "conflict",
			error_description: expect.stringContaining("replica"),
		});
		const iat = decodeJwt(
			await (await fetch(`${balancer}/_mock/token`)).text(),
		).iat;
		expect(Math.abs(Number(iat) - Date.now() / 1000)).toBeLessThan(60);
	},
);

test.for([
	["SIGTERM", 0],
	["SIGKILL", 1],
] as const)(
	"nothing fails where one is ended under load with %s",
	async ([signal, index]) => {
		const jwks = await jwksAt(balancer);
		const { child } = replicas[index] as Program;
		const ended = once(child, "exit");
		let asked = 0;
		let isOver = false;
		const client = async () => {
			while (!isOver) {
				const answer = await fetch(`${balancer}/_mock/token/baseline`);
				expect(answer.status).toBe(200);
				await jwtVerify(await answer.text(), jwks, { issuer: balancer });
				asked += 1;
			}
		};
		const load = Promise.all(Array.from({ length: 8 }, client));
		load.catch(() => undefined);
		const until = async (count: number) => {
			while (asked < count && !isOver)
				await Promise.race([new Promise(setImmediate), load]);
		};
		await until(100);
		child.kill(signal);
		await ended;
		await until(asked + 200);
		isOver = true;
		await load;
		expect(asked).toBeGreaterThan(300);
	},
);

test("compose and Kubernetes start replicas, read-only and without capabilities", async () => {
	const compose = parse(
		await readFile(join(EXAMPLES, "compose.yaml"), "utf8"),
		{ merge: true },
	);
	for (const name of ["gitlab-1", "gitlab-2", "gitlab-3"]) {
		expect(compose.services[name]).toMatchObject({
			command: expect.arrayContaining(["serve", "--replica", "--keys"]),
			read_only: true,
			cap_drop: ["ALL"],
		});
	}
	const [deployment, service] = await manifests();
	const { containers, volumes } = deployment.spec.template.spec;
	expect(containers[0].securityContext).toEqual({
		allowPrivilegeEscalation: false,
		readOnlyRootFilesystem: true,
		capabilities: { drop: ["ALL"] },
	});
	expect(volumes[0].secret.defaultMode & 0o007).toBe(0);
	expect(service.spec.selector).toEqual(deployment.spec.selector.matchLabels);
});

// The servers that are measured: started as their users start them, ended by their process id.
// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(port: number) => string[]} args what Node runs
 * @property {string} discovery
 * @property {string} jwks
 * @property {string} token
 */

/**
 * @typedef {object} LaunchedServer
 * @property {string} url
 * @property {number} id of its process
 * @property {number} launched when, in `performance.now()`
 * @property {() => Promise<void>} stop
 */

const peer = import.meta.resolve("oauth2-mock-server");
const { version } = JSON.parse(
	readFileSync(new URL("../package.json", peer), "utf8"),
);

/** What Node runs for the command line. */
export const COMMAND = fileURLToPath(
	new URL("../dist/cli/main.js", import.meta.url),
);

/** @type {Contestant} */
export const OURS = {
	name: "gitlab-oidc-mock",
	args: (port) => [COMMAND, "serve", "--port", String(port), "--json"],
	discovery: "/.well-known/openid-configuration",
	jwks: "/oauth/discovery/keys",
	token: "/_mock/token/protected-tag",
};

/** @type {Contestant} */
export const PEER = {
	name: `oauth2-mock-server ${version}`,
	args: (port) => [
		file("oauth2-mock-server.mjs", peer),
		...["-a", "127.0.0.1", "-p", String(port)],
	],
	discovery: "/.well-known/openid-configuration",
	jwks: "/jwks",
	token: "/token",
};

/** Node's own server, which can do nothing: what starts no slower has cost nothing. @type {Contestant} */
export const BARE_HTTP = {
	...OURS,
	name: "bare node:http",
	args: (port) => [file("bare-http.mjs", import.meta.url), String(port)],
};

/**
 * A Koa that answers the given server's documents with the same bytes, and does nothing else.
 * @param {string} url
 * @returns {Contestant}
 */
export const bareKoa = (url) => ({
	...OURS,
	name: "bare Koa",
	args: (port) => [
		file("bare-koa.mjs", import.meta.url),
		String(port),
		...[url, OURS.discovery, OURS.jwks],
	],
});

/**
 * Starts a server, and does not wait for it.
 * @param {Contestant} contestant
 * @returns {Promise<LaunchedServer>}
 */
export async function launch({ args }) {
	const port = await freePort();
	const launched = performance.now();
	const child = spawn(process.execPath, args(port), {
		stdio: ["ignore", "ignore", "inherit"],
	});
	return {
		url: `http://127.0.0.1:${port}`,
		id: Number(child.pid),
		launched,
		async stop() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const ended = once(child, "exit");
			child.kill("SIGKILL");
			await ended;
		},
	};
}

const PATIENCE = 30_000; // milliseconds until a server is given up
const PAUSE = 5; // milliseconds between two attempts

/**
 * Asks until there is an answer, each time on a connection of its own.
 * @param {string} url
 */
export async function firstAnswer(url) {
	const end = performance.now() + PATIENCE;
	while (!(await answers(url))) {
		if (performance.now() > end) throw new Error(`${url} does not answer`);
		await sleep(PAUSE);
	}
}

/**
 * @param {string} url
 * @returns {Promise<boolean>}
 */
const answers = (url) =>
	new Promise((resolve) => {
		get(url, { agent: false }, (response) => {
			response.resume().on("end", () => resolve(response.statusCode === 200));
		}).on("error", () => resolve(false));
	});

async function freePort() {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	server.close();
	await once(server, "close");
	return port;
}

/**
 * @param {string} path
 * @param {string} base
 */
const file = (path, base) => fileURLToPath(new URL(path, base));

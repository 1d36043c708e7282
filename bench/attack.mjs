// A server under attack, as a process of its own: it lives, tells nothing private, stays within its memory, and is honest afterwards.
// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
	mkdtemp,
	readFile,
	rename,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { startGitLab } from "../dist/index.js";
import { connection, randomness } from "./attack-requests.mjs";
import { keyHistory } from "./key-history.mjs";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const AT_ONCE = 48; // connections
const IDLE = 1000; // milliseconds without an answer, and a connection is given up
const PATIENCE = 5000; // milliseconds that one lasts
const MOST_MEMORY = 600; // MiB
const SECRET = "hush-hush-hush-hush"; // what is sent as a credential
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi"];
const sleep = (/** @type {number} */ time) =>
	new Promise((resolve) => setTimeout(resolve, time));

/**
 * @param {number} amount how many requests, or what is in the place of one
 * @param {number} seed
 */
export async function attack(amount, seed) {
	const folder = await mkdtemp(join(tmpdir(), "attack-"));
	const keys = join(folder, "keys.json");
	const scenarios = await mkdtemp(join(folder, "scenarios-"));
	const child = spawn(
		process.execPath,
		[
			MAIN,
			"serve",
			"--json",
			"--port",
			"0",
			"--tls",
			"--tls-port",
			"0",
			"--keys",
			keys,
			"--scenarios",
			scenarios,
		],
		{ stdio: ["ignore", "pipe", "pipe"] },
	);
	let log = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => {
			log += text;
		});
	/** @type {string[]} */
	const wrong = [];
	/** @type {number[]} */
	const memory = [];
	const counts = {
		requests: 0,
		connections: 0,
		tls: 0,
		answered: 0,
		files: 0,
		bytes: 0,
	};
	/** @type {Record<string, number>} */
	const statuses = {};
	let ended = false;
	child.on("exit", (code, signal) => {
		if (!ended) wrong.push(`the process ended: ${code ?? signal}`);
		ended = true;
	});
	while (!log.includes("\n") && !ended) await sleep(20);
	const { url, tls_url: tlsUrl } = JSON.parse(log.split("\n", 1)[0] ?? "");
	const file = JSON.parse(await readFile(keys, "utf8"));
	const secrets = [
		SECRET,
		'"qi":"',
		"PRIVATE KEY",
		...file.keys.flatMap((/** @type {Record<string, string>} */ key) =>
			PRIVATE.map((name) => String(key[name]).slice(0, 24)),
		),
	];
	/** @type {{ scenarios: { id: string }[] }} */
	const catalogue = JSON.parse(
		await (await fetch(`${url}/_mock/scenarios`)).text(),
	);
	const known = {
		secret: SECRET,
		kids: ["x"],
		scenarios: catalogue.scenarios.map(({ id }) => id),
	};
	const isOver = () => ended || wrong.length > 20 || counts.requests >= amount;

	/** @param {string} text @param {string} where */
	const inspect = (text, where) => {
		for (const secret of secrets)
			if (text.includes(secret))
				wrong.push(`${where} tells ${secret.slice(0, 8)}…`);
		if (text.includes("internal_error")) wrong.push(`${where}: internal_error`);
	};

	/** @param {number} own the seed of this connection */
	const oneConnection = (own) =>
		new Promise((resolve) => {
			const random = randomness(own);
			const pieces = connection(random, known);
			const isTls = random.chance(0.02);
			// Some speak in clear where TLS is expected, and the other way round.
			const to = new URL(random.chance(0.01) ? tlsUrl : isTls ? tlsUrl : url);
			const place = { host: to.hostname, port: Number(to.port) };
			const socket = isTls
				? connectTls({ ...place, rejectUnauthorized: false })
				: connect(place);
			counts.requests += pieces.length;
			counts.connections += 1;
			if (isTls) counts.tls += 1;
			let tail = "";
			socket.setEncoding("latin1").setTimeout(IDLE, () => socket.destroy());
			socket.on("data", (/** @type {string} */ text) => {
				counts.bytes += text.length;
				inspect(tail + text, `seed ${own}`);
				for (const [, status] of (tail.slice(-12) + text).matchAll(
					/HTTP\/1\.1 (\d{3}) /g,
				)) {
					statuses[String(status)] = (statuses[String(status)] ?? 0) + 1;
					counts.answered += 1;
				}
				tail = text.slice(-40);
			});
			// A fault may send a byte now and then for hours.
			const timer = setTimeout(() => socket.destroy(), PATIENCE);
			socket.on("error", () => undefined);
			socket.on("close", () => {
				clearTimeout(timer);
				resolve(undefined);
			});
			socket.write(Buffer.concat(pieces));
			if (random.chance(0.05))
				setTimeout(() => socket.destroy(), random.int(20));
		});

	const connecting = async () => {
		while (!isOver()) await oneConnection(seed + counts.connections);
	};

	const good =
		"title: t\nexpect: policy\nwhy: w\nspec: [RFC 9110]\njob: { ref: ours }\n";
	/** Scenario files come half written, are replaced, turn into what is no file, and go. */
	const writing = async () => {
		const random = randomness(seed);
		while (!isOver()) {
			const path = join(
				scenarios,
				`${random.pick(["a", "b", "c"])}.${random.pick(["yaml", "yml"])}`,
			);
			const half = good.slice(0, random.int(good.length));
			/** @type {(() => Promise<unknown>)[]} */
			const ways = [
				() =>
					writeFile(path, half)
						.then(() => sleep(random.int(60)))
						.then(() => writeFile(path, good)),
				() => writeFile(path, random.bytes(random.int(2000))),
				() =>
					writeFile(`${path}.new`, good).then(() =>
						rename(`${path}.new`, path),
					),
				() =>
					rm(path).then(() =>
						symlink(
							random.pick([
								"/dev/zero",
								"/proc/self/environ",
								path,
								"/proc/1/mem",
								"/nowhere",
							]),
							path,
						),
					),
				() => rm(path),
			];
			await random
				.pick(ways)()
				.catch(() => undefined);
			counts.files += 1;
			await sleep(30);
		}
	};

	const watching = async () => {
		while (!isOver()) {
			const { kids } = await fetch(`${url}/_mock/keys`, {
				signal: AbortSignal.timeout(5000),
			})
				.then((response) => response.text())
				.then((text) => JSON.parse(text))
				.then((answer) => ({
					kids: answer.keys.map(
						(/** @type {{ kid: string }} */ { kid }) => kid,
					),
				}))
				.catch(() => ({ kids: [] }));
			if (kids.length > 0) known.kids = kids;
			if (!ended)
				memory.push(
					Number(
						/VmRSS:\s+(\d+)/.exec(
							readFileSync(`/proc/${child.pid}/status`, "latin1"),
						)?.[1] ?? 0,
					) / 1024,
				);
			await sleep(500);
		}
	};

	const telling = async () => {
		while (!isOver()) {
			await sleep(10_000);
			console.error(`${counts.requests} requests, ${wrong.length} wrong`);
		}
	};

	const begun = performance.now();
	await Promise.all([
		writing(),
		watching(),
		telling(),
		...Array.from({ length: AT_ONCE }, connecting),
	]);
	const seconds = (performance.now() - begun) / 1000;

	if (!ended)
		await honestAfterwards(url, file.keys[1].kid, scenarios, good).catch(
			(error) => wrong.push(`afterwards: ${error.stack}`),
		);
	inspect(log, "the log");
	if (/internal error|Error:|\n {4}at /.test(log))
		wrong.push(`the log: ${log.slice(-2000)}`);
	if (Math.max(...memory) > MOST_MEMORY)
		wrong.push(`${Math.max(...memory)} MiB`);
	const isAlive = !ended;
	ended = true;
	if (isAlive) {
		child.kill();
		const gone = await Promise.race([once(child, "exit"), sleep(5_000)]);
		if (!gone) wrong.push("it does not end when it is told to");
		child.kill("SIGKILL");
	}
	await rm(folder, { recursive: true });

	const histories = { tokens: 0, documents: 0, changes: 0 };
	for (let turn = 0; turn < 3; turn++) {
		const gitlab = await startGitLab();
		const history = await keyHistory(gitlab.url, { seed: seed + turn });
		await gitlab.close();
		wrong.push(
			...history.wrong.map((line) => `key history ${seed + turn}: ${line}`),
		);
		for (const name of /** @type {const} */ ([
			"tokens",
			"documents",
			"changes",
		]))
			histories[name] += history[name];
	}
	return {
		seed,
		...counts,
		seconds: Math.round(seconds),
		statuses,
		memoryMiB: {
			first: Math.round(memory[0] ?? 0),
			most: Math.round(Math.max(...memory)),
			last: Math.round(memory.at(-1) ?? 0),
		},
		histories,
		wrong: [...new Set(wrong)],
	};
}

/**
 * Everything is put back, and the server is as on its first day.
 * @param {string} url @param {string} kid of the key file @param {string} folder @param {string} scenario
 */
async function honestAfterwards(url, kid, folder, scenario) {
	const headers = { "Content-Type": "application/json" };
	const ask = async (
		/** @type {string} */ path,
		/** @type {RequestInit} */ init = {},
	) => {
		const response = await fetch(url + path, {
			headers,
			...init,
			signal: AbortSignal.timeout(10_000),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
		return text;
	};
	await ask("/_mock/instances", { method: "DELETE" });
	await ask("/_mock/reset", { method: "POST", body: '{"keys":true}' });
	// What was sent last may still be under way: a change of keys takes a key to make.
	for (let turn = 0; turn < 4; turn++) {
		await sleep(1000);
		await ask("/_mock/reset", { method: "POST", body: '{"keys":true}' });
	}
	const jwks = createRemoteJWKSet(new URL(`${url}/oauth/discovery/keys`));
	for (let turn = 0; turn < 10; turn++) {
		const { protectedHeader } = await jwtVerify(
			await ask("/_mock/token"),
			jwks,
			{ issuer: url, audience: "https://rp.example.com" },
		);
		if (protectedHeader.kid !== kid)
			throw new Error(
				`signed by ${protectedHeader.kid}, not by the key of the file`,
			);
	}
	await writeFile(join(folder, "last.yaml"), scenario);
	for (let turn = 0; turn < 50; turn++) {
		if (await ask("/_mock/token/last").catch(() => undefined)) return;
		await sleep(100);
	}
	throw new Error("a new scenario file is not seen");
}

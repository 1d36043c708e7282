// How long a check takes: of a relying party in the same process, and of one over HTTP beside what that one needs itself.
// @ts-check
import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runCheck } from "../dist/check/run.js";
import { checkProfile } from "../dist/harness/check-profile.js";
import { providerOf } from "../dist/harness/local.js";
import { checkRelyingParty, startGitLab } from "../dist/index.js";
import { createTarget } from "../dist/relying-party/target/create.js";
import { verifier } from "./verifier.mjs";

const AUDIENCE = "https://rp.example.com";
const JOBS = 4;
const ROUNDS = 3;
const ROUNDS_BY_HTTP = 9; // short ones, of which each is a ratio of its own

/** Seconds of each, and how many tokens the HTTP one gets: the best round in process, the one whose ratio is the median by HTTP. */
export async function measureCheck() {
	const inProcess = [];
	for (let round = 0; round < ROUNDS; round++) {
		let verify = verifier();
		const { duration, conclusion, reason } = await checkRelyingParty({
			verify: (token, place) => verify(token, place),
			restart() {
				verify = verifier();
			},
			skip: ["probe"],
		});
		if (reason !== null) throw new Error(`${conclusion}: ${reason}`);
		inProcess.push(duration);
	}
	return {
		inProcess: Math.min(...inProcess),
		...(await overHttp()),
		whole: await ofStarted({}),
		quick: await ofStarted({ quick: true }),
	};
}

/**
 * Seconds of a check that starts the relying party itself, with every probe unless it is quick.
 * @param {{ quick?: boolean }} selection
 */
async function ofStarted(selection) {
	const { duration, reason } = await checkProfile(
		{
			target: { http: { url: "http://127.0.0.1:{port}/" } },
			start: [process.execPath, RELYING_PARTY],
			policy: { claims: { project_path: "my-group/my-project", ref: "main" } },
			limits: { refresh: 10 },
		},
		{ version: "bench", selection },
	);
	if (reason !== null) throw new Error(reason);
	return duration;
}

const RELYING_PARTY = fileURLToPath(
	new URL("./relying-party.mjs", import.meta.url),
);

/** The scenarios that are plain tokens: what an instance that misbehaves costs is the scenario's own time. */
async function overHttp() {
	const gitlab = await startGitLab();
	const plain = gitlab.scenarios.filter(({ instance }) => !instance?.faults);
	const skip = gitlab.scenarios
		.filter(({ instance }) => instance?.faults)
		.map(({ id }) => id);
	const port = 20_000 + (process.pid % 20_000);
	const rp = spawn(process.execPath, [
		RELYING_PARTY,
		...[gitlab.issuer, String(port)],
	]);
	try {
		await listening(port);
		const rounds = [];
		let count = 0;
		for (let round = 0; round < ROUNDS_BY_HTTP; round++) {
			const begun = performance.now();
			const tokens = await make(gitlab, plain);
			const made = (performance.now() - begun) / 1000;
			count = tokens.length;
			const alone = made + (await present(tokens, port));
			rounds.push({ alone, checked: await check(gitlab, port, skip) });
		}
		rounds.sort((a, b) => a.checked / a.alone - b.checked / b.alone);
		const { alone, checked } = rounds[rounds.length >> 1] ?? {
			alone: Number.NaN,
			checked: Number.NaN,
		};
		return { tokens: count, alone, checked };
	} finally {
		rp.kill();
		await gitlab.close();
	}
}

/**
 * Their tokens, as far as they can be made and sent in a header.
 * @param {import("../dist/index.js").GitLab} gitlab
 * @param {readonly import("../dist/index.js").Scenario[]} scenarios
 */
async function make(gitlab, scenarios) {
	const tokens = await Promise.all(
		scenarios.map(({ id }) => gitlab.token(id).catch(() => "")),
	);
	return tokens.filter((token) => /^[\x21-\x7e]+$/.test(token));
}

/** @param {number} port */
async function listening(port) {
	for (let attempt = 0; attempt < 200; attempt++) {
		const isThere = await new Promise((resolve) => {
			const socket = connect(port, "127.0.0.1", () => resolve(true));
			socket.once("error", () => resolve(false));
			socket.unref();
		});
		if (isThere) return;
		await sleep(25);
	}
	throw new Error("the relying party does not answer");
}

/**
 * What the relying party needs for these tokens, asked by as little as can be.
 * @param {readonly string[]} tokens
 * @param {number} port
 */
async function present(tokens, port) {
	const agent = new Agent({ keepAlive: true, maxSockets: JOBS });
	const begun = performance.now();
	let next = 0;
	const worker = async () => {
		while (next < tokens.length) await ask(tokens[next++] ?? "", port, agent);
	};
	await Promise.all(Array.from({ length: JOBS }, worker));
	agent.destroy();
	return (performance.now() - begun) / 1000;
}

/** @type {(token: string, port: number, agent: Agent) => Promise<void>} */
const ask = (token, port, agent) =>
	new Promise((resolve, reject) => {
		const headers = { Authorization: `Bearer ${token}` };
		request({ host: "127.0.0.1", port, agent, headers }, (answer) => {
			answer.resume().once("end", resolve);
		})
			.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
				error.code === "ECONNRESET" || error.code === "EPIPE"
					? resolve()
					: reject(error),
			)
			.end();
	});

/**
 * @param {import("../dist/index.js").GitLab} gitlab
 * @param {number} port
 * @param {string[]} skip
 */
async function check(gitlab, port, skip) {
	const target = createTarget(
		{ http: { url: `http://127.0.0.1:${port}/` } },
		{ timeout: 10 },
	);
	const { duration, reason } = await runCheck({
		profile: { audience: AUDIENCE },
		provider: { ...providerOf(gitlab, "19.1"), close: async () => {} },
		party: {
			...target,
			restart: undefined,
			startsAnew: false,
			atOnce: 200,
		},
		selection: { skip: [...skip, "probe", "near"] },
		concurrency: JOBS,
		version: "bench",
	});
	if (reason !== null) throw new Error(reason);
	await target.close();
	return duration;
}

if (import.meta.filename === process.argv[1]) console.log(await measureCheck());

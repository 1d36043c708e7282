// How long a server takes from the start of its process to its first discovery and its first JWKS answer.
// @ts-check
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inTurns, median } from "./rounds.mjs";
import {
	BARE_HTTP,
	COMMAND,
	firstAnswer,
	launch,
	OURS,
	PEER,
} from "./servers.mjs";

const ROUNDS = 15; // many, as the time that a key takes is a matter of luck

/** Milliseconds from the start of the process. */
export async function measureStartUp() {
	const folder = await mkdtemp(join(tmpdir(), "start-up-"));
	const keys = join(folder, "keys.json");
	try {
		await promisify(execFile)(process.execPath, [
			COMMAND,
			"keys",
			"--new",
			keys,
		]);
		const kept = {
			...OURS,
			args: (/** @type {number} */ port) => [
				...OURS.args(port),
				"--keys",
				keys,
			],
		};
		return await inTurns(ROUNDS, median, {
			discovery: () => untilFirstAnswer(OURS, OURS.discovery),
			peerDiscovery: () => untilFirstAnswer(PEER, PEER.discovery),
			jwks: () => untilFirstAnswer(OURS, OURS.jwks),
			peerJwks: () => untilFirstAnswer(PEER, PEER.jwks),
			keptJwks: () => untilFirstAnswer(kept, OURS.jwks),
			bareJwks: () => untilFirstAnswer(BARE_HTTP, BARE_HTTP.jwks),
		});
	} finally {
		await rm(folder, { recursive: true });
	}
}

/**
 * @param {import("./servers.mjs").Contestant} contestant
 * @param {string} path
 */
async function untilFirstAnswer(contestant, path) {
	const server = await launch(contestant);
	try {
		await firstAnswer(server.url + path);
		return performance.now() - server.launched;
	} finally {
		await server.stop();
	}
}

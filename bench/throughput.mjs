// How many requests a second a server answers: autocannon, in a process of its own, asks all servers alike.
// @ts-check
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { best, inTurns } from "./rounds.mjs";
import { OURS, PEER } from "./servers.mjs";

const AUTOCANNON = fileURLToPath(import.meta.resolve("autocannon"));
const CONNECTIONS = 16; // kept open, one request at a time on each
const SECONDS = 2;
const ROUNDS = 4;

/**
 * Requests a second.
 * @param {{ ours: string, peer: string, bare: string }} urls
 */
export const measureThroughput = ({ ours, peer, bare }) =>
	inTurns(ROUNDS, best, {
		discovery: () => requestsPerSecond(ours + OURS.discovery),
		bareDiscovery: () => requestsPerSecond(bare + OURS.discovery),
		peerDiscovery: () => requestsPerSecond(peer + PEER.discovery),
		jwks: () => requestsPerSecond(ours + OURS.jwks),
		bareJwks: () => requestsPerSecond(bare + OURS.jwks),
		peerJwks: () => requestsPerSecond(peer + PEER.jwks),
		token: () => requestsPerSecond(ours + OURS.token),
		peerToken: () => requestsPerSecond(peer + PEER.token, POST_CLIENT),
	});

const POST_CLIENT = [
	...["--method", "POST", "--body", "grant_type=client_credentials"],
	...["--headers", "Content-Type: application/x-www-form-urlencoded"],
];

/**
 * @param {string} url
 * @param {readonly string[]} [options] of autocannon
 */
async function requestsPerSecond(url, options = []) {
	const { stdout } = await promisify(execFile)(process.execPath, [
		...[AUTOCANNON, "--json", "--no-progress"],
		...["--connections", String(CONNECTIONS), "--duration", String(SECONDS)],
		...[...options, url],
	]);
	const { requests, duration, errors, non2xx } = JSON.parse(stdout);
	if (errors + non2xx > 0) {
		throw new Error(`${url}: ${errors} errors, ${non2xx} refusals`);
	}
	return Number(requests.total / duration);
}

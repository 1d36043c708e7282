// How long a server takes from the start of its process to its first discovery and its first JWKS answer.
// @ts-check
import { inTurns, median } from "./rounds.mjs";
import { firstAnswer, launch, OURS, PEER } from "./servers.mjs";

const ROUNDS = 15; // many, as the time that a key takes is a matter of luck

/** Milliseconds from the start of the process. */
export const measureStartUp = () =>
	inTurns(ROUNDS, median, {
		discovery: () => untilFirstAnswer(OURS, OURS.discovery),
		peerDiscovery: () => untilFirstAnswer(PEER, PEER.discovery),
		jwks: () => untilFirstAnswer(OURS, OURS.jwks),
		peerJwks: () => untilFirstAnswer(PEER, PEER.jwks),
	});

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

import { measureCommands } from "./commands.mjs";
import { measureMemory } from "./memory.mjs";
import { firstAnswer, launch, OURS, PEER } from "./servers.mjs";
import { measureStartUp } from "./start-up.mjs";

const w = process.argv[2] ?? "smc";
if (w.includes("s")) {
	const s = await measureStartUp();
	console.log(
		s,
		"new/peer",
		s.jwks / s.peerJwks,
		"kept/bare",
		s.keptJwks / s.bareJwks,
	);
}
const ours = await launch(OURS),
	peer = await launch(PEER);
try {
	await firstAnswer(ours.url + OURS.jwks);
	await firstAnswer(peer.url + PEER.jwks);
	if (w.includes("m")) {
		const a = await measureMemory({ ours: ours.id, peer: peer.id });
		await firstAnswer(ours.url + OURS.token);
		const b = await measureMemory({ ours: ours.id });
		console.log("mem", a, a.ours / a.peer, "after token", b);
	}
	if (w.includes("c")) console.log(await measureCommands(ours.url));
} finally {
	await ours.stop();
	await peer.stop();
}

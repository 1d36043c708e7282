// npm run bench: measures this mock beside its peer, beside a bare Koa and beside OpenSSL, and prints the ratios.
// @ts-check
import { availableParallelism, loadavg } from "node:os";
import { measureCatalogue } from "./catalogue.mjs";
import { measureCheck } from "./check.mjs";
import { measureCommands } from "./commands.mjs";
import { measureInProcess } from "./in-process.mjs";
import { measureMemory } from "./memory.mjs";
import { bareKoa, firstAnswer, launch, OURS, PEER } from "./servers.mjs";
import { measureStartUp } from "./start-up.mjs";
import { table } from "./table.mjs";
import { measureThroughput } from "./throughput.mjs";

console.log(
	`${PEER.name}, Node ${process.versions.node}, ${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)} before; this takes about two minutes`,
);
const start = await measureStartUp();
const { memory, commands, rate } = await measureServers();
const { tokens, signatures } = await measureInProcess();
const catalogue = await measureCatalogue();
const check = await measureCheck();

const peer = { against: PEER.name };
const bare = { against: "bare Koa, same bytes and headers" };
const SLOWER = 30; // milliseconds that a short command may take longer than a Node that does nothing
console.log(
	table([
		{
			what: "start to discovery, ms",
			ours: start.discovery,
			other: start.peerDiscovery,
			...peer,
		},
		{
			what: "start to JWKS, ms",
			ours: start.jwks,
			other: start.peerJwks,
			...peer,
			atMost: 0.6,
		},
		{
			what: "the same with --keys, ms",
			ours: start.keptJwks,
			other: start.bareJwks,
			against: "bare node:http",
			atMost: 2,
		},
		{
			what: "discovery, requests/s",
			ours: rate.discovery,
			other: rate.bareDiscovery,
			...bare,
			atLeast: 0.95,
		},
		{ what: "", ours: rate.discovery, other: rate.peerDiscovery, ...peer },
		{
			what: "JWKS, requests/s",
			ours: rate.jwks,
			other: rate.bareJwks,
			...bare,
			atLeast: 0.95,
		},
		{ what: "", ours: rate.jwks, other: rate.peerJwks, ...peer },
		{
			what: "token, requests/s",
			ours: rate.token,
			other: rate.peerToken,
			...peer,
			atLeast: 3,
		},
		{
			what: "token in process, tokens/s",
			ours: tokens,
			other: signatures,
			against: "openssl speed rsa2048",
			atLeast: 0.88,
		},
		{
			what: "memory at rest, MiB",
			ours: memory.ours,
			other: memory.peer,
			...peer,
			atMost: 1.15,
		},
		{
			what: "the same, once it has made a token",
			ours: memory.used,
			other: memory.peer,
			...peer,
		},
		...["help", "healthcheck", "token"].map((name) => ({
			what: `${name}, ms`,
			ours: commands[name] ?? Number.NaN,
			other: (commands.node ?? Number.NaN) + SLOWER,
			against: `node --eval 0, and ${SLOWER} ms`,
			atMost: 1,
		})),
		{
			what: `loading ${catalogue.scenarios} scenarios, ms`,
			ours: catalogue.load,
			other: 60,
			against: "what is allowed, ms",
			atMost: 1,
		},
		{
			what: "making each of their tokens, ms",
			ours: catalogue.again,
			other: catalogue.first,
			against: "the first time, with keys to make",
		},
		{
			what: "loading 5,000 files of a user, ms",
			ours: catalogue.folder5000,
			other: 2000,
			against: "what is allowed, ms",
			atMost: 1,
		},
		{
			what: "check, in process, ms",
			ours: 1000 * check.inProcess,
			other: 1500,
			against: "what is allowed, ms",
			atMost: 1,
		},
		{
			what: `check, ${check.tokens} tokens by HTTP, ms`,
			ours: 1000 * check.checked,
			other: 1000 * check.alone,
			against: "making them and sending them by plain requests",
			atMost: 1.3,
		},
		{
			what: "check of an RP that it starts, with every probe, ms",
			ours: 1000 * check.whole,
			other: 15_000,
			against: "what is allowed, ms",
			atMost: 1,
		},
		{
			what: "the same, quick, ms",
			ours: 1000 * check.quick,
			other: 5000,
			against: "what is allowed, ms",
			atMost: 1,
		},
		{
			what: "loading 10,000",
			ours: catalogue.folder10000,
			other: catalogue.folder5000,
			against: "5,000: 2 is linear",
			atMost: 2.5,
		},
	]),
);

/** The servers side by side: at rest all of them, at work one at a time. */
async function measureServers() {
	const ours = await launch(OURS);
	const peer = await launch(PEER);
	try {
		await firstAnswer(ours.url + OURS.jwks);
		await firstAnswer(peer.url + PEER.jwks);
		const rest = await measureMemory({ ours: ours.id, peer: peer.id });
		await firstAnswer(ours.url + OURS.token);
		const { used } = await measureMemory({ used: ours.id });
		const memory = { ...rest, used };
		/** @type {Record<string, number>} */
		const commands = await measureCommands(ours.url);
		const bare = await launch(bareKoa(ours.url));
		try {
			await firstAnswer(bare.url + OURS.jwks);
			const urls = { ours: ours.url, peer: peer.url, bare: bare.url };
			return { memory, commands, rate: await measureThroughput(urls) };
		} finally {
			await bare.stop();
		}
	} finally {
		await ours.stop();
		await peer.stop();
	}
}

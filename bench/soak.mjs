// npm run soak [minutes]: mixed load with rotations, faults and instances coming and going; errors and memory at the end.
// npm run soak attack [requests] [seed]: a server as a process of its own under attack; what it must not do, at the end.
// @ts-check
import { startGitLab } from "../dist/index.js";
import { attack } from "./attack.mjs";

if (process.argv[2] === "attack") {
	const [amount, seed] = [
		process.argv[3] ?? 5000,
		process.argv[4] ?? Date.now() % 1e9,
	].map(Number);
	if (!(amount && amount > 0 && amount <= 1e6))
		throw new Error("requests: from 1 to 1,000,000");
	console.log(`seed ${seed}`);
	const figures = await attack(amount, seed ?? 0);
	console.dir(figures, { depth: 9 });
	process.exit(figures.wrong.length > 0 ? 1 : 0);
}

const minutes = Number(process.argv[2] ?? 5);
if (!(minutes > 0 && minutes <= 60)) throw new Error("minutes: from 0 to 60");
const MINUTE = 60_000;
const KEYS = "/oauth/discovery/keys";
const DISCOVERY = "/.well-known/openid-configuration";

/** @type {string[]} */
const unasked = [];
const gitlab = await startGitLab({ report: (line) => unasked.push(line) });
const counts = { requests: 0, asked: 0, rotations: 0, instances: 0 };
/** @type {number[]} */
const memory = []; // bytes after each tenth of a minute
const end = Date.now() + minutes * MINUTE;

/** @param {string} url @param {boolean} mayFail */
async function ask(url, mayFail) {
	counts.requests += 1;
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
		await response.text();
		if (response.status === 200) return;
		if (mayFail) counts.asked += 1;
		else unasked.push(`${response.status} ${url}`);
	} catch (error) {
		if (mayFail) counts.asked += 1;
		else unasked.push(`${url}: ${error}`);
	}
}

/** @param {() => Promise<void>} work */
async function untilTheEnd(work) {
	while (Date.now() < end && unasked.length < 10) await work();
}

/** @type {import("../dist/index.js").Fault[]} */
const FAULTS = [
	{ status: 503 },
	{ reset: true },
	{ truncate: 10 },
	{ drip: { bytes: 400, every: 0.001 } },
];

const sleep = (/** @type {number} */ time) =>
	new Promise((resolve) => setTimeout(resolve, time));
const scenarios = gitlab.scenarios.map(({ id }) => id);
let turn = 0;

const load = () =>
	untilTheEnd(async () => {
		turn += 1;
		const scenario = scenarios[turn % scenarios.length];
		await ask(`${gitlab.url}/_mock/token/${scenario}`, false);
		await ask(gitlab.url + DISCOVERY, false);
		await ask(gitlab.url + KEYS, false);
	});

const instances = () =>
	untilTheEnd(async () => {
		const one = await gitlab.instance();
		counts.instances += 1;
		await ask(`${one.url}/_mock/token`, false);
		const fault = FAULTS[counts.instances % FAULTS.length];
		if (fault) one.faults.set({ [KEYS]: fault });
		await ask(one.url + KEYS, true);
		one.clock.advance("1h");
		await ask(one.url + DISCOVERY, false);
		await one.close();
	});

const rotations = () =>
	untilTheEnd(async () => {
		await gitlab.keys.rotate();
		counts.rotations += 1;
		if (counts.rotations % 10 === 0) gitlab.reset({ keys: true });
		await sleep(500);
	});

const watch = () =>
	untilTheEnd(async () => {
		await sleep(MINUTE / 10);
		memory.push(process.memoryUsage.rss());
	});

await Promise.all([load(), load(), load(), instances(), rotations(), watch()]);
await gitlab.close();

const mebibytes = (/** @type {number} */ bytes) => Math.round(bytes / 2 ** 20);
const afterFirst = memory.slice(10);
console.log({
	minutes,
	...counts,
	unasked,
	memoryMiB: memory.filter((_, index) => index % 10 === 9).map(mebibytes),
	growthAfterFirstMinuteMiB: mebibytes(
		(afterFirst.at(-1) ?? 0) - (afterFirst[0] ?? 0),
	),
});
process.exitCode = unasked.length > 0 ? 1 : 0;

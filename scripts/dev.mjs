// npm run dev: the server, built anew and started again whenever a source or a scenario changes. npm run dev -- --port 8081
// @ts-check
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { watch } from "chokidar";

const root = fileURLToPath(new URL("..", import.meta.url));
const QUIET = 100; // milliseconds without a change, after which there is something whole to build

/** @param {string} command @param {string[]} args */
const run = (command, ...args) =>
	spawnSync(command, args, {
		cwd: root,
		stdio: ["ignore", "inherit", "inherit"],
	}).status === 0;

/** The command is made of the sources themselves, without a check of types: that is what editors and `npm run check` do. */
const buildCommand = () => run(process.execPath, "scripts/command.mjs");
const buildScenarios = () => run(process.execPath, "scripts/bundle.mjs");

/** @type {import("node:child_process").ChildProcess | undefined} */
let server;

async function stop() {
	const { exitCode, signalCode } = server ?? {};
	if (!server || exitCode !== null || signalCode !== null) return;
	const ended = once(server, "exit");
	server.kill("SIGTERM");
	await ended;
}

async function start() {
	await stop();
	const args = ["dist/cli/main.js", "serve", ...process.argv.slice(2)];
	server = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
}

/** @type {Set<string>} the folders in which something has changed since the last build */
const changed = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;

async function rebuild() {
	const begun = performance.now();
	const folders = new Set(changed);
	changed.clear();
	const built =
		(!folders.has("scenarios") || buildScenarios()) &&
		(!folders.has("src") || buildCommand());
	if (!built) {
		console.error("not built; the server before goes on");
		return;
	}
	console.error(`built in ${Math.round(performance.now() - begun)} ms`);
	await start();
}

const built = existsSync(`${root}/dist/scenario/built-in.json`)
	? buildCommand()
	: run("npm", "run", "build", "--silent");
if (built) await start();

watch(["src", "scenarios"], { cwd: root, ignoreInitial: true }).on(
	"all",
	(_, path) => {
		changed.add(path.startsWith("src") ? "src" : "scenarios");
		clearTimeout(timer);
		timer = setTimeout(rebuild, QUIET);
	},
);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
	process.once(signal, async () => {
		await stop();
		process.exit();
	});

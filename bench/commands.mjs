// How long a short command takes, beside a Node that does nothing.
// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { inTurns, median } from "./rounds.mjs";
import { COMMAND } from "./servers.mjs";

const ROUNDS = 15;

/**
 * Milliseconds from the start of each process to its end.
 * @param {string} server URL of a server that runs
 */
export const measureCommands = (server) =>
	inTurns(ROUNDS, median, {
		node: () => run("--eval", "0"),
		help: () => run(COMMAND, "--help"),
		healthcheck: () => run(COMMAND, "healthcheck", server),
		token: () => run(COMMAND, "token", "ref/protected-tag", "--server", server),
	});

/** @param {string[]} args */
async function run(...args) {
	const begun = performance.now();
	const child = spawn(process.execPath, args, {
		stdio: ["ignore", "ignore", "inherit"],
	});
	const [code] = await once(child, "exit");
	if (code !== 0) throw new Error(`${args.join(" ")}: exit code ${code}`);
	return performance.now() - begun;
}

// How much memory a server holds at rest.
// @ts-check
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const REST = 3000; // milliseconds after which what the start needs is done

/**
 * The resident set of each process, in MiB.
 * @template {string} Name
 * @param {Record<Name, number>} processes their ids
 * @returns {Promise<Record<Name, number>>}
 */
export async function measureMemory(processes) {
	await sleep(REST);
	const sizes = Object.entries(processes).map(async ([name, id]) => [
		name,
		await residentSet(String(id)),
	]);
	return Object.fromEntries(await Promise.all(sizes));
}

/** @param {string} id */
async function residentSet(id) {
	const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", id]);
	return Number(stdout) / 1024;
}

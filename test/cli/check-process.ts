// `check` as a process, of a relying party that has children: what ran, and whether it has ended.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { isRunning } from "../relying-party/target/presentation.js";
import { around, withKeys } from "./command.js";

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
export const START = `"${process.execPath}" "${fileOf("rp-with-children.mjs")}"`;
export const HTTP = ["--http", "http://127.0.0.1:{port}/"];
export const LIMIT = { timeout: 60_000 };

export async function makeFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "check-stopped-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await mkdir(join(folder, "tmp"));
	return folder;
}

/** A check as a process, in a folder of its own. */
export async function startCheck(
	argv: readonly string[],
	{ env = {}, folder }: { env?: Record<string, string>; folder: string },
) {
	const child = spawn(process.execPath, withKeys(["check", ...argv]), {
		env: around({
			TMPDIR: join(folder, "tmp"),
			// Node's own, which stays for the next start: where it is without TMPDIR, or each start would compile all anew.
			NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
			CHILDREN: join(folder, "children"),
			...env,
		}),
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	const read = (name: "stdout" | "stderr") => {
		let text = "";
		child[name].on("data", (chunk) => {
			text += chunk;
		});
		return () => text;
	};
	const [stdout, stderr] = [read("stdout"), read("stderr")];
	const closed = codeOf(child);
	return { child, stdout, stderr, closed };
}

/** Its exit code, or the signal that ended it. */
export const codeOf = (child: ChildProcess): Promise<number | string | null> =>
	new Promise((resolve) =>
		child.on("close", (code, signal) => resolve(code ?? signal)),
	);

/** The RP of `folder`, when it is up: itself, its child, one that left its group, and one that nobody is the parent of. */
export async function processesOf(folder: string): Promise<number[]> {
	const file = join(folder, "children");
	await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
	await expect
		.poll(async () => (await readFile(file, "utf8")).endsWith("]"))
		.toBe(true);
	const pids: number[] = JSON.parse(await readFile(file, "utf8"));
	expect(pids.filter(isRunning)).toEqual(pids);
	onTestFinished(() => {
		for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
	});
	return pids;
}

export const allEnded = (pids: readonly number[]) =>
	expect.poll(() => pids.filter(isRunning)).toEqual([]);

export const pidsIn = async (folder: string): Promise<number[]> =>
	JSON.parse(await readFile(join(folder, "children"), "utf8"));

// Other people's programs: started, talked to, and ended by the handle that they were started with.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Later, RelyingParty } from "./cases.js";

const STOP_WITHIN = 20_000; // ms

export interface Program {
	child: ChildProcess;
	/** what it printed so far, on stdout and stderr */
	output(): string;
	/** Waits for its end and gives its exit code. */
	exit(): Promise<number>;
	/** Waits until `probe` gives something; fails where the program ends before. */
	until<T>(
		what: string,
		probe: () => Promise<T | undefined> | T | undefined,
		within?: number,
	): Promise<T>;
}

export interface ProgramOptions {
	/** what to install if it is missing */
	from: string;
	/** its home; it gets nothing of this process's environment but PATH */
	home: string;
	later: Later;
	env?: Record<string, string>;
}

export function start(
	command: string,
	args: readonly string[],
	{ from, home, later, env = {} }: ProgramOptions,
): Program {
	if (command.startsWith("/") && !existsSync(command)) {
		throw new Error(`${command} is missing: install ${from}`);
	}
	const child = spawn(command, args, {
		cwd: home,
		env: {
			PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
			HOME: home,
			LANG: "C.UTF-8",
			...env,
		},
		stdio: ["pipe", "pipe", "pipe"],
		detached: true, // a process group of its own, ended as a whole
	});
	let printed = "";
	let failure: string | undefined; // set by its end
	const keep = (chunk: Buffer) => {
		printed += chunk.toString();
	};
	child.stdout.on("data", keep);
	child.stderr.on("data", keep);
	child.stdin.on("error", () => undefined); // its end is seen as such
	const ended = new Promise<void>((resolve) => {
		child.once("error", (error: NodeJS.ErrnoException) => {
			failure =
				error.code === "ENOENT"
					? `${command} is missing: install ${from}`
					: error.message;
			resolve();
		});
		child.once("close", (code, signal) => {
			failure ??= `${command} ended with ${signal ?? code}; is all of ${from} installed?\n${printed}`;
			resolve();
		});
	});
	const signal = (name: NodeJS.Signals) => {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, name);
		} catch {
			// The group is gone.
		}
	};
	const stop = async () => {
		if (failure !== undefined) return;
		child.stdin.destroy();
		signal("SIGTERM");
		const stopped = await Promise.race([
			ended.then(() => true),
			delay(STOP_WITHIN, false, { ref: false }),
		]);
		if (stopped) return;
		signal("SIGKILL");
		await ended;
	};
	later(stop);
	return {
		child,
		output: () => printed,
		async exit() {
			await ended;
			if (child.exitCode === null) throw new Error(failure);
			return child.exitCode;
		},
		async until(what, probe, within = 60_000) {
			const deadline = Date.now() + within;
			for (;;) {
				const found = await probe();
				if (found !== undefined) return found;
				if (failure !== undefined) throw new Error(failure);
				if (Date.now() > deadline) {
					throw new Error(`${command}: not ${what} in time:\n${printed}`);
				}
				await Promise.race([delay(20), ended]);
			}
		},
	};
}

/** A relying party that reads a token a line, and for each prints `accepted` or `refused: ` and why. */
export function lineByLine(program: Program): RelyingParty {
	const { stdin, stdout } = program.child;
	if (!stdin || !stdout) throw new Error("no pipes");
	const lines: string[] = [];
	createInterface({ input: stdout }).on("line", (line) => lines.push(line));
	return {
		async judge(token): Promise<Answer> {
			lines.length = 0;
			stdin.write(`${token}\n`);
			const line = await program.until("answered", () => lines.shift());
			if (line === "accepted") return line;
			if (line.startsWith("refused: ")) return { refused: line.slice(9) };
			throw new Error(line);
		},
	};
}

/** A new folder, for a program's files. */
export async function makeFolder(later: Later): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "gitlab-oidc-mock-interop-"));
	later(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
	return folder;
}

/** A port of the loopback address that nobody had just now, for programs that take no port 0. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}

/** `true` as soon as somebody listens there, for {@link Program.until}. */
export const listens = (port: number): Promise<true | undefined> =>
	new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(undefined));
	});

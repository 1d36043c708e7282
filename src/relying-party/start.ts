// The relying party's own program, for the length of a check: started, waited for, stopped.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { MockError } from "../errors.js";
import { keepTail, safeLines } from "./kept-output.js";
import { commandText, endText, startProcess } from "./process-group.js";
import type { Command } from "./target/config.js";
import { echoes } from "./target/detail.js";

const KEPT = 65_536; // bytes of output
const LAST_LINES = 10;
const GRACE = 3; // seconds
const HOSTS = ["127.0.0.1", "::1"];
const PAUSE = 25; // ms between attempts

export interface StartOptions {
	/** beside the environment of this process: OIDC_ISSUER, OIDC_JWKS_URI, OIDC_AUDIENCE, OIDC_CA_FILE */
	env: Readonly<Record<string, string>>;
	/** seconds until its port must answer */
	timeout: number;
	/** that it is told in PORT; default a free one */
	port?: number | undefined;
	cwd?: string | undefined;
	/** gives the attempt up */
	signal?: AbortSignal | undefined;
}

/** A relying party that was started. */
export interface RunningRelyingParty {
	/** that it listens on, on this machine */
	port: number;
	/** seconds until its port answered */
	seconds: number;
	/** the last 64 KiB that it printed, safe to print, without tokens */
	output(): string;
	/** Whether the last 64 KiB that it printed repeat a token, which `output` cuts. */
	hasPrinted(token: string): boolean;
	/** How it ended, where it has: `exit 1`, `ended by SIGSEGV`. */
	exit(): string | undefined;
	/** Stops it and what it started, and nothing else. */
	close(): Promise<void>;
}

/** One that did not come up: it ended, or its port did not answer. It is gone. */
export interface FailedStart {
	how: "ended" | "silent";
	/** what happened, and its last output */
	detail: string;
	output(): string;
	/** undefined where it had to be ended */
	exit(): string | undefined;
}

/**
 * Starts a relying party and waits until its port answers.
 * @throws MockError `invalid_option` where no system could start such a command
 */
export async function tryToStart(
	command: Command,
	{ env, timeout, port: given, cwd, signal }: StartOptions,
): Promise<RunningRelyingParty | FailedStart> {
	const begun = performance.now();
	const port = given ?? (await freePort());
	const program = startProcess(command, {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...env, PORT: String(port) },
		cwd,
	});
	const { stdout, stderr } = program.child;
	const kept = keepTail(
		[stdout, stderr].filter((stream) => stream !== null),
		KEPT,
	);
	const output = safeLines(kept);
	let ending: string | undefined;
	const over = new AbortController();
	const giveUp = () => over.abort();
	const late = setTimeout(giveUp, timeout * 1000);
	if (signal?.aborted) giveUp();
	signal?.addEventListener("abort", giveUp, { once: true });
	const early = program.ended.then((end) => {
		ending = endText(end);
		over.abort();
	});
	const answers = await answersOn(port, over.signal);
	clearTimeout(late);
	signal?.removeEventListener("abort", giveUp);
	// Whoever it is that answers: an RP that has ended is not it.
	const { exitCode, signalCode, pid } = program.child;
	const hasEnded = exitCode !== null || signalCode !== null || !pid;
	const common = { output, exit: () => ending };
	if (answers && !hasEnded) {
		const seconds = (performance.now() - begun) / 1000;
		const close = () => program.stop(GRACE);
		const hasPrinted = (token: string) => echoes(kept(), token);
		return { port, seconds, close, hasPrinted, ...common };
	}
	if (!hasEnded) {
		await program.stop(GRACE);
		const what = signal?.aborted
			? "was stopped before its port answered"
			: `did not answer on port ${port} within ${timeout} s; it must listen on the port that PORT in its environment names, or be given longer`;
		const detail = `${what}. ${lastOf(output())}`;
		return { how: "silent", detail, output, exit: () => undefined };
	}
	await early;
	const detail = `ended before its port answered (${ending}). ${lastOf(output())}`;
	return { how: "ended", detail, ...common };
}

/**
 * The same.
 * @throws MockError `unreachable` where it ends before, or does not answer in time
 */
export async function startRelyingParty(
	command: Command,
	options: StartOptions,
): Promise<RunningRelyingParty> {
	const started = await tryToStart(command, options);
	if ("port" in started) return started;
	throw new MockError(
		"unreachable",
		`the relying party \`${commandText(command)}\` ${started.detail}`,
	);
}

function lastOf(output: string): string {
	const last = output.split("\n").slice(-LAST_LINES).join("\n");
	return last === "" ? "It printed nothing." : `Its last output:\n${last}`;
}

/** A port of the loopback address that nobody had just now. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}

/** Whether somebody takes connections on `port` before `signal`. */
async function answersOn(port: number, signal: AbortSignal): Promise<boolean> {
	while (!signal.aborted) {
		const attempts = HOSTS.map((host) => takesConnections(host, port, signal));
		if ((await Promise.all(attempts)).includes(true)) return true;
		await delay(PAUSE, undefined, { signal }).catch(() => undefined);
	}
	return false;
}

function takesConnections(
	host: string,
	port: number,
	signal: AbortSignal,
): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host, port });
		const give = (does: boolean) => {
			signal.removeEventListener("abort", abort);
			socket.destroy();
			resolve(does);
		};
		const abort = () => give(false);
		signal.addEventListener("abort", abort, { once: true });
		// A port that nobody listens on may be the one that we call from: we would talk to ourselves.
		socket.once("connect", () => give(socket.localPort !== port));
		socket.once("error", () => give(false));
	});
}

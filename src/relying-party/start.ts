// The relying party's own program, for the length of a check: started, waited for, stopped.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { MockError } from "../errors.js";
import { safeText } from "../safe-text.js";
import { keepTail } from "./kept-output.js";
import { commandText, endText, startProcess } from "./process-group.js";
import type { Command } from "./target/config.js";

const KEPT = 65_536; // bytes of output
const LAST_LINES = 10;
const LONGEST_LINE = 300; // characters
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
}

/** A relying party that was started. */
export interface RunningRelyingParty {
	/** that it listens on, on this machine */
	port: number;
	/** the last 64 KiB that it printed, safe to print, without tokens */
	output(): string;
	/** Stops it and what it started, and nothing else. */
	close(): Promise<void>;
}

/**
 * Starts a relying party and waits until its port answers.
 * @throws MockError `unreachable` where it ends before, or does not answer in time
 */
export async function startRelyingParty(
	command: Command,
	{ env, timeout, port: given, cwd }: StartOptions,
): Promise<RunningRelyingParty> {
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
	const lines = () =>
		kept()
			.split("\n")
			.map((line) => safeText(line, LONGEST_LINE))
			.filter((line) => line !== "");
	const close = () => program.stop(GRACE);

	const over = new AbortController();
	const late = setTimeout(() => over.abort(), timeout * 1000);
	const early = program.ended.then((end) => {
		over.abort();
		return end;
	});
	const answers = await answersOn(port, over.signal);
	clearTimeout(late);
	// Whoever it is that answers: an RP that has ended is not it.
	const { exitCode, signalCode, pid } = program.child;
	const hasEnded = exitCode !== null || signalCode !== null || !pid;
	if (answers && !hasEnded) {
		return { port, output: () => lines().join("\n"), close };
	}
	if (!hasEnded) await close();
	const what = hasEnded
		? `ended before its port answered (${endText(await early)})`
		: `did not answer on port ${port} within ${timeout} s; it must listen on the port that PORT in its environment names, or be given longer`;
	const last = lines().slice(-LAST_LINES);
	const printed =
		last.length === 0
			? "It printed nothing."
			: `Its last output:\n${last.join("\n")}`;
	throw new MockError(
		"unreachable",
		`the relying party \`${commandText(command)}\` ${what}. ${printed}`,
	);
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

// Runs the command line with streams of the test's own, or as a process.
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inject, onTestFinished } from "vitest";
import { run } from "../../src/cli/run.js";

/** What a command printed, and its exit code. */
export interface Outcome {
	code: number;
	stdout: string;
	stderr: string;
}

/** Runs a command in this process. */
export async function command(
	argv: string[],
	input = "",
	isTTY = false,
	stop?: AbortSignal,
): Promise<Outcome> {
	const printed = { stdout: "", stderr: "" };
	const output = (name: keyof typeof printed) => ({
		isTTY,
		write: (text: string) => {
			printed[name] += text;
		},
	});
	const code = await run(argv, {
		stdout: output("stdout"),
		stderr: output("stderr"),
		stdin: (async function* () {
			yield input;
		})(),
		env: {},
		...(stop && { stop }),
	});
	return { code, ...printed };
}

export const MAIN = fileURLToPath(
	new URL("../../dist/cli/main.js", import.meta.url),
);

const PRIMES = new URL("../prepared/primes.mjs", import.meta.url);

/** The program and its arguments, whose first keys are made ahead. */
export const withKeys = (argv: readonly string[]): readonly string[] => [
	"--import",
	PRIMES.href,
	MAIN,
	...argv,
];

/** Its environment. */
export const around = (env: Readonly<Record<string, string>>) => ({
	PATH: process.env.PATH,
	PREPARED_PRIMES: inject("primes").slice(0, 44).join(),
	...env,
});

/** Runs a command as a process of its own, to its end. */
export function execute(
	argv: string[],
	env: Record<string, string> = {},
): Promise<Outcome> {
	return new Promise((resolve) => {
		execFile(
			process.execPath,
			withKeys(argv),
			{ env: around(env), timeout: 20_000 },
			(error, stdout, stderr) =>
				resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
		);
	});
}

/** Runs `serve` in this process; `stop` ends it. */
export async function serveHere(argv: string[]) {
	const stop = new AbortController();
	onTestFinished(() => stop.abort());
	const printed = { stdout: "", stderr: "" };
	let running: Promise<number> | undefined;
	await new Promise<void>((resolve, reject) => {
		const output = (name: keyof typeof printed) => ({
			isTTY: false,
			write(text: string) {
				printed[name] += text;
				if (name === "stdout") resolve(); // it is ready
			},
		});
		running = run(["serve", "--port", "0", ...argv], {
			stdout: output("stdout"),
			stderr: output("stderr"),
			stdin: (async function* () {})(),
			env: {},
			stop: stop.signal,
		});
		running.then(() => reject(new Error(printed.stderr)), reject);
	});
	return {
		url: /http:\/\/[\d.]+:\d+/.exec(printed.stdout)?.[0] ?? "",
		stderr: () => printed.stderr,
		async stop() {
			stop.abort();
			return { code: await running };
		},
	};
}

/** Starts `serve` as a process; `stop` ends it and gives what it printed. */
export async function serve(argv: string[], env: Record<string, string> = {}) {
	const child = spawn(
		process.execPath,
		withKeys(["serve", "--port", "0", ...argv]),
		{ env: around(env) },
	);
	onTestFinished(() => void child.kill("SIGKILL")); // where the test did not come to its end
	let [stdout, stderr] = ["", ""];
	child.stderr.on("data", (chunk) => {
		stderr += chunk;
	});
	const closed = new Promise<number | null>((resolve) =>
		child.on("close", resolve),
	);
	await new Promise<void>((resolve, reject) => {
		child.stdout.on("data", (chunk) => {
			stdout += chunk;
			if (stdout.includes("_mock/token") || stdout.startsWith("{")) resolve();
		});
		void closed.then(() => reject(new Error(stderr)));
	});
	return {
		url: /http:\/\/[\d.]+:\d+/.exec(stdout)?.[0] ?? "",
		stdout: () => stdout,
		stderr: () => stderr,
		async stop(
			signal: NodeJS.Signals,
		): Promise<{ code: number | null; took: number }> {
			const begun = performance.now();
			child.kill(signal);
			return { code: await closed, took: performance.now() - begun };
		},
	};
}

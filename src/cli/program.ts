// The program's streams, environment and exit code: the one place that prints errors and exits.
import { EXIT } from "./io.js";
import { run } from "./run.js";

/** Runs what the command line says. */
export async function main(): Promise<void> {
	for (const [name, value = ""] of Object.entries(process.env)) {
		if (name.startsWith("GITLAB_OIDC_MOCK_") && !isSet(value)) {
			delete process.env[name];
		}
	}

	// `… | head` closes the pipe when it has enough: nobody misses the rest, and the exit code stays what it is.
	let isFull = false;
	process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
		if (code === "EPIPE" || isFull) return;
		isFull = true;
		process.stderr.write(
			`error: cannot write to standard output: ${message}\n`,
		);
		process.exitCode = EXIT.usage;
	});
	process.stderr.on("error", () => undefined);

	const code = await run(process.argv.slice(2), {
		stdout: process.stdout,
		stderr: process.stderr,
		stdin: process.stdin,
		env: process.env,
	});
	process.exitCode = isFull && code <= EXIT.usage ? EXIT.usage : code;
}

/**
 * Compose's `${X:-}` and CI leave empty variables, a flag is switched off by `false`, and Kubernetes sets
 * ..._PORT to an address for a service that has the mock's name.
 */
function isSet(value: string): boolean {
	return !/^(|false|no|off|tcp:\/\/.*)$/i.test(value.trim());
}

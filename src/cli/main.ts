#!/usr/bin/env node
// The command line: the one place that prints errors and exits.
import { run } from "./run.js";

for (const [name, value = ""] of Object.entries(process.env)) {
	if (name.startsWith("GITLAB_OIDC_MOCK_") && !isSet(value)) {
		delete process.env[name];
	}
}

/**
 * Compose's `${X:-}` and CI leave empty variables, a flag is switched off by `false`, and Kubernetes sets
 * ..._PORT to an address for a service that has the mock's name.
 */
function isSet(value: string): boolean {
	return !/^(|false|no|off|tcp:\/\/.*)$/i.test(value.trim());
}

// `… | head` closes the pipe when it has enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	process.exit(error.code === "EPIPE" ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), {
	stdout: process.stdout,
	stderr: process.stderr,
	stdin: process.stdin,
	env: process.env,
});

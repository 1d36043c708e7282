#!/usr/bin/env node
// The command line: the one place that prints errors and exits.
import { run } from "./run.js";

process.exitCode = await run(process.argv.slice(2), {
	stdout: process.stdout,
	stderr: process.stderr,
	stdin: process.stdin,
	env: process.env,
});

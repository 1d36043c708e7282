// healthcheck: exit 0 if a server is ready, for images that have no curl.
import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { MockError } from "../../errors.js";
import { printable } from "../../safe-text.js";
import { ask } from "../ask.js";
import { EXIT, type Io } from "../io.js";
import { option, port } from "../options.js";

export function healthcheckCommand(
	io: Io,
	exit: (code: number) => void,
): Command {
	return new Command("healthcheck")
		.description("exit code 0 if a server is ready")
		.argument("[url]", "its URL (default: http://127.0.0.1 and the port)")
		.addOption(
			option("--port <port>", "port of a server on this machine")
				.argParser(port)
				.default(8080),
		)
		.option(
			"--wait <seconds>",
			"wait at most so long until the server is ready (default: do not wait)",
			seconds,
		)
		.action(async (url: string | undefined, options: HealthOptions) => {
			const server = url ?? `http://127.0.0.1:${options.port}`;
			const deadline = performance.now() + 1000 * (options.wait ?? 0);
			for (;;) {
				const trouble = await troubleOf(server);
				if (trouble === undefined) {
					io.stdout.write("ready\n");
					return;
				}
				const mayCome = trouble.code !== "invalid_option";
				if (!mayCome || performance.now() >= deadline) {
					io.stderr.write(`not ready: ${printable(trouble.message)}\n`);
					exit(EXIT.failed); // Docker keeps 2 for itself
					return;
				}
				await delay(AGAIN);
			}
		});
}

interface HealthOptions {
	port: number;
	wait?: number;
}

const AGAIN = 50; // ms
const LONGEST = 3600; // seconds

function seconds(text: string): number {
	const value = Number(text);
	if (text.trim() !== "" && value >= 0 && value <= LONGEST) return value;
	throw new MockError(
		"invalid_option",
		`--wait: expected seconds, from 0 to ${LONGEST}`,
	);
}

/** Why a server is not ready; undefined where it is. */
const troubleOf = (server: string): Promise<MockError | undefined> =>
	ask(server, "/_mock/health").then(
		() => undefined,
		(error) => {
			if (error instanceof MockError) return error;
			throw error;
		},
	);

// healthcheck: exit 0 if a server is ready, for images that have no curl.
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
		.action(async (url: string | undefined, options: { port: number }) => {
			try {
				await ask(url ?? `http://127.0.0.1:${options.port}`, "/_mock/health");
				io.stdout.write("ready\n");
			} catch (error) {
				if (!(error instanceof MockError)) throw error;
				io.stderr.write(`not ready: ${printable(error.message)}\n`);
				exit(EXIT.failed); // Docker keeps 2 for itself
			}
		});
}

// Arguments in, exit code out: commander reads them, a module of its own does each command.
import { Command, CommanderError } from "commander";
import { MockError } from "../errors.js";
import { printable } from "../safe-text.js";
import { VERSION } from "../version.js";
import { checkCommand } from "./commands/check.js";
import { completionCommand } from "./commands/completion.js";
import { decodeCommand } from "./commands/decode.js";
import { healthcheckCommand } from "./commands/healthcheck.js";
import { jobCommand } from "./commands/job.js";
import { jobsCommand } from "./commands/jobs.js";
import { keysCommand } from "./commands/keys.js";
import { scenariosCommand } from "./commands/scenarios.js";
import { serveCommand } from "./commands/serve.js";
import { tokenCommand } from "./commands/token.js";
import { vectorsCommand } from "./commands/vectors.js";
import { examplesText } from "./examples.js";
import { EXIT, type Io, painter } from "./io.js";

const COMMANDS = {
	serve: serveCommand,
	token: tokenCommand,
	job: jobCommand,
	jobs: jobsCommand,
	scenarios: scenariosCommand,
	keys: keysCommand,
	decode: decodeCommand,
	check: checkCommand,
	vectors: vectorsCommand,
	healthcheck: healthcheckCommand,
	completion: completionCommand,
};

/**
 * Runs a command.
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
	let code: number = EXIT.fine;
	const program = new Command("gitlab-oidc-mock")
		.description(
			"A GitLab to test against: discovery, keys and CI/CD ID tokens, genuine and forged. For tests only.",
		)
		.version(VERSION, "-v, --version")
		.showSuggestionAfterError()
		.exitOverride()
		.configureOutput({
			writeOut: (text) => io.stdout.write(text),
			writeErr: (text) => io.stderr.write(text),
		});
	// The others are of no use to one that is called by its name, but to completion.
	const [name = ""] = argv;
	const needed =
		Object.hasOwn(COMMANDS, name) && name !== "completion"
			? [COMMANDS[name as keyof typeof COMMANDS]]
			: Object.values(COMMANDS);
	for (const command of needed) {
		const made = command(io, (exitCode) => {
			code = exitCode;
		});
		made.addHelpText("after", () => examplesText(program.name(), made.name()));
		program.addCommand(made.copyInheritedSettings(program));
	}
	try {
		await program.parseAsync(argv, { from: "user" });
		return code;
	} catch (error) {
		if (error instanceof CommanderError) {
			return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
		}
		if (!(error instanceof MockError)) throw error;
		const paint = painter(io.stderr, io.env);
		io.stderr.write(`${paint("red", "error:")} ${printable(error.message)}\n`);
		return EXIT.usage;
	}
}

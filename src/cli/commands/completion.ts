// completion: what a shell needs to complete commands, options and the names of scenarios.
import { Argument, Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion-script.js";
import { EXIT, type Io } from "../io.js";
import { scenariosOption } from "../options.js";

export function completionCommand(
	io: Io,
	exit: (code: number) => void,
): Command {
	const command = new Command("completion");
	return command
		.description(
			"print a script with which a shell completes commands and scenarios",
		)
		.addArgument(
			new Argument("<shell>", "the shell to complete in").choices(SHELLS),
		)
		.addOption(scenariosOption())
		.action(async (shell: Shell, options: { scenarios?: string[] }) => {
			const { BUILT_IN, loadCatalogue } = await import(
				"../../scenario/catalogue.js"
			);
			const catalogue = await loadCatalogue([
				BUILT_IN,
				...(options.scenarios ?? []),
			]);
			// A near miss is completed by its claim, which nothing here can know.
			const ids = catalogue
				.all()
				.map(({ id, near }) => (near === undefined ? id : `${id}:`))
				.filter((id) => /^[\w./:-]+$/.test(id)); // a shell evaluates it
			const program = command.parent as Command;
			io.stdout.write(completionScript(shell, program, ids));
			exit(EXIT.fine);
		});
}

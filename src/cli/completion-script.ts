// A shell's completion, from what commander knows of the commands: bash's, which zsh takes as well.
import type { Command, Option } from "commander";

export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

const FUNCTION = "_gitlab_oidc_mock";

/**
 * The script to evaluate.
 * @param scenarios what a scenario may be called
 */
export function completionScript(
	shell: Shell,
	program: Command,
	scenarios: readonly string[],
): string {
	const name = program.name();
	const cases = program.commands.map((command) =>
		commandCase(command, scenarios.length > 0),
	);
	return `# Completion of ${name} for ${shell}: eval "$(${name} completion ${shell})"
${shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : ""}${FUNCTION}_scenarios='${scenarios.join(" ")}'
${FUNCTION}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${program.commands.map((command) => command.name()).join(" ")} --help --version'
  else
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F ${FUNCTION} ${name}
`;
}

/** What comes behind a command's name. Where an option wants a file or a text, the shell offers files. */
function commandCase(command: Command, hasScenarios: boolean): string {
	const { options } = command;
	const flags = options.flatMap(flagsOf);
	const choices = options
		.filter(({ argChoices }) => argChoices)
		.map(
			(option) =>
				`          ${flagsOf(option).join("|")}) words='${option.argChoices?.join(" ")}' ;;`,
		);
	const scenarioOptions = options.filter(
		(option) => option.long === "--scenario",
	);
	const others = options
		.filter(
			(option) =>
				takesValue(option) &&
				!option.argChoices &&
				!scenarioOptions.includes(option),
		)
		.flatMap(flagsOf);
	const named = command.registeredArguments.map((argument) => argument.name());
	const wanted = [
		...command.commands.map((one) => one.name()),
		...command.registeredArguments.flatMap(
			(argument) => argument.argChoices ?? [],
		),
		...(hasScenarios && named.includes("scenario")
			? [`$${FUNCTION}_scenarios`]
			: []),
	];
	return `      ${command.name()})
        case "$previous" in
${[
	...choices,
	...scenarioOptions.map(
		(option) =>
			`          ${flagsOf(option).join("|")}) words="$${FUNCTION}_scenarios" ;;`,
	),
	...(others.length > 0 ? [`          ${others.join("|")}) return ;;`] : []),
].join("\n")}
          *) case "$current" in
            -*) words='${[...flags, "--help"].join(" ")}' ;;
            *) words="${wanted.join(" ")}" ;;
          esac ;;
        esac ;;`;
}

const flagsOf = ({ short, long }: Option): string[] =>
	[short, long].filter((flag) => flag !== undefined);

const takesValue = ({ required, optional }: Option): boolean =>
	required || optional;

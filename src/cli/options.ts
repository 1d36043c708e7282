// Options that several commands share, each also an environment variable.
import { type Command, InvalidArgumentError, Option } from "commander";

/** An option that `GITLAB_OIDC_MOCK_<NAME>` can set as well. */
export function option(flags: string, description: string): Option {
	const made = new Option(flags, description);
	return made.env(
		`GITLAB_OIDC_MOCK_${made.name().toUpperCase().replaceAll("-", "_")}`,
	);
}

/** For an option that may be repeated: collects the values. */
export const collect = (
	value: string,
	previous?: readonly string[],
): string[] => [...(previous ?? []), value];

/** The same, for values without commas: an environment variable can hold several. */
export const collectList = (
	value: string,
	previous?: readonly string[],
): string[] => [
	...(previous ?? []),
	...value.split(",").filter((part) => part !== ""),
];

/** Reads a TCP port. */
export function port(text: string): number {
	const value = Number(text);
	if (!/^\d{1,5}$/.test(text) || value > 65_535) {
		throw new InvalidArgumentError(
			"Expected a port: a number from 0 (any free one) to 65535.",
		);
	}
	return value;
}

/** The server that a command talks to unless another is named, by each name that it may be called. */
export const LOCAL_SERVERS = [
	"http://localhost:8080",
	"http://127.0.0.1:8080",
	"http://[::1]:8080",
] as const;

export const [DEFAULT_SERVER] = LOCAL_SERVERS;

export const serverOption = (): Option =>
	option(
		"--server <url>",
		`the running server to ask (default: ${DEFAULT_SERVER})`,
	);

/** The control token in a file, as secrets are mounted: no list of processes shows it. */
export const controlTokenFileOption = (): Option =>
	new Option(
		"--control-token-file <file>",
		"the same, in a file of one line",
	).conflicts("controlToken");

/** Where keys are given a server that only the environment names is not meant. */
export const keysBeforeServer = (command: Command): Command =>
	command.hook("preAction", (called) => {
		if (
			called.getOptionValue("keys") !== undefined &&
			called.getOptionValueSource("server") === "env"
		)
			called.setOptionValue("server", undefined);
	});

// These are no environment variables: those of `serve` in the same container are not meant for other commands.

export const keysOption = (): Option =>
	new Option(
		"--keys <file>",
		"private JWKS of an instance, to work without a server",
	);

export const issuerOption = (): Option =>
	new Option("--issuer <url>", "URL of the emulated GitLab");

export const gitlabUrlOption = (): Option =>
	new Option(
		"--gitlab-url <url>",
		"the GitLab's own URL, if --issuer differs (GitLab's setting ci_id_tokens)",
	).env("GITLAB_OIDC_MOCK_GITLAB_URL");

export const scenariosOption = (): Option =>
	new Option(
		"--scenarios <dir>",
		"folder of your own scenarios; repeatable",
	).argParser(collect);

export const jsonOption = (): Option => new Option("--json", "print JSON");

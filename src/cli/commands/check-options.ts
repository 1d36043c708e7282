// check: its options.
import { Command, Option } from "commander";
import { MockError } from "../../errors.js";
import type { Level } from "../../scenario/severity.js";
import { FAIL_ON, type FailOn } from "../../verdict/kinds.js";
import {
	collect,
	controlTokenFileOption,
	port,
	scenariosOption,
} from "../options.js";
import { selectionOptions } from "../selection-options.js";
import { secondsIn } from "../time-limit.js";
import { type PresetOptions, presetOptions } from "./check-preset-options.js";

export interface CheckCommandOptions extends PresetOptions {
	http?: string;
	method?: string;
	command?: string;
	lines?: string;
	start?: string;
	server?: string;
	controlToken?: string;
	controlTokenFile?: string;
	audience?: string;
	issuerPort?: number;
	issuerHost?: string;
	issuer?: string;
	tls?: boolean;
	gitlabVersion?: string;
	timeout?: number;
	maxTime?: number;
	scenarios?: string[];
	only?: string[];
	skip?: string[];
	level?: Level;
	strict?: boolean;
	failOn?: FailOn[];
	quick?: boolean;
	details?: boolean;
	concurrency?: number;
	/** what `concurrency` was called */
	jobs?: number;
	report?: string[];
	sarifFile?: string;
	showTokens?: boolean;
	updateKnown?: boolean;
	compare?: string;
	init?: string | true;
}

/** The command with its options, which does nothing yet. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of options
export function commandWithOptions(): Command {
	const command = new Command("check")
		.description(
			"send every scenario's token to a relying party (RP), and report what it wrongly accepts or refuses",
		)
		.argument("[profile]", "YAML file that describes the relying party")
		.option("--init [file]", "write a commented profile (default: rp.yaml)")
		.option(
			"--http <url>",
			"the RP's URL: the check sends GET with the token as bearer token; a profile has other ways",
		)
		.option("--method <method>", "with --http: the method, such as POST or PUT")
		.option(
			"--command <cmd>",
			"the RP as a command: reads the token on stdin, exits with 0 (accepts) or 1 (refuses)",
		)
		.option(
			"--lines <cmd>",
			"the RP as one process that reads and answers a line of JSON for each token",
		)
		.option(
			"--start <cmd>",
			"start the RP with OIDC_ISSUER, PORT, … in its environment; stop it afterwards",
		)
		.option("--audience <aud>", "the audience (aud) that the RP expects")
		.addOption(
			new Option(
				"--issuer-port <port>",
				"port of the check's issuer",
			).argParser(port),
		)
		.option(
			"--issuer-host <host>",
			"host name by which the RP reaches the check's issuer",
		)
		.option(
			"--issuer <url>",
			"the issuer (iss), if it differs from the URL that the check listens on",
		)
		.option(
			"--tls",
			"the check's issuer uses https (the RP gets its CA in OIDC_CA_FILE)",
		)
		.option("--gitlab-version <version>", "GitLab to emulate (default: latest)")
		.option("--server <url>", "use a running server as the issuer")
		.option(
			"--control-token <secret>",
			"with --server: that server's --control-token",
		)
		.addOption(controlTokenFileOption());
	for (const made of [...presetOptions(), ...selectionOptions()])
		command.addOption(made);
	command
		.option(
			"--strict",
			"findings of level should fail the run too, and hygiene findings of level must",
		)
		.addOption(
			new Option(
				"--fail-on <words>",
				`kinds and impacts that fail the run: ${FAIL_ON.join(", ")} (default: all but hygiene)`,
			).argParser(failOn),
		)
		.option("--quick", "no probes, and no scenarios that wait: for a first try")
		.addOption(
			new Option(
				"--concurrency <n>",
				"tokens sent at once (default: 4)",
			).argParser(count),
		)
		.addOption(new Option("--jobs <n>").argParser(count).hideHelp())
		.addOption(
			new Option(
				"--timeout <seconds>",
				"to wait for an answer, after which the RP counts as hung (default: 10)",
			).argParser(Number),
		);
	command.addOption(
		new Option(
			"--max-time <time>",
			"stop after this time, such as 10m, and report what is known so far",
		).argParser((text) => secondsIn("--max-time", text)),
	);
	return reporting(command);
}

/** The options of what is told. */
const reporting = (command: Command): Command =>
	command
		.addOption(
			new Option(
				"--report <format=file>",
				"write a report: text, json, junit, sarif, html, codequality or markdown, to a file or - for stdout; repeatable",
			).argParser(collect),
		)
		.option(
			"--sarif-file <file>",
			"your file at which SARIF shows the causes, such as src/auth.ts (default: the profile)",
		)
		.option("--details", "print every finding, not only the causes")
		.option(
			"--show-tokens",
			"show whole tokens in reports; only you can read these files then",
		)
		.option(
			"--update-known",
			"write today's failures into the profile's known_failures: from then on only new ones fail the run",
		)
		.option(
			"--compare <file>",
			"print what is new and what is gone since that JSON report",
		)
		.addOption(scenariosOption());

function failOn(text: string, previous?: FailOn[]): FailOn[] {
	const named = text.split(",");
	const isOne = (word: string): word is FailOn =>
		FAIL_ON.some((one) => one === word);
	const wrong = named.find((word) => !isOne(word));
	if (wrong !== undefined) {
		throw new MockError(
			"invalid_option",
			`--fail-on: there is no "${wrong}", only ${FAIL_ON.join(", ")}`,
		);
	}
	return [...(previous ?? []), ...named.filter(isOne)];
}

function count(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
	throw new MockError(
		"invalid_option",
		"--concurrency: expected a number from 1 to 1000",
	);
}

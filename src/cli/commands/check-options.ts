// check: its options.
import { Command, Option } from "commander";
import { MockError } from "../../errors.js";
import { LEVELS, type Level } from "../../scenario/severity.js";
import { FAIL_ON, type FailOn } from "../../verdict/kinds.js";
import {
	collect,
	collectList,
	controlTokenFileOption,
	port,
	scenariosOption,
} from "../options.js";
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
			"fire every scenario and probe at a relying party, and report what it wrongly accepts or refuses",
		)
		.argument("[profile]", "YAML file that describes the relying party")
		.option("--init [file]", "write a commented profile (default: rp.yaml)")
		.option(
			"--http <url>",
			"the RP: asked there (GET), the token as bearer; a profile has other ways",
		)
		.option("--method <method>", "of that request: POST, PUT, …")
		.option("--command <cmd>", "the RP: a command, token on stdin, exit 0 or 1")
		.option("--lines <cmd>", "the RP: one process, a JSON line for each token")
		.option(
			"--start <cmd>",
			"start the RP with OIDC_ISSUER, PORT, …; stop it after",
		)
		.option("--audience <aud>", "the RP's name in aud")
		.addOption(
			new Option(
				"--issuer-port <port>",
				"port of the check's issuer",
			).argParser(port),
		)
		.option("--issuer-host <host>", "name by which the RP calls the issuer")
		.option(
			"--issuer <url>",
			"iss, where it is not the URL that is listened on",
		)
		.option(
			"--tls",
			"the check's issuer has https (OIDC_CA_FILE tells the RP its CA)",
		)
		.option("--gitlab-version <version>", "GitLab to emulate (default: latest)")
		.option("--server <url>", "use a running server as the issuer")
		.option(
			"--control-token <secret>",
			"what that server asks for to be changed",
		)
		.addOption(controlTokenFileOption());
	for (const preset of presetOptions()) command.addOption(preset);
	command
		.addOption(
			new Option(
				"--only <ids>",
				"only these: ids, families, or with *; repeatable",
			).argParser(collectList),
		)
		.addOption(
			new Option("--skip <ids>", "not these; repeatable").argParser(
				collectList,
			),
		)
		.addOption(
			new Option("--level <level>", "leave out what is weaker").choices(LEVELS),
		)
		.option(
			"--strict",
			"what the specs say should be fails the run too, and hygiene where they say must",
		)
		.addOption(
			new Option(
				"--fail-on <words>",
				`kinds and impacts that fail the run: ${FAIL_ON.join(", ")} (default: all but hygiene)`,
			).argParser(failOn),
		)
		.option("--quick", "no probe, and nothing that waits: for a first try")
		.addOption(
			new Option("--concurrency <n>", "tokens at once (default: 4)").argParser(
				count,
			),
		)
		.addOption(new Option("--jobs <n>").argParser(count).hideHelp())
		.addOption(
			new Option(
				"--timeout <seconds>",
				"for one answer, before it counts as hung (default: 10)",
			).argParser(Number),
		);
	command.addOption(
		new Option(
			"--max-time <time>",
			"stop after so long, such as 10m, and report what is known by then",
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
			"the file of yours that SARIF shows the causes at, such as src/auth.ts (default: the profile)",
		)
		.option("--details", "print each finding too, not only what is wrong")
		.option(
			"--show-tokens",
			"whole tokens in reports, whose files only you can read then",
		)
		.option(
			"--update-known",
			"write what fails today into the profile's known_failures: only what is new fails from then on",
		)
		.option(
			"--compare <file>",
			"say what is new and what is gone since that JSON report",
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

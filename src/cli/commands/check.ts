// check: fires the catalogue and the probes at a relying party, and says what it wrongly accepts.
import { Command, Option } from "commander";
import { MockError } from "../../errors.js";
import type { Level } from "../../runner/applicable.js";
import type { Profile } from "../../runner/profile.js";
import type { CheckResult, FindingKind } from "../../runner/result.js";
import { VERSION } from "../../version.js";
import { EXIT, type Io } from "../io.js";
import { collect, collectList, port, scenariosOption } from "../options.js";
import { initProfile } from "./check-init.js";
import {
	type PresetOptions,
	presetOptions,
	presetProfile,
} from "./check-preset.js";
import { checkedReports, writeReports } from "./check-report.js";

export interface CheckCommandOptions extends PresetOptions {
	http?: string;
	command?: string;
	lines?: string;
	start?: string;
	server?: string;
	controlToken?: string;
	audience?: string;
	issuerPort?: number;
	issuerHost?: string;
	issuer?: string;
	tls?: boolean;
	gitlabVersion?: string;
	timeout?: number;
	scenarios?: string[];
	only?: string[];
	skip?: string[];
	level?: Level;
	strict?: boolean;
	failOn?: FindingKind[];
	jobs?: number;
	report?: string[];
	showTokens?: boolean;
	init?: string | true;
}

const KINDS = ["dangerous", "broken", "strict", "stale"];

export function checkCommand(io: Io, exit: (code: number) => void): Command {
	const command = new Command("check")
		.description(
			"fire every scenario and probe at a relying party, and report what it wrongly accepts or refuses",
		)
		.argument("[profile]", "YAML file that describes the relying party")
		.option("--init [file]", "write a commented profile (default: rp.yaml)")
		.option(
			"--http <url>",
			"the RP: POST or GET there with the token as bearer",
		)
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
		);
	for (const preset of presetOptions()) command.addOption(preset);
	return command
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
			new Option("--level <level>", "leave out what is weaker").choices([
				"must",
				"should",
				"may",
			]),
		)
		.option("--strict", "what the specs say should be fails the run too")
		.addOption(
			new Option(
				"--fail-on <kinds>",
				`which findings fail the run: ${KINDS.join(", ")} (default: all)`,
			).argParser(kinds),
		)
		.addOption(
			new Option("--jobs <n>", "tokens at once (default: 4)").argParser(count),
		)
		.addOption(
			new Option(
				"--timeout <seconds>",
				"for one answer, before it is broken (default: 10)",
			).argParser(Number),
		)
		.addOption(
			new Option(
				"--report <format=file>",
				"write a report: text, json, junit, sarif or html, to a file or - for stdout; repeatable",
			).argParser(collect),
		)
		.option("--show-tokens", "whole tokens in reports")
		.addOption(scenariosOption())
		.action(async (profile: string | undefined, options: CheckCommandOptions) =>
			exit(await check(profile, options, io)),
		);
}

async function check(
	file: string | undefined,
	options: CheckCommandOptions,
	io: Io,
): Promise<number> {
	if (options.init !== undefined) return initProfile(options.init, io);
	const reports = checkedReports(options.report ?? []);
	const [
		{ readProfile, checkedProfile },
		{ checkProfile },
		{ createProgress },
	] = await Promise.all([
		import("../../runner/profile.js"),
		import("../../check/check-profile.js"),
		import("../../runner/report/progress.js"),
	]);
	const read = file === undefined ? {} : await readProfile(file);
	const preset = await presetProfile(options, io.env);
	const profile = checkedProfile(merged(read, preset.profile, options));
	const progress = createProgress(io.stderr);
	let result: CheckResult;
	try {
		result = await checkProfile(profile, {
			version: VERSION,
			scenarios: options.scenarios,
			controlToken: options.controlToken,
			selection: {
				only: options.only,
				skip: options.skip,
				level: options.level,
			},
			severity: { strict: options.strict, failOn: options.failOn },
			jobs: options.jobs,
			showTokens: options.showTokens,
			notes: preset.notes,
			onProgress: (state) => progress.show(state),
		});
	} finally {
		progress.erase();
	}
	await writeReports(result, reports, file, io);
	switch (result.conclusion) {
		case "conforms":
			return EXIT.fine;
		case "findings":
			return EXIT.failed;
		case "proves-nothing":
			return EXIT.usage;
	}
}

/** The profile with what the command line says in its place. */
function merged(
	read: Profile,
	preset: Profile,
	options: CheckCommandOptions,
): Profile {
	const targets = [
		options.http !== undefined && { http: { url: options.http } },
		options.command !== undefined && { command: options.command },
		options.lines !== undefined && { lines: options.lines },
		preset.target,
	].filter((target) => target !== false && target !== undefined);
	if (targets.length > 1) {
		throw new MockError(
			"invalid_option",
			"one target is enough: --http, --command, --lines, --vault, --aws or --gcp",
		);
	}
	const base = { ...read, ...defined(preset) };
	const issuer = {
		...base.issuer,
		...defined({
			port: options.issuerPort,
			host: options.issuerHost,
			url: options.issuer,
			tls: options.tls,
			gitlab_version: options.gitlabVersion,
		}),
	};
	const limits = { ...base.limits, ...defined({ timeout: options.timeout }) };
	return {
		...base,
		...defined({
			target: targets[0],
			start: options.start,
			audience: options.audience,
			server: options.server,
		}),
		...(Object.keys(issuer).length > 0 && { issuer }),
		...(Object.keys(limits).length > 0 && { limits }),
	} as Profile;
}

/** Only the members that there are. */
const defined = <T extends object>(members: T): Partial<T> =>
	Object.fromEntries(
		Object.entries(members).filter(([, value]) => value !== undefined),
	) as Partial<T>;

function kinds(text: string, previous?: FindingKind[]): FindingKind[] {
	const named = text.split(",");
	const wrong = named.find((kind) => !KINDS.includes(kind));
	if (wrong !== undefined) {
		throw new MockError(
			"invalid_option",
			`--fail-on: there is no "${wrong}", only ${KINDS.join(", ")}`,
		);
	}
	return [...(previous ?? []), ...(named as FindingKind[])];
}

function count(text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
	throw new MockError(
		"invalid_option",
		"--jobs: expected a number from 1 to 1000",
	);
}

// token: prints one token, from a running server or from a key file.
import { Command, Option } from "commander";
import { MockError } from "../../errors.js";
import type { TokenRequest } from "../../scenario/mint.js";
import { parseAnswer } from "../../server-client.js";
import { ask } from "../ask.js";
import { EXIT, type Io, writeJson } from "../io.js";
import {
	collect,
	issuerOption,
	jsonOption,
	keysBeforeServer,
	keysOption,
	scenariosOption,
	serverOption,
} from "../options.js";
import { tokenText } from "../token-text.js";

interface TokenCommandOptions {
	server?: string;
	keys?: string;
	issuer?: string;
	gitlabVersion?: string;
	scenarios?: string[];
	aud?: string[];
	audList?: boolean;
	set?: string[];
	baseline?: string[];
	json?: boolean;
}

export function tokenCommand(io: Io, exit: (code: number) => void): Command {
	return keysBeforeServer(new Command("token"))
		.description("print the token of a scenario, and nothing else")
		.argument("<scenario>", "the scenario's id, or the last part of it")
		.option(
			"--aud <audience>",
			"audience (aud); repeatable, which makes a list",
			collect,
		)
		.option("--aud-list", "write aud as a list, even with one audience")
		.option(
			"--set <key=value>",
			"change the job, such as ref=main or environment.name=staging; repeatable",
			collect,
		)
		.option(
			"--baseline <key=value>",
			"change the job that the scenario differs from, such as project.path=acme/app; repeatable",
			collect,
		)
		.addOption(jsonOption())
		.addOption(serverOption())
		.addOption(keysOption())
		.addOption(issuerOption())
		.addOption(
			new Option(
				"--gitlab-version <version>",
				"with --keys: the GitLab to emulate",
			),
		)
		.addOption(scenariosOption())
		.action(async (scenario: string, options: TokenCommandOptions) =>
			exit(await token(scenario, options, io)),
		);
}

async function token(
	scenario: string,
	options: TokenCommandOptions,
	io: Io,
): Promise<number> {
	const { aud: given, audList, set = [], baseline: settings = [] } = options;
	const aud = given && (audList || given.length > 1 ? given : given[0]);
	if (audList && !given)
		throw new MockError("invalid_option", "--aud-list goes with --aud");
	// Without it, a server's own is in force.
	const baseline =
		settings.length > 0
			? (await import("../../scenario/adjust.js")).baselineOf(settings)
			: undefined;
	const request = { scenario, aud, set, baseline };
	const made = (await (options.keys === undefined
		? fromServer(options, request)
		: offline(options.keys, options, request))) as { token?: unknown } | null;
	if (options.json) writeJson(io.stdout, made);
	else io.stdout.write(`${tokenText(made?.token, io.stdout)}\n`);
	return EXIT.fine;
}

async function fromServer(
	options: TokenCommandOptions,
	request: object,
): Promise<unknown> {
	const answer = await ask(options.server, "/_mock/token", {
		method: "POST",
		body: request,
	});
	return parseAnswer(answer, "the server's answer");
}

async function offline(
	file: string,
	options: TokenCommandOptions,
	request: TokenRequest,
): Promise<unknown> {
	if (options.server !== undefined) {
		throw new MockError(
			"invalid_option",
			"--keys works without a server: leave --server out, or --keys",
		);
	}
	if (options.issuer === undefined) {
		throw new MockError(
			"invalid_option",
			"--keys needs --issuer URL too: no server says who issues",
		);
	}
	const [
		{ loadCatalogue, BUILT_IN },
		{ mintToken },
		{ DEFAULT_AUDIENCE },
		{ readKeyFile },
		{ parseIssuer },
		{ parseVersion },
		{ systemClock },
	] = await Promise.all([
		import("../../scenario/catalogue.js"),
		import("../../scenario/mint.js"),
		import("../../scenario/audience.js"),
		import("../../token/key-file.js"),
		import("../../gitlab/issuer.js"),
		import("../../gitlab/version.js"),
		import("../../clock.js"),
	]);
	return mintToken(
		{
			issuer: parseIssuer(options.issuer),
			version: parseVersion(options.gitlabVersion ?? "latest"),
			plan: "ultimate",
			audience: DEFAULT_AUDIENCE,
			clock: systemClock,
			keys: await readKeyFile(file),
			catalogue: await loadCatalogue([BUILT_IN, ...(options.scenarios ?? [])]),
		},
		request,
	);
}

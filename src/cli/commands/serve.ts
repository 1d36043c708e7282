// serve: the GitLab that services under test trust.
import { Command, Option } from "commander";
import { PLANS, type Plan } from "../../gitlab/plan.js";
import type { StartOptions } from "../../server/start-options.js";
import { announce } from "../announce.js";
import { controlToken } from "../control-token.js";
import { EXIT, type Io } from "../io.js";
import {
	collectList,
	controlTokenFileOption,
	gitlabUrlOption,
	issuerOption,
	option,
	port,
	scenariosOption,
} from "../options.js";
import { type LogFormat, logOption, logWriter } from "../request-line.js";

interface ServeOptions {
	host: string;
	port: number;
	issuer?: string;
	gitlabUrl?: string;
	keys?: string;
	scenarios?: string[];
	gitlabVersion?: string;
	plan?: Plan;
	audience?: string;
	trustProxy?: boolean;
	config?: string;
	replica?: boolean;
	controlToken?: string;
	controlTokenFile?: string;
	tls?: boolean;
	tlsPort: number;
	tlsName?: string[];
	tlsCa?: string;
	tlsCert?: string;
	tlsKey?: string;
	log: LogFormat;
	json?: boolean;
}

export function serveCommand(io: Io, exit: (code: number) => void): Command {
	const command = new Command("serve")
		.description(
			"start a GitLab that serves discovery and keys, and issues tokens",
		)
		.addOption(
			option("--port <port>", "port for http; 0: any free one")
				.argParser(port)
				.default(8080),
		)
		.addOption(
			option("--host <address>", "address to listen on").default("127.0.0.1"),
		)
		.addOption(issuerOption().env("GITLAB_OIDC_MOCK_ISSUER"))
		.addOption(gitlabUrlOption())
		.addOption(scenariosOption().env("GITLAB_OIDC_MOCK_SCENARIOS"))
		.addOption(
			option(
				"--keys <file>",
				"private JWKS to sign with; made if it is missing (default: new keys)",
			),
		)
		.addOption(
			option(
				"--gitlab-version <version>",
				"GitLab to emulate, such as 17.11 (default: latest)",
			),
		)
		.addOption(
			option("--plan <plan>", "its subscription (default: ultimate)").choices(
				PLANS,
			),
		)
		.addOption(
			option(
				"--audience <aud>",
				"audience (aud) of tokens whose request names none (default: https://rp.example.com)",
			),
		)
		.addOption(
			option("--trust-proxy", "believe X-Forwarded-… and X-Request-Id"),
		)
		.addOption(option("--config <file>", "YAML or JSON with more instances"))
		.addOption(
			option(
				"--replica",
				"one of several servers with the same --keys behind a load balancer: refuses every change",
			),
		)
		.addOption(
			option(
				"--control-token <secret>",
				"require this secret (Authorization: Bearer …) for every change",
			),
		)
		.addOption(
			controlTokenFileOption().env("GITLAB_OIDC_MOCK_CONTROL_TOKEN_FILE"),
		);
	return tlsOptions(command.addOption(logOption()))
		.addOption(new Option("--json", "print one line of JSON when ready"))
		.action(async (options: ServeOptions) => exit(await serve(options, io)));
}

const tlsOptions = (command: Command): Command =>
	command
		.addOption(
			option(
				"--tls",
				"serve https too, with a certificate that is made at start",
			),
		)
		.addOption(
			option("--tls-port <port>", "port for https; 0: any free one")
				.argParser(port)
				.default(8443),
		)
		.addOption(
			option(
				"--tls-name <name>",
				"host name or address of the certificate; repeatable",
			).argParser(collectList),
		)
		.addOption(
			option(
				"--tls-ca <file>",
				"file to write the certificate authority to, which clients trust",
			),
		)
		.addOption(option("--tls-cert <file>", "certificate of your own, PEM"))
		.addOption(option("--tls-key <file>", "its private key, PEM"));

async function serve(options: ServeOptions, io: Io): Promise<number> {
	const stopped = stopSignal(io);
	const { report, log } = logWriter(options.log, io);
	const token = await controlToken(options);
	const { startServer } = await import("../../server/start.js");
	const server = await startServer({
		...startOptions(options),
		controlToken: token,
		watch: true,
		report,
		log,
	});
	try {
		const catalogue = await server.ready;
		const { problemLine } = await import("../../scenario/problem.js");
		for (const problem of catalogue.problems()) report(problemLine(problem));
		for (const id of catalogue.overriding())
			report(`your ${id} takes the place of the one that comes with the mock`);
		if (!isLoopback(options.host)) {
			report(
				`listening on ${options.host}: whoever reaches it can have tokens${token ? "" : " and change everything (see --control-token)"}`,
			);
		}
		announce(options, server, io);
		await stopped;
		return EXIT.fine;
	} finally {
		await server.close();
	}
}

const isLoopback = (host: string) =>
	host === "localhost" || host === "::1" || host.startsWith("127.");

function startOptions(options: ServeOptions): StartOptions {
	const { tls, tlsPort, tlsName, tlsCa, tlsCert, tlsKey, log, ...rest } =
		options;
	const wanted = tls || tlsCa || tlsCert || tlsKey || tlsName;
	return {
		...rest,
		tls: wanted
			? {
					port: tlsPort,
					names: tlsName,
					caFile: tlsCa,
					cert: tlsCert,
					key: tlsKey,
				}
			: undefined,
	};
}

/** Resolves when the process is told to stop. */
function stopSignal({ stop }: Io): Promise<void> {
	return new Promise((resolve) => {
		const done = () => resolve();
		if (stop) {
			stop.addEventListener("abort", done, { once: true });
			return;
		}
		process.once("SIGINT", done);
		process.once("SIGTERM", done);
	});
}

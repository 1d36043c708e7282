// RabbitMQ with its OAuth 2 plugin: an AMQP login with the token as password, project_path as scope.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { connect } from "amqplib";
import type { GitLab } from "../../src/index.js";
import { AUDIENCE, breaks, type Later, lax, relyingParty } from "./cases.js";
import { freePort, listens, makeFolder, start } from "./program.js";

const SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** One project may do everything, by an alias of its path: what a scope is to RabbitMQ, a GitLab token does not have. */
const configuration = (keys: string, ca: string, project: string) => `[
	{rabbit, [{auth_backends, [rabbit_auth_backend_oauth2]}]},
	{rabbitmq_auth_backend_oauth2, [
		{resource_server_id, <<"${AUDIENCE}">>},
		{extra_scopes_source, <<"project_path">>},
		{scope_aliases, #{<<"${project}">> => [${["read", "write", "configure"].map((right) => `<<"${AUDIENCE}.${right}:*/*">>`)}]}},
		{key_config, [
			{jwks_url, "${keys}"},
			{peer_verification, verify_peer},
			{cacertfile, "${ca}"},
			{algorithms, [<<"RS256">>]}
		]}
	]}
].
`;

async function startRabbitMQ(gitlab: GitLab, later: Later) {
	const home = await makeFolder(later);
	const [port, distribution, epmdPort] = await Promise.all([
		freePort(),
		freePort(),
		freePort(),
	]);
	const { claims } = await gitlab.mint();
	const file = (name: string) => join(home, name);
	await writeFile(file("ca.pem"), gitlab.ca ?? "");
	await writeFile(
		file("rabbitmq.conf"),
		`listeners.tcp.1 = 127.0.0.1:${port}\nlog.console = true\nlog.console.level = info\nlog.file = false\n`,
	);
	await writeFile(
		file("advanced.config"),
		configuration(
			`https://localhost:${new URL(gitlab.issuer).port}/oauth/discovery/keys`,
			file("ca.pem"),
			String(claims.project_path),
		),
	);
	await writeFile(file("enabled_plugins"), "[rabbitmq_auth_backend_oauth2].\n");
	const from = "Debian's rabbitmq-server";
	// Started by RabbitMQ itself it would outlive it.
	const epmd = start(
		"epmd",
		["-port", String(epmdPort), "-address", "127.0.0.1"],
		{ from, home, later },
	);
	await epmd.until("listening", () => listens(epmdPort));
	const server = start(SERVER, [], {
		from,
		home,
		later,
		env: {
			ERL_EPMD_PORT: String(epmdPort),
			ERL_EPMD_ADDRESS: "127.0.0.1",
			RABBITMQ_NODENAME: `interop-${process.pid}@localhost`,
			RABBITMQ_DIST_PORT: String(distribution),
			RABBITMQ_CONF_ENV_FILE: file("none"),
			RABBITMQ_CONFIG_FILE: file("rabbitmq.conf"),
			RABBITMQ_ADVANCED_CONFIG_FILE: file("advanced.config"),
			RABBITMQ_ENABLED_PLUGINS_FILE: file("enabled_plugins"),
			RABBITMQ_MNESIA_BASE: file("mnesia"),
			RABBITMQ_LOG_BASE: file("log"),
			RABBITMQ_PID_FILE: file("pid"),
			RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
				"-kernel inet_dist_use_interface {127,0,0,1}",
		},
	});
	await server.until("ready", () =>
		server.output().includes("Server startup complete") ? true : undefined,
	);
	return { port, server };
}

/** The errors over which RabbitMQ closed the connection from `port`, on one line, once they are all in its log. */
function reasonIn(log: string, port: number): string | undefined {
	const closing = new RegExp(
		`closing AMQP connection (<[\\d.]+>) \\(127\\.0\\.0\\.1:${port} `,
	);
	const connection = closing.exec(log)?.[1];
	if (connection === undefined) return undefined;
	const mark = `[error] ${connection} `;
	return stripVTControlCharacters(log)
		.split("\n")
		.filter((line) => line.includes(mark))
		.map((line) => line.slice(line.indexOf(mark) + mark.length).trim())
		.join(" ");
}

relyingParty("RabbitMQ", {
	gitlab: { tls: {} },
	async start(gitlab, later) {
		const { port, server } = await startRabbitMQ(gitlab, later);
		return {
			async judge(token) {
				// By its port a connection is told from the others in the log.
				const localPort = await freePort();
				const socket = { noDelay: true, localPort };
				const before = server.output().length;
				try {
					const connection = await connect(
						{ hostname: "127.0.0.1", port, username: "", password: token },
						socket,
					);
					// Exclusive, so that it is gone with the connection.
					const channel = await connection.createChannel();
					await channel.assertQueue("", { exclusive: true });
					await connection.close();
					return "accepted";
				} catch (error) {
					const reason = await server.until("telling why", () =>
						reasonIn(server.output().slice(before), localPort),
					);
					const refused = `${error}: ${reason}`;
					if (/internal error|CRASH/.test(refused)) throw new Error(refused);
					return { refused };
				}
			},
		};
	},
	policy: [
		[
			"project/other-project",
			/ access to vhost '\/' refused for user 'project_path:other-group\/other-project:/,
		],
	],
	attacks: {
		"time/expired": /"Provided JWT token has expired at timestamp /,
		"time/exp-missing": lax("exp is checked only if it is there"),
		"time/exp-string": lax("exp is checked only if it is a number"),
		"time/not-yet-valid": lax("nbf is not looked at"),
		"time/iat-in-future": lax("iat is not looked at"),
		"audience/other-service": /\{invalid_aud, \{resource_id_not_found_in_aud, /,
		"audience/list-without-ours":
			/\{invalid_aud, \{resource_id_not_found_in_aud, /,
		"audience/missing": breaks(
			/ authentication failed with internal error/,
			"it has no clause for a token without aud",
		),
		"issuer/other-gitlab": lax(
			"iss is not looked at: the keys alone say who is trusted",
		),
		"issuer/trailing-slash": lax(
			"iss is not looked at: the keys alone say who is trusted",
		),
		"issuer/missing": lax(
			"iss is not looked at: the keys alone say who is trusted",
		),
		"key/unknown-kid": / failed: \{error,key_not_found\}$/,
		"algorithm/alg-none": / failed: signature_invalid$/,
		"algorithm/hs256-public-key": / failed: signature_invalid$/,
		"signature/flipped-bit": / failed: signature_invalid$/,
		"signature/payload-changed-after-signing": / failed: signature_invalid$/,
		"a critical extension that nobody knows": lax("crit is not read"),
	},
});

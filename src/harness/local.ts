// A GitLab of this process as the issuer of a check.
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import type { Profile } from "../check/profile.js";
import type { Provider } from "../check/provider.js";
import { MockError } from "../errors.js";
import { parseVersion } from "../gitlab/version.js";
import { type GitLab, startGitLab } from "../server/start-gitlab.js";
import type { StartOptions } from "../server/start-options.js";
import { prepareKeys } from "../token/jwks.js";

/** What a check brings up its issuer with, beyond what the profile says. */
export interface LocalOptions {
	scenarios?: readonly string[] | undefined;
	/** where the certificate authority is written to, PEM */
	caFile?: string | undefined;
	/** is told what the user should know, a line each */
	warn?: ((line: string) => void) | undefined;
}

/**
 * Starts the issuer that `profile` describes.
 * @throws MockError where its address, or a scenario folder, does not do
 */
export async function localProvider(
	profile: Profile,
	{ scenarios, caFile, warn }: LocalOptions = {},
): Promise<Provider> {
	const { issuer = {} } = profile;
	const place = await placeOf(profile, caFile);
	if (place.host === EVERYWHERE) {
		warn?.(
			`the check's issuer listens on all addresses while it runs, so that the RP can call it ${issuer.host}`,
		);
	}
	const gitlab = await startGitLab({
		...place,
		// Whoever can reach it gets tokens, but does not move its clock or its keys.
		controlToken: randomUUID(),
		gitlabVersion: issuer.gitlab_version,
		audience: profile.audience,
		baseline: profile.job,
		scenarios,
	}).catch((error) => {
		throw inWordsOfCheck(error);
	});
	const version = parseVersion(issuer.gitlab_version ?? "latest");
	// An issuer that is called something else than where it listens has no others below it.
	if (issuer.url !== undefined) return providerOf(gitlab, version);
	return providerOf(gitlab, version, async () =>
		providerOf(
			await gitlab.instance({
				gitlabVersion: issuer.gitlab_version,
				audience: profile.audience,
				baseline: profile.job,
			}),
			version,
		),
	);
}

/** `serve` has the address as --port and --host. */
const inWordsOfCheck = (error: unknown): unknown =>
	error instanceof MockError && error.code === "address_in_use"
		? new MockError(
				"address_in_use",
				error.message.replace(/;.*$/s, "; choose another with --issuer-port"),
				{ cause: error },
			)
		: error;

const EVERYWHERE = "0.0.0.0";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/** Where it listens, and by which name it is called. */
async function placeOf(
	{ issuer = {} }: Profile,
	caFile: string | undefined,
): Promise<StartOptions> {
	const { host, tls = false, url } = issuer;
	const isLocal = host === undefined || LOOPBACK.has(host);
	const address = !isLocal ? EVERYWHERE : host === "::1" ? "::1" : "127.0.0.1";
	const named = host?.includes(":") ? `[${host}]` : host;
	const port =
		issuer.port || (host === undefined ? 0 : await freePort(address));
	const scheme = tls ? "https" : "http";
	return {
		host: address,
		port: tls ? 0 : port,
		issuer:
			url ?? (host === undefined ? undefined : `${scheme}://${named}:${port}`),
		tls: tls
			? { port, caFile, names: host === undefined ? undefined : [host] }
			: undefined,
	};
}

/** A port that is free now: the issuer's URL has to be known before it listens. */
const freePort = (host: string): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, host, () => {
			const address = server.address();
			server.close(() =>
				resolve(typeof address === "object" ? (address?.port ?? 0) : 0),
			);
		});
	});

/** `gitlab` as the issuer of a check. */
export function providerOf(
	gitlab: GitLab,
	version: string,
	fork?: Provider["fork"],
): Provider {
	const first = gitlab.keys.ci.kid;
	const retired = new Set<string>();
	return {
		issuer: gitlab.issuer,
		url: gitlab.url,
		version,
		scenarios: [...gitlab.scenarios, ...gitlab.nearMisses],
		ca: gitlab.ca,
		server: undefined,
		mint: (scenario, wishes) => gitlab.mint(scenario, wishes),
		async publicKeys() {
			const answer = await fetch(`${gitlab.url}/oauth/discovery/keys`);
			return ((await answer.json()) as { keys: [] }).keys;
		},
		now: async () => gitlab.clock.now(),
		async setFaults(faults) {
			for (const { publish, keys } of Object.values(faults))
				await prepareKeys(publish, keys);
			gitlab.faults.set(faults);
		},
		async rotate() {
			const { kid } = gitlab.keys.ci;
			await gitlab.keys.rotate();
			return kid;
		},
		async retire(kid) {
			retired.add(kid);
			await gitlab.keys.retire(kid);
		},
		async restoreKeys() {
			for (const kid of retired) await gitlab.keys.publish(kid);
			retired.clear();
			if (gitlab.keys.ci.kid !== first) await gitlab.keys.sign(first);
		},
		requests: async (since) => gitlab.requests.list({ since }),
		fork,
		close: () => gitlab.close(),
	};
}

// A running server as the issuer of a check, driven by its paths below /_mock.

import type { Profile } from "../check/profile.js";
import type {
	ProvidedRequest,
	ProvidedToken,
	Provider,
} from "../check/provider.js";
import { MockError } from "../errors.js";
import type { FaultMap } from "../scenario/fault.js";
import type { Scenario } from "../scenario/schema.js";
import { askServer, parseAnswer } from "../server-client.js";

const PATIENCE = 30; // seconds

/**
 * The server at `url`.
 * @param controlToken what it asks for where something is changed
 * @throws MockError `unreachable` where there is none, or it is no mock
 */
export async function remoteProvider(
	url: string,
	profile: Profile,
	controlToken?: string,
): Promise<Provider> {
	const base = url.replace(/\/$/, "");
	const call = async <T>(method: string, path: string, body?: object) => {
		const question = { method, path, body, controlToken, patience: PATIENCE };
		const { text } = await askServer(base, question);
		return parseAnswer(text, `what ${base}${path} answered`) as T;
	};
	const health = await call<{ issuer: string; gitlab_version: string }>(
		"GET",
		"/_mock/health",
	);
	const { scenarios } = await call<{ scenarios: Scenario[] }>(
		"GET",
		"/_mock/scenarios?full=true",
	);
	const faults = await call<FaultMap>("GET", "/_mock/faults");
	const retired: string[] = [];
	let first: string | undefined;
	// One after the other: a change that is under way when the run is stopped must not come after the tidying.
	let turn: Promise<unknown> = Promise.resolve();
	let isClosed = false;
	const change = async <T>(work: () => Promise<T>): Promise<T> => {
		if (isClosed)
			throw new MockError("unreachable", "the check has ended already");
		const done = turn.then(work);
		turn = done.catch(() => undefined);
		return done;
	};
	const restoreKeys = async () => {
		for (const kid of retired.splice(0))
			await call("POST", "/_mock/keys/publish", { kid });
		if (first !== undefined)
			await call("POST", "/_mock/keys/sign", { kid: first });
	};
	return {
		issuer: health.issuer,
		url: base,
		version: health.gitlab_version,
		scenarios,
		ca: undefined,
		server: base,
		mint: (scenario, wishes) =>
			call<ProvidedToken>("POST", "/_mock/token", {
				scenario,
				baseline: profile.job,
				...wishes,
			}),
		publicKeys: async () =>
			(await call<{ keys: [] }>("GET", "/oauth/discovery/keys")).keys,
		now: async () => (await call<{ now: number }>("GET", "/_mock/clock")).now,
		setFaults: (faults) =>
			change(() => call<void>("PUT", "/_mock/faults", faults)),
		rotate: () =>
			change(async () => {
				const { keys } = await call<{
					keys: { kid: string; signs: string[] }[];
				}>("GET", "/_mock/keys");
				const old = keys.find(({ signs }) => signs.includes("ci"))?.kid ?? "";
				first ??= old;
				await call("POST", "/_mock/keys/rotate", {});
				return old;
			}),
		retire: (kid) =>
			change(async () => {
				retired.push(kid);
				await call("POST", "/_mock/keys/retire", { kid });
			}),
		restoreKeys: () => change(restoreKeys),
		requests: async (since = 0) =>
			(
				await call<{ requests: ProvidedRequest[] }>(
					"GET",
					`/_mock/requests?since=${since}`,
				)
			).requests,
		// It was there before, and is left as it was.
		close() {
			const undone = change(async () => {
				await call("PUT", "/_mock/faults", faults);
				await restoreKeys();
			});
			isClosed = true;
			return undone;
		},
	};
}

// A running server as the issuer of a check, driven by its paths below /_mock.

import type { Profile } from "../check/profile.js";
import type {
	ProvidedRequest,
	ProvidedToken,
	Provider,
} from "../check/provider.js";
import { MockError, messageOf } from "../errors.js";
import type { FaultMap } from "../scenario/fault.js";
import type { Scenario } from "../scenario/schema.js";

const PATIENCE = 30_000; // milliseconds

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
	const call = <T>(method: string, path: string, body?: object) =>
		ask<T>(base + path, method, body, controlToken);
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
				for (const kid of retired)
					await call("POST", "/_mock/keys/publish", { kid });
				if (first !== undefined)
					await call("POST", "/_mock/keys/sign", { kid: first });
			});
			isClosed = true;
			return undone;
		},
	};
}

async function ask<T>(
	url: string,
	method: string,
	body: object | undefined,
	controlToken: string | undefined,
): Promise<T> {
	let answer: Response;
	let text: string;
	try {
		answer = await fetch(url, {
			method,
			headers: {
				...(body && { "Content-Type": "application/json" }),
				...(controlToken && { Authorization: `Bearer ${controlToken}` }),
			},
			body: body ? JSON.stringify(body) : null,
			signal: AbortSignal.timeout(PATIENCE),
		});
		text = await answer.text();
	} catch (error) {
		throw new MockError(
			"unreachable",
			`no answer from ${url}: ${messageOf((error as Error).cause ?? error)}; start a server with: gitlab-oidc-mock serve`,
			{ cause: error },
		);
	}
	const value = parsed(text);
	if (answer.ok && value !== undefined) return value as T;
	const { error_description } = (value ?? {}) as {
		error_description?: unknown;
	};
	throw new MockError(
		answer.ok ? "unreachable" : "invalid_request",
		typeof error_description === "string"
			? error_description
			: `${url} answered with status ${answer.status}, and not as a gitlab-oidc-mock does`,
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

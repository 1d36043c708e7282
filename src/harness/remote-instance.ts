// One GitLab of a running server: its tokens, keys, faults and requests, by its own paths below /_mock.
import type { z } from "zod";
import type { Profile } from "../check/profile.js";
import type { Provider } from "../check/provider.js";
import { MockError } from "../errors.js";
import { ANSWERS } from "./remote-answers.js";

/** Calls it: gives what it answered, which `schema` describes. @throws MockError `unreachable` where it is something else */
export type Caller = <Schema extends z.ZodType>(
	schema: Schema,
	method: string,
	path: string,
	body?: object,
) => Promise<z.infer<Schema>>;

/** Where it is, and what is known of it. */
export interface Called
	extends Pick<
		Provider,
		"issuer" | "url" | "version" | "scenarios" | "server"
	> {
	call: Caller;
}

/** It, without its end. */
export interface RemoteInstance extends Omit<Provider, "fork" | "close"> {
	/** One after the other: a change that is under way when the run is stopped must not come after the tidying. */
	change<T>(work: () => Promise<T>): Promise<T>;
	/** The same, and none after it. `restoreKeys` does at once what the provider's does in turn. */
	end(work: (restoreKeys: () => Promise<void>) => Promise<void>): Promise<void>;
}

/** The one that `called` tells of, whose tokens are those of the profile's job. */
export function remoteInstance(
	{ call, ...known }: Called,
	profile: Profile,
): RemoteInstance {
	const retired: string[] = [];
	let first: string | undefined;
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
			await call(ANSWERS.done, "POST", "/_mock/keys/publish", { kid });
		if (first !== undefined)
			await call(ANSWERS.done, "POST", "/_mock/keys/sign", { kid: first });
	};
	return {
		...known,
		ca: undefined,
		change,
		mint: (scenario, wishes) =>
			call(ANSWERS.token, "POST", "/_mock/token", {
				scenario,
				baseline: profile.job,
				...wishes,
			}),
		publicKeys: async () =>
			(await call(ANSWERS.jwks, "GET", "/oauth/discovery/keys")).keys,
		now: async () => (await call(ANSWERS.clock, "GET", "/_mock/clock")).now,
		setFaults: (faults) =>
			change(async () => {
				await call(ANSWERS.done, "PUT", "/_mock/faults", faults);
			}),
		rotate: () =>
			change(async () => {
				const { keys } = await call(ANSWERS.keys, "GET", "/_mock/keys");
				const old = keys.find(({ signs }) => signs.includes("ci"))?.kid ?? "";
				first ??= old;
				await call(ANSWERS.done, "POST", "/_mock/keys/rotate", {});
				return old;
			}),
		retire: (kid) =>
			change(async () => {
				retired.push(kid);
				await call(ANSWERS.done, "POST", "/_mock/keys/retire", { kid });
			}),
		restoreKeys: () => change(restoreKeys),
		requests: async (since = 0) =>
			(await call(ANSWERS.requests, "GET", `/_mock/requests?since=${since}`))
				.requests,
		end(work) {
			const done = change(() => work(restoreKeys));
			isClosed = true;
			return done;
		},
	};
}

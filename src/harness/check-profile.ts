// A check of the relying party that a profile describes: the issuer and the RP are brought up, and both are stopped.

import { join } from "node:path";
import type { Profile } from "../check/profile.js";
import { runCheck } from "../check/run.js";
import type { CheckSetup } from "../check/setup.js";
import { MockError } from "../errors.js";
import { openRelyingParty } from "../relying-party/open.js";
import type { RelyingParty } from "../relying-party/relying-party.js";
import { DEFAULT_AUDIENCE } from "../scenario/audience.js";
import type { CheckResult } from "../verdict/result.js";
import { localProvider } from "./local.js";
import { remoteProvider } from "./remote.js";
import { makeTemporaryFolder } from "./temporary-folder.js";
import { createTidying } from "./tidy.js";

/** How a check is made, beyond what the profile says. */
export interface CheckRunOptions
	extends Pick<
		CheckSetup,
		| "selection"
		| "severity"
		| "concurrency"
		| "showTokens"
		| "version"
		| "notes"
		| "service"
		| "again"
		| "onProgress"
		| "signal"
	> {
	/** folders of scenarios of one's own */
	scenarios?: readonly string[] | undefined;
	/** is told what the user should know, a line each */
	warn?: ((line: string) => void) | undefined;
	/** what a running server asks for where something is changed */
	controlToken?: string | undefined;
}

/**
 * Checks the relying party of a profile.
 * An RP that cannot be started is a result that proves nothing.
 * @throws MockError where the profile lacks a target, or the issuer cannot be started
 */
export async function checkProfile(
	profile: Profile,
	options: CheckRunOptions,
): Promise<CheckResult> {
	if (profile.target === undefined) {
		throw new MockError(
			"invalid_option",
			"there is no target: give a profile that has one, or --http URL, --command CMD or --lines CMD",
		);
	}
	const whole = { ...profile, audience: profile.audience ?? DEFAULT_AUDIENCE };
	const { scenarios, controlToken, warn, signal, ...setup } = options;
	const tidying = createTidying((line) => warn?.(`tidying up: ${line}`));
	try {
		const folder = profile.issuer?.tls
			? await makeTemporaryFolder()
			: undefined;
		if (folder) tidying.add(folder.path, folder.remove);
		const caFile = folder && join(folder.path, "ca.pem");
		const provider =
			profile.server === undefined
				? await localProvider(whole, { scenarios, caFile, warn })
				: await unlessStopped(
						signal,
						remoteProvider(profile.server, whole, controlToken),
					);
		tidying.add(`the issuer ${provider.issuer}`, provider.close);
		const opened = openRelyingParty({
			config: { ...whole, target: profile.target },
			issuer: provider,
			caFile,
			concurrency: setup.concurrency,
			signal,
		});
		const party = await opened.catch((error) => {
			if (signal?.aborted) throw stoppedEarly();
			return absentParty(error);
		});
		tidying.add("the relying party", party.close);
		return await runCheck({
			...setup,
			profile:
				"isAbsent" in party ? { ...whole, limits: { start: 0.1 } } : whole,
			provider,
			party,
			signal,
		});
	} finally {
		await tidying.all();
	}
}

/**
 * One that did not come up: asked, it says why, so that every report is written.
 * @throws what was thrown, where the profile is to blame
 */
function absentParty(error: unknown): RelyingParty & { isAbsent: true } {
	if (!(error instanceof MockError) || error.code !== "unreachable")
		throw error;
	const detail = error.message;
	return {
		isAbsent: true,
		description: "a relying party that did not start",
		present: async () => ({ outcome: "crashed", detail, duration: 0 }),
		restart: undefined,
		startsAnew: false,
		atOnce: 1,
		close: async () => undefined,
	};
}

const stoppedEarly = () =>
	new MockError(
		"unreachable",
		"the check was stopped before it had begun, and so proves nothing",
	);

/** Gives up waiting for what changes nothing. */
async function unlessStopped<Value>(
	signal: AbortSignal | undefined,
	work: Promise<Value>,
): Promise<Value> {
	if (!signal) return work;
	const waiting = new AbortController();
	const stopped = new Promise<never>((_, reject) => {
		const stop = () => reject(stoppedEarly());
		if (signal.aborted) stop();
		signal.addEventListener("abort", stop, { signal: waiting.signal });
	});
	try {
		return await Promise.race([work, stopped]);
	} finally {
		waiting.abort();
	}
}

// A check of the relying party that a profile describes: the issuer and the RP are brought up, and both are stopped.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_AUDIENCE, type Profile } from "../check/profile.js";
import { runCheck } from "../check/run.js";
import type { CheckSetup } from "../check/setup.js";
import { MockError } from "../errors.js";
import { openRelyingParty } from "../relying-party/relying-party.js";
import type { CheckResult } from "../verdict/result.js";
import { localProvider } from "./local.js";
import { remoteProvider } from "./remote.js";

/** How a check is made, beyond what the profile says. */
export interface CheckRunOptions
	extends Pick<
		CheckSetup,
		| "selection"
		| "severity"
		| "concurrency"
		| "signal"
		| "showTokens"
		| "version"
		| "notes"
		| "onProgress"
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
 * @throws MockError where the profile lacks a target, or the issuer or the RP cannot be started
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
	const folder = profile.issuer?.tls
		? await mkdtemp(join(tmpdir(), "gitlab-oidc-mock-"))
		: undefined;
	const caFile = folder && join(folder, "ca.pem");
	const stops: (() => Promise<unknown>)[] = [];
	try {
		if (folder) stops.push(() => rm(folder, { recursive: true, force: true }));
		const { scenarios, controlToken, warn, ...setup } = options;
		const provider =
			profile.server === undefined
				? await localProvider(whole, { scenarios, caFile, warn })
				: await remoteProvider(profile.server, whole, controlToken);
		stops.push(provider.close);
		const party = await openRelyingParty({
			config: { ...whole, target: profile.target },
			issuer: provider,
			caFile,
		});
		stops.push(party.close);
		return await runCheck({ ...setup, profile: whole, provider, party });
	} finally {
		for (const stop of stops.reverse()) await stop();
	}
}

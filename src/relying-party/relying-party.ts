// The relying party under test for the length of a run: started, asked, started anew, stopped.

import { messageOf } from "../errors.js";
import type { Answer } from "../verdict/answer.js";
import { type RunningRelyingParty, startRelyingParty } from "./start.js";
import type { Command, TargetConfig } from "./target/config.js";
import { createTarget } from "./target/create.js";
import { functionTarget, type Verify } from "./target/function.js";
import type { Presentation, Target } from "./target/target.js";

/** A relying party that can be asked. */
export interface RelyingParty {
	readonly description: string;
	/** Asks it; `patience`: seconds that it may take beyond its limit. */
	present(
		presentation: Presentation,
		options?: { patience?: number },
	): Promise<Answer>;
	/**
	 * Makes it forget what it has fetched; undefined where that is impossible. One that does not start is told of.
	 * `startTimeout`: seconds until its port must answer
	 */
	readonly restart:
		| ((options?: {
				startTimeout?: number | undefined;
		  }) => Promise<StartOutcome>)
		| undefined;
	/** how its program ended, where it has: `exit 1`, `ended by SIGSEGV` */
	readonly exit?: (() => string | undefined) | undefined;
	/** Starts a second one of the kind, which trusts another issuer; undefined where that is impossible. */
	readonly copy?:
		| ((issuer: Surroundings["issuer"]) => Promise<RelyingParty>)
		| undefined;
	/** whether a restart certainly takes its cache away; a command may ask a service that goes on running */
	readonly startsAnew: boolean;
	/** how many tokens it can be asked at once */
	readonly atOnce: number;
	/** what it printed last, safe to print */
	readonly output?: (() => string) | undefined;
	close(): Promise<void>;
}

/** Whether it came up: in how many seconds, or why not. */
export type StartOutcome =
	| { started: true; seconds: number }
	| { started: false; how: "ended" | "silent"; detail: string };

/** Where it finds the issuer's certificate authority, if there is one. */
export interface Surroundings {
	/** how it is asked, started and waited for, as its profile says */
	config: RelyingPartyConfig;
	/** whose tokens it trusts: `iss`, and the authority to trust, PEM */
	issuer: { readonly issuer: string; readonly ca: string | undefined };
	/** a file with that authority */
	caFile?: string | undefined;
}

/** What a profile says of the relying party itself. */
export interface RelyingPartyConfig {
	target: TargetConfig;
	start?: Command | undefined;
	audience: string;
	/** seconds */
	limits?:
		| { timeout?: number | undefined; start?: number | undefined }
		| undefined;
}

const DEFAULTS = { timeout: 10, start: 30 }; // seconds

/**
 * Opens the relying party that a profile describes.
 * @throws MockError where it cannot be started
 */
export async function openRelyingParty(
	around: Surroundings,
): Promise<RelyingParty> {
	const { target: config, start, limits = {} } = around.config;
	const env = environment(around);
	const open = async (): Promise<{
		target: Target;
		running: RunningRelyingParty | undefined;
	}> => {
		const running =
			start === undefined
				? undefined
				: await startRelyingParty(start, {
						env,
						timeout: limits.start ?? DEFAULTS.start,
					});
		const target = createTarget(config, {
			port: running?.port,
			timeout: limits.timeout ?? DEFAULTS.timeout,
			env,
			ca: around.issuer.ca,
		});
		return { target, running };
	};
	let current = await open();
	const close = async () => {
		await current.target.close();
		await current.running?.close();
	};
	const canRestart = start !== undefined || !("http" in config);
	return {
		description: current.target.description,
		present: (presentation) => current.target.present(presentation),
		restart: canRestart
			? async () => {
					await close();
					try {
						current = await open();
						return { started: true, seconds: 0 };
					} catch (error) {
						const detail = messageOf(error);
						return { started: false, how: "ended", detail };
					}
				}
			: undefined,
		startsAnew: start !== undefined || "lines" in config,
		atOnce: "command" in config ? PROCESSES : MOST_AT_ONCE,
		output: () => current.running?.output() ?? "",
		close,
	};
}

const MOST_AT_ONCE = 200;
const PROCESSES = 8; // of a command for each token

/** A relying party that is a function. */
export function relyingPartyOf(
	verify: Verify,
	options: {
		timeout?: number | undefined;
		restart?: (() => unknown) | undefined;
	},
): RelyingParty {
	const { timeout = DEFAULTS.timeout, restart } = options;
	const target = functionTarget(verify, { timeout });
	return {
		description: target.description,
		present: (presentation) => target.present(presentation),
		restart:
			restart &&
			(async () => {
				try {
					await restart();
					return { started: true, seconds: 0 };
				} catch (error) {
					return { started: false, how: "ended", detail: messageOf(error) };
				}
			}),
		startsAnew: restart !== undefined,
		atOnce: MOST_AT_ONCE,
		close: () => target.close(),
	};
}

function environment({ config, issuer, caFile }: Surroundings) {
	return {
		OIDC_ISSUER: issuer.issuer,
		OIDC_JWKS_URI: `${issuer.issuer}/oauth/discovery/keys`,
		OIDC_AUDIENCE: config.audience,
		...(caFile === undefined ? {} : { OIDC_CA_FILE: caFile }),
	};
}

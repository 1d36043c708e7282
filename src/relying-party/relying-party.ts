// What a relying party under test is: asked, started anew, stopped.

import type { Answer } from "../verdict/answer.js";
import type { Command, TargetConfig } from "./target/config.js";
import type { Presentation, PresentOptions } from "./target/target.js";

/** A relying party that can be asked. */
export interface RelyingParty {
	readonly description: string;
	present(
		presentation: Presentation,
		options?: PresentOptions,
	): Promise<Answer>;
	/**
	 * Makes it forget what it has fetched; undefined where that is impossible. One that does not come up again is told
	 * of: it gives no answers until it is started anew and does.
	 */
	readonly restart:
		| ((options?: RestartOptions) => Promise<StartOutcome>)
		| undefined;
	/** how its program ended, where it has: `exit 1`, `ended by SIGSEGV` */
	readonly exit?: (() => string | undefined) | undefined;
	/** what it printed last, safe to print */
	readonly output?: (() => string) | undefined;
	/** whether it printed a token, which `output` cuts; undefined where what it prints is not seen */
	readonly hasPrinted?: ((token: string) => boolean) | undefined;
	/**
	 * Starts a second one of the kind, which trusts another issuer; undefined where that is impossible.
	 * It throws a MockError where it does not come up, and ends with the first at the latest.
	 */
	readonly copy?:
		| ((issuer: TrustedIssuer) => Promise<RelyingParty>)
		| undefined;
	/** whether a restart certainly takes its cache away; a command may ask a service that goes on running */
	readonly startsAnew: boolean;
	/** how many tokens it can be asked at once */
	readonly atOnce: number;
	close(): Promise<void>;
}

export interface RestartOptions {
	/** seconds until its port must answer; default as its profile says */
	startTimeout?: number | undefined;
}

/** Whether it came up: in how many seconds, or why not. */
export type StartOutcome =
	| { started: true; seconds: number }
	| { started: false; how: "ended" | "silent"; detail: string };

/** Whose tokens it trusts: `iss`, and the authority to trust, PEM. */
export interface TrustedIssuer {
	readonly issuer: string;
	readonly ca: string | undefined;
}

/** What it stands among. */
export interface Surroundings {
	/** how it is asked, started and waited for, as its profile says */
	config: RelyingPartyConfig;
	issuer: TrustedIssuer;
	/** a file with the issuer's authority */
	caFile?: string | undefined;
	/** how many tokens it is asked at once; default 4 */
	concurrency?: number | undefined;
	/** gives the attempt to start it up */
	signal?: AbortSignal | undefined;
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

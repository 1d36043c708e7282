// What a probe is: a check over time, with the issuer's request log as evidence.

import type { Impact, Level } from "../../scenario/severity.js";
import type { Answer } from "../../verdict/answer.js";
import type { FindingKind } from "../../verdict/kinds.js";
import type { Policy } from "../../verdict/policy/schema.js";
import type {
	ProvidedRequest,
	ProvidedToken,
	Provider,
	TokenWishes,
} from "../provider.js";

/** What a probe works with. */
export interface ProbeContext {
	provider: Provider;
	policy: Policy;
	/** seconds within which the RP must be itself again */
	refresh: number;
	/** A fresh token; of the baseline job unless another scenario is named. */
	mint(scenario?: string, wishes?: TokenWishes): Promise<ProvidedToken>;
	present(token: string): Promise<Answer>;
	/** Mints and presents. */
	show(scenario?: string, wishes?: TokenWishes): Promise<Answer>;
	/** Makes the RP forget what it fetched; undefined where that is impossible. */
	restart: (() => Promise<unknown>) | undefined;
	/** whether it certainly does: a command may ask a service that goes on running */
	startsAnew: boolean;
	/** how many tokens the RP can be asked at once */
	atOnce: number;
	/** What the issuer was asked meanwhile, the mock's own paths included. */
	requestsDuring(
		work: () => Promise<unknown>,
	): Promise<readonly ProvidedRequest[]>;
	/** Waits until an honest token is accepted again; undefined where it was not in time. */
	recovered(seconds: number): Promise<number | undefined>;
}

/** What a probe found. */
export interface ProbeOutcome {
	outcome: "passed" | "failed" | "reported" | "not-applicable";
	detail: string;
	/** where it is worse than the probe says in general, or less bad */
	level?: Level;
	impact?: Impact;
	kind?: FindingKind;
	gain?: string;
	measured?: Record<string, number | string | null>;
	evidence?: readonly string[];
}

/** A check over time. */
export interface Probe {
	id: `probe/${string}`;
	/** what the RP should do */
	title: string;
	level: Level;
	/** what it costs where it fails */
	impact: Impact;
	/** what it is where it fails */
	kind: FindingKind;
	/** what an attacker gains, or a user loses */
	gain: string;
	spec: readonly string[];
	/** whether it waits for a time-out, for new keys or for an end: then it is made beside the rest */
	waits: boolean;
	run(context: ProbeContext): Promise<ProbeOutcome>;
}

/** Requests as evidence, a line each. */
export const evidenceOf = (requests: readonly ProvidedRequest[]): string[] => {
	const shown = requests
		.slice(0, MOST_SHOWN)
		.map(
			({ time, method, path, status }) =>
				`${time} ${method} ${path} ${status ?? "-"}`,
		);
	const more = requests.length - shown.length;
	return more > 0 ? [...shown, `and ${more} more`] : shown;
};

const MOST_SHOWN = 20;

/** How many of the requests were for `path`. */
export const countOf = (
	requests: readonly ProvidedRequest[],
	path: string,
): number => requests.filter((request) => request.path === path).length;

// What a probe is: a check over time, with the issuer's request log as evidence.

import type { RelyingParty } from "../../relying-party/relying-party.js";
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

/** A claim that clocks are held against. */
export type TimeClaim = "exp" | "nbf" | "iat";

export const NO_LIMIT = "no limit";

/** Seconds, or one less, since the clock runs meanwhile; no limit within a day; or why that cannot be seen. */
export type LeewayFound = number | typeof NO_LIMIT | { unseen: string };

/** What a probe works with. */
export interface ProbeContext {
	provider: Provider;
	policy: Policy;
	/** seconds within which the RP must be itself again */
	refresh: number;
	/** A fresh token; of the baseline job unless another scenario is named. */
	mint(scenario?: string, wishes?: TokenWishes): Promise<ProvidedToken>;
	/**
	 * An RP that crashes on it, or hangs, fails the probe.
	 * @param options `mayBeDown`: unless that is its right, as that of one which cannot start without the issuer
	 */
	present(token: string, options?: { mayBeDown?: boolean }): Promise<Answer>;
	/** Mints and presents. */
	show(scenario?: string, wishes?: TokenWishes): Promise<Answer>;
	/** Makes the RP forget what it fetched; undefined where that is impossible. */
	restart: RelyingParty["restart"];
	/** whether it certainly does: a command may ask a service that goes on running */
	startsAnew: boolean;
	/** how many tokens the RP can be asked at once */
	atOnce: number;
	/** whether the RP printed a token; undefined where what it prints is not seen */
	hasPrinted: ((token: string) => boolean) | undefined;
	/** The leeway that the RP allows; measured once for all probes of a run. */
	leeway(claim: TimeClaim): Promise<LeewayFound>;
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

/**
 * What a probe changes or watches, so that nothing else may do so meanwhile. `faults`: how the issuer answers. `keys`:
 * those that it publishes. `load`: the RP gets as many tokens at once as it can. `output`: what the RP prints.
 * `requests`: what the issuer is asked. `restart`: the RP is started anew, where that can be done.
 */
type Need = "faults" | "keys" | "load" | "output" | "requests" | "restart";

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
	/** whether it may wait for the refresh limit, a time-out or an expiry: better made beside the rest, on its own RP */
	waits: boolean;
	/** whether the issuer's keys or answers are others meanwhile, which an RP may need some time, or a start, to get over */
	disturbs?: true;
	needs: readonly Need[];
	run(context: ProbeContext): Promise<ProbeOutcome>;
}

/** Nothing is proven by a refusal where no acceptance was seen before, nor by an answer that did not come. */
export const unseen = (
	why: string,
	measured: NonNullable<ProbeOutcome["measured"]> = {},
): ProbeOutcome => ({
	outcome: "reported",
	detail: `cannot be seen: ${why}`,
	measured,
});

/** An answer in words, such as `rejected (401 Unauthorized)`. */
export const said = ({ outcome, detail }: Answer): string =>
	detail === "" ? outcome : `${outcome} (${detail})`;

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

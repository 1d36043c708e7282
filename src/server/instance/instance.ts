// One emulated GitLab: what it is, and what can be changed while it runs.
import { type Clock, type MovableClock, movableClock } from "../../clock.js";
import type { Plan } from "../../gitlab/plan.js";
import type { Catalogue } from "../../scenario/catalogue.js";
import type { FaultMap } from "../../scenario/fault.js";
import type { Mint } from "../../scenario/mint.js";
import type { JobDifferences } from "../../scenario/schema.js";
import type { KeyPool } from "../../token/key-pool.js";
import type { KeySet } from "../../token/keys.js";
import { type Counts, createCounts } from "../traffic/counts.js";
import { createFaults, type Faults } from "./faults.js";
import { type KeyRing, keyRing } from "./key-ring.js";
import { type RequestLog, requestLog } from "./request-log.js";

/** What an instance is made of. */
export interface InstanceSettings {
	/** below which path it is, without a slash; empty for the one at the root */
	name: string;
	/** the host name that it answers to, instead of a path */
	host?: string | undefined;
	/** URL without a trailing slash; undefined: what the client called */
	issuer?: string | undefined;
	/** its own URL, where the issuer is another one */
	url?: string | undefined;
	version: string;
	plan: Plan;
	/** the `aud` of a token whose request names none */
	audience: string;
	/** the clock beneath its own */
	clock: Clock;
	/** its first keys, or what makes them when they are first asked for */
	keys: Promise<KeySet> | (() => Promise<KeySet>);
	/** where its later keys come from */
	pool: KeyPool;
	catalogue: Promise<Catalogue>;
	faults?: FaultMap | undefined;
	/** how its baseline job differs from the built-in one */
	baseline?: JobDifferences | undefined;
	/** what a request for a token gets that names no scenario; default GitLab's plain one */
	scenario?: string | undefined;
	/** how many requests are kept */
	requests: number;
	/** those of the server that it belongs to; default new ones */
	counts?: Counts | undefined;
	/** the CA that signed this server's certificate, PEM */
	ca?: string | undefined;
}

/** One emulated GitLab. */
export interface Instance {
	readonly settings: Readonly<InstanceSettings>;
	readonly clock: MovableClock;
	readonly keys: KeyRing;
	readonly faults: Faults;
	readonly requests: RequestLog;
	/** what the server has done, with all its instances */
	readonly counts: Counts;
	/** scenarios that the next plain requests for a token get */
	readonly queue: string[];
	/** The scenario of a request that names none: the next in the queue, or its own. */
	nextScenario(): string | undefined;
	/** Puts everything back to how it started; the keys only if asked. */
	reset(what?: { keys?: boolean | undefined }): void;
}

export function createInstance(settings: InstanceSettings): Instance {
	const clock = movableClock(settings.clock);
	const keys = keyRing(settings.keys, settings.pool);
	const faults = createFaults(settings.faults);
	const requests = requestLog(
		settings.name || (settings.host ?? ""),
		settings.requests,
	);
	const queue: string[] = [];
	return {
		settings,
		clock,
		keys,
		faults,
		requests,
		counts: settings.counts ?? createCounts(),
		queue,
		nextScenario: () => queue.shift() ?? settings.scenario,
		reset(what = {}) {
			clock.reset();
			faults.set(settings.faults ?? {});
			requests.clear();
			queue.length = 0;
			if (what.keys) keys.reset();
		},
	};
}

/**
 * Has `work` make tokens of this instance, once its keys and scenarios are there. Where the key that signs was retired
 * meanwhile the tokens are made again: one that nobody can verify any more is only for who asked for it.
 */
export async function minting<T>(
	instance: Instance,
	issuer: string,
	work: (mint: Mint) => Promise<T>,
): Promise<T> {
	for (;;) {
		const mint = await mintOf(instance, issuer);
		const made = await work(mint);
		const now = await instance.keys.current();
		if (!isRetired(mint.keys, now)) return made;
	}
}

/** Whether the key that signed at first was published then, and is not any more. */
const isRetired = ({ ci, published }: KeySet, now: KeySet): boolean =>
	published.includes(ci) && !now.published.includes(ci);

async function mintOf(
	{ settings, clock, keys, counts }: Instance,
	issuer: string,
): Promise<Mint> {
	const { url, version, plan, audience, baseline, catalogue } = settings;
	return {
		issuer,
		url,
		version,
		plan,
		audience,
		baseline,
		clock,
		keys: await keys.current(),
		catalogue: await catalogue,
		tally: counts.tokens,
	};
}

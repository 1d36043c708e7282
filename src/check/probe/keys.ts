// Probes of what the relying party makes of a change of keys: rotation and retirement.
import { setTimeout as sleep } from "node:timers/promises";
import { PATHS } from "../../gitlab/discovery.js";
import type { Answer } from "../../verdict/answer.js";
import { countOf, type Probe } from "./probe.js";

export const rotation: Probe = {
	id: "probe/rotation",
	title: "accepts a token by a newly published key, within its refresh limit",
	level: "should",
	impact: "interoperability",
	kind: "strict",
	gain: "From the day on which GitLab changes its key every job is turned away, until somebody restarts the service.",
	spec: ["OpenID Connect Core §10.1.1"],
	waits: true,
	async run({ provider, refresh, recovered }) {
		await provider.rotate();
		const seconds = await recovered(refresh);
		return seconds === undefined
			? {
					outcome: "failed",
					detail: `a token by a new key was still refused after ${refresh} seconds`,
					measured: { seconds: null },
				}
			: {
					outcome: "passed",
					detail: `a token by a new key was accepted after ${seconds.toFixed(1)} seconds`,
					measured: { seconds: Number(seconds.toFixed(1)) },
				};
	},
};

export const retirement: Probe = {
	id: "probe/retirement",
	title: "stops to accept a key that was withdrawn, once its cache has expired",
	level: "should",
	impact: "forgery",
	kind: "dangerous",
	gain: "A key that got out goes on opening the door after GitLab has withdrawn it.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 8725 §3.5"],
	waits: true,
	async run(context) {
		const { provider, refresh, mint, present, recovered, restart } = context;
		const { token } = await mint();
		const old = await provider.rotate();
		// With the new key, so that the old one is no longer the only one that it knows.
		const taken = await recovered(refresh);
		await provider.retire(old);
		if (taken === undefined && restart === undefined) {
			return {
				outcome: "reported",
				detail: `cannot be seen: the key that took over was not accepted within ${refresh} seconds`,
			};
		}
		const warm = await present(token);
		const measured = { warm: warm.outcome };
		if (warm.outcome === "rejected") {
			return {
				outcome: "passed",
				detail: "a token by a withdrawn key was refused at once",
				measured,
			};
		}
		if (restart !== undefined) {
			await restart();
			let cold = warm;
			const requests = await context.requestsDuring(async () => {
				cold = await present(token);
			});
			const hasFetched = countOf(requests, PATHS.keys) > 0;
			if (cold.outcome === "accepted" && !hasFetched && !context.startsAnew) {
				return {
					outcome: "reported",
					detail:
						"a token by a withdrawn key was accepted, and the keys were not fetched again: what the command asks goes on running; how long its cache lasts cannot be seen here",
					measured,
				};
			}
			return {
				outcome: cold.outcome === "accepted" ? "failed" : "passed",
				detail: `a token by a withdrawn key was ${warm.outcome} from the cache, and ${cold.outcome} after a restart`,
				measured: { ...measured, cold: cold.outcome },
			};
		}
		const gone = await refusedWithin(Math.min(refresh, PATIENCE), () =>
			present(token),
		);
		return {
			outcome: "reported",
			detail:
				gone === undefined
					? `a token by a withdrawn key was ${warm.outcome} from the cache; how long it lasts cannot be seen here without --start`
					: `a token by a withdrawn key was refused after ${gone.toFixed(1)} seconds`,
			measured: { ...measured, seconds: gone ?? null },
		};
	},
};

const PATIENCE = 5; // seconds: caches last for minutes or hours, which no run waits for

async function refusedWithin(
	seconds: number,
	ask: () => Promise<Answer>,
): Promise<number | undefined> {
	const begun = performance.now();
	const elapsed = () => (performance.now() - begun) / 1000;
	while (elapsed() < seconds) {
		if ((await ask()).outcome === "rejected") return elapsed();
		await sleep(500);
	}
	return undefined;
}

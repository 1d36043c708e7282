// Probe of a withdrawn key: the relying party that has fetched the keys without it trusts it no longer.
import { PATHS } from "../../gitlab/discovery.js";
import { countOf, type Probe, said, unseen } from "./probe.js";

/** A genuine token that is late was let in; that a leaked key is trusted for ever was not seen. */
const STILL_WARM = {
	impact: "replay",
	gain: "A key that got out goes on opening the door after GitLab has withdrawn it, for as long as the service keeps it.",
} as const;

export const retirement: Probe = {
	id: "probe/retirement",
	title:
		"stops to accept a key that was withdrawn, once it has fetched the keys",
	level: "should",
	kind: "dangerous",
	impact: "forgery",
	gain: "A key that got out goes on opening the door after GitLab has withdrawn it.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 8725 §3.8"],
	waits: true,
	needs: ["keys", "requests", "restart"],
	async run(context) {
		const { provider, refresh, mint, present, recovered, restart } = context;
		const before = await present((await mint()).token);
		if (before.outcome !== "accepted")
			return unseen(
				`before the key was withdrawn its token was ${said(before)}`,
			);
		// Never shown before: no verdict about it is kept.
		const { token } = await mint();
		await provider.retire(await provider.rotate());
		let seconds: number | undefined;
		const fetched = await context.requestsDuring(async () => {
			seconds = await recovered(refresh);
		});
		const warm = await present(token);
		const hasFetched = countOf(fetched, PATHS.keys) > 0;
		const measured = { warm: warm.outcome };
		// It knows the key that took over, so that it refuses the old one and not everything.
		if (warm.outcome === "rejected" && seconds !== undefined)
			return {
				outcome: "passed",
				detail: `a token by a withdrawn key was refused${hasFetched ? " once the keys had been fetched without it" : ""}`,
				measured,
			};
		const isKept = warm.outcome === "accepted" && hasFetched;
		const kept = `a token by a withdrawn key was accepted${hasFetched ? ", although the keys had been fetched without it" : " from the cache"}`;
		if (restart === undefined) {
			if (isKept && seconds !== undefined)
				return { outcome: "failed", ...STILL_WARM, detail: kept, measured };
			return unseen(
				seconds === undefined
					? `the key that took over was not accepted within ${refresh} seconds`
					: warm.outcome === "accepted"
						? `${kept}; how long that lasts cannot be told without --start`
						: `a token by a withdrawn key was ${said(warm)}`,
				measured,
			);
		}
		await restart();
		const again = await context.requestsDuring(async () => {
			seconds = await recovered(refresh);
		});
		if (seconds === undefined)
			return unseen(
				`the key that took over was not accepted within ${refresh} seconds, after a restart neither`,
				measured,
			);
		const cold = await present(token);
		const all = { ...measured, cold: cold.outcome };
		const isFresh = context.startsAnew || countOf(again, PATHS.keys) > 0;
		const detail = `${warm.outcome === "accepted" ? kept : `a token by a withdrawn key was ${warm.outcome}`}, and it was ${cold.outcome} after a restart`;
		if (cold.outcome === "accepted" && isFresh)
			return { outcome: "failed", detail, measured: all };
		if (isKept)
			return { outcome: "failed", ...STILL_WARM, detail, measured: all };
		if (cold.outcome === "accepted")
			return unseen(
				"a token by a withdrawn key was accepted, and the keys were not fetched again: what the command asks goes on running",
				all,
			);
		return cold.outcome === "rejected"
			? { outcome: "passed", detail, measured: all }
			: unseen(detail, all);
	},
};

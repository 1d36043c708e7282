// Probe of a withdrawn key: the relying party that has fetched the keys without it trusts it no longer.
import { PATHS } from "../../gitlab/discovery.js";
import type { Answer } from "../../verdict/answer.js";
import {
	countOf,
	type Probe,
	type ProbeContext,
	type ProbeOutcome,
	said,
	unseen,
} from "./probe.js";

/** A genuine token that is late was let in; that a leaked key is trusted for ever was not seen. */
const STILL_WARM = {
	impact: "replay",
	gain: "A key that got out goes on opening the door after GitLab has withdrawn it, for as long as the service keeps it.",
} as const;

export const retirement: Probe = {
	id: "probe/retirement",
	title:
		"no longer accepts a withdrawn key, once it has fetched the keys again",
	level: "should",
	kind: "dangerous",
	impact: "forgery",
	gain: "A key that got out goes on opening the door after GitLab has withdrawn it.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 8725 §3.8"],
	waits: true,
	disturbs: true,
	needs: ["keys", "requests", "restart"],
	async run(context) {
		const { provider, mint, present } = context;
		const before = await present((await mint()).token);
		if (before.outcome !== "accepted")
			return unseen(
				`before the key was withdrawn its token was ${said(before)}`,
			);
		// Never shown before: no verdict about it is kept.
		const { token } = await mint();
		await provider.retire(await provider.rotate());
		const warm = await ask(token, context);
		// It knows the key that took over, so that it refuses the old one and not everything.
		if (warm.outcome === "rejected" && warm.knowsNewKey)
			return {
				outcome: "passed",
				detail: `a token by a withdrawn key was refused${warm.hasFetched ? " once the keys had been fetched without it" : ""}`,
				measured: { warm: warm.outcome },
			};
		return context.restart === undefined
			? ofWarm(warm, context)
			: ofCold(warm, token, context);
	},
};

/** What became of a token by the withdrawn key, after one by the key that took over. */
interface Asked extends Answer {
	knowsNewKey: boolean;
	hasFetched: boolean;
}

async function ask(token: string, context: ProbeContext): Promise<Asked> {
	let seconds: number | undefined;
	const fetched = await context.requestsDuring(async () => {
		seconds = await context.recovered(context.refresh);
	});
	return {
		...(await context.present(token)),
		knowsNewKey: seconds !== undefined,
		hasFetched: countOf(fetched, PATHS.keys) > 0,
	};
}

const wordsOf = ({ outcome, hasFetched }: Asked): string =>
	outcome === "accepted"
		? `a token by a withdrawn key was accepted${hasFetched ? ", although the keys had been fetched without it" : " from the cache"}`
		: `a token by a withdrawn key was ${outcome}`;

/** Where the RP cannot be started anew. */
function ofWarm(warm: Asked, { refresh }: ProbeContext): ProbeOutcome {
	const measured = { warm: warm.outcome };
	if (!warm.knowsNewKey)
		return unseen(
			`the key that took over was not accepted within ${refresh} seconds`,
			measured,
		);
	if (warm.outcome !== "accepted") return unseen(wordsOf(warm), measured);
	return warm.hasFetched
		? { outcome: "failed", ...STILL_WARM, detail: wordsOf(warm), measured }
		: unseen(
				`${wordsOf(warm)}; without --start it is not known how long that lasts`,
				measured,
			);
}

/** Started anew, it has fetched the keys without the withdrawn one. */
async function ofCold(
	warm: Asked,
	token: string,
	context: ProbeContext,
): Promise<ProbeOutcome> {
	await context.restart?.();
	const cold = await ask(token, context);
	const measured = { warm: warm.outcome, cold: cold.outcome };
	const detail = `${wordsOf(warm)}, and it was ${cold.outcome} after a restart`;
	if (cold.outcome === "accepted" && (context.startsAnew || cold.hasFetched))
		return { outcome: "failed", detail, measured };
	if (warm.outcome === "accepted" && warm.hasFetched)
		return { outcome: "failed", ...STILL_WARM, detail, measured };
	if (!cold.knowsNewKey)
		return unseen(
			`the key that took over was not accepted within ${context.refresh} seconds, after a restart neither`,
			measured,
		);
	if (cold.outcome === "accepted")
		return unseen(
			"a token by a withdrawn key was accepted, and the keys were not fetched again: the program behind the command keeps running",
			measured,
		);
	return cold.outcome === "rejected"
		? { outcome: "passed", detail, measured }
		: unseen(detail, measured);
}

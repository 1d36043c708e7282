// Runs a probe, and makes a result and perhaps a finding of what it found.

import type { Answer } from "../../verdict/answer.js";
import { probeFinding } from "../../verdict/finding.js";
import type { JudgedProbe } from "../../verdict/judged.js";
import type { ProbeResult, Unasked } from "../../verdict/result.js";
import { kindGiven } from "../../verdict/service.js";
import type { Run } from "../context.js";
import { CONTROL } from "../control.js";
import { searchLeeway } from "./leeway-search.js";
import {
	type LeewayFound,
	type Probe,
	type ProbeContext,
	type ProbeOutcome,
	said,
	type TimeClaim,
} from "./probe.js";

export async function judgeProbe(probe: Probe, run: Run): Promise<JudgedProbe> {
	const begun = performance.now();
	const lost: Answer[] = [];
	const found = withLost(await probe.run(contextOf(probe, run, lost)), lost);
	const { id, title, spec } = probe;
	const { level, impact, kind, gain } = { ...probe, ...defined(found) };
	const result: ProbeResult = {
		id,
		title,
		level,
		impact,
		outcome: found.outcome,
		detail: found.detail,
		measured: found.measured ?? {},
		evidence: [...(found.evidence ?? [])],
		duration: (performance.now() - begun) / 1000,
		known: false,
	};
	const failed = found.outcome === "failed";
	const { severity = {}, again } = run.setup;
	const told = kindGiven(run.setup.service, kind, { id, breaks: [] });
	const finding = failed
		? probeFinding(result, told, gain, spec, severity, again?.(id) ?? null)
		: undefined;
	return { result, finding };
}

/** A probe that was not made. */
export const unmadeProbe = (
	{ id, title, level, impact }: Probe,
	outcome: Unasked,
	detail: string,
): JudgedProbe => ({
	result: {
		id,
		title,
		level,
		impact,
		outcome,
		detail,
		measured: {},
		evidence: [],
		duration: 0,
		known: false,
	},
	finding: undefined,
});

const defined = ({ level, impact, kind, gain }: ProbeOutcome) => ({
	...(level && { level }),
	...(impact && { impact }),
	...(kind && { kind }),
	...(gain && { gain }),
});

/** What hung or crashed counts, whatever the probe was looking for. */
function withLost(found: ProbeOutcome, lost: readonly Answer[]): ProbeOutcome {
	const [first] = lost;
	if (first === undefined || found.outcome === "failed") return found;
	return {
		...found,
		outcome: "failed",
		level: "must",
		kind: "broken",
		impact: "robustness",
		gain: "Whoever sends such tokens makes the service fail.",
		detail: `it ${first.outcome} on ${lost.length === 1 ? "a token" : `${lost.length} tokens`} of this probe: ${said(first)}; ${found.detail}`,
	};
}

/** What was measured of a run's RP once. */
const leeways = new WeakMap<Run, Map<TimeClaim, Promise<LeewayFound>>>();

/** @param lost takes each answer that did not come since the RP hung or crashed */
function contextOf(probe: Probe, run: Run, lost: Answer[]): ProbeContext {
	const { provider, party, profile } = run.setup;
	const { audience } = profile;
	const mint: ProbeContext["mint"] = (scenario = CONTROL, wishes = {}) =>
		provider.mint(scenario, { aud: audience, ...wishes });
	const present: ProbeContext["present"] = async (
		token,
		{ mayBeDown = false } = {},
	) => {
		const answer = await party.present({
			token,
			issuer: provider.issuer,
			audience,
			scenario: probe.id,
		});
		const { outcome } = answer;
		const isLost = outcome === "hung" || outcome === "crashed";
		if (isLost && !mayBeDown) lost.push(answer);
		return answer;
	};
	const show: ProbeContext["show"] = async (scenario, wishes) =>
		present((await mint(scenario, wishes)).token);
	return {
		provider,
		policy: run.policy,
		refresh: run.refresh,
		mint,
		present,
		show,
		restart: party.restart,
		startsAnew: party.startsAnew,
		atOnce: party.atOnce,
		hasPrinted: party.hasPrinted,
		leeway(claim) {
			const known =
				leeways.get(run) ?? new Map<TimeClaim, Promise<LeewayFound>>();
			leeways.set(run, known);
			const found = known.get(claim) ?? searchLeeway(claim, { show });
			known.set(claim, found);
			return found;
		},
		async requestsDuring(work) {
			const before = (await provider.requests()).at(-1)?.id ?? 0;
			await work();
			return provider.requests(before);
		},
		recovered: (seconds) => run.controls.recovered(seconds),
	};
}

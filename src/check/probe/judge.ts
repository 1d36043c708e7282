// Runs a probe, and makes a result and perhaps a finding of what it found.

import { probeFinding } from "../../verdict/finding.js";
import type { JudgedProbe } from "../../verdict/judged.js";
import type { ProbeResult, Unasked } from "../../verdict/result.js";
import type { Run } from "../context.js";
import { CONTROL } from "../control.js";
import type { Probe, ProbeContext, ProbeOutcome } from "./probe.js";

export async function judgeProbe(probe: Probe, run: Run): Promise<JudgedProbe> {
	const begun = performance.now();
	const found = await probe.run(contextOf(probe, run));
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
	const finding = failed
		? probeFinding(result, kind, gain, [...spec], run.setup.severity ?? {})
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

function contextOf(probe: Probe, run: Run): ProbeContext {
	const { provider, party, profile } = run.setup;
	const { audience } = profile;
	const mint: ProbeContext["mint"] = (scenario = CONTROL, wishes = {}) =>
		provider.mint(scenario, { aud: audience, ...wishes });
	const present: ProbeContext["present"] = (token) =>
		party.present({
			token,
			issuer: provider.issuer,
			audience,
			scenario: probe.id,
		});
	return {
		provider,
		policy: run.policy,
		refresh: run.refresh,
		mint,
		present,
		show: async (scenario, wishes) =>
			present((await mint(scenario, wishes)).token),
		restart: party.restart,
		startsAnew: party.startsAnew,
		atOnce: party.atOnce,
		async requestsDuring(work) {
			const before = (await provider.requests()).at(-1)?.id ?? 0;
			await work();
			return provider.requests(before);
		},
		recovered: (seconds) => run.controls.recovered(seconds),
	};
}

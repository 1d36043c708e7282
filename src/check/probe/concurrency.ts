// Probe of many tokens at once: the same verdicts as one by one.
import { CONTROL } from "../control.js";
import type { ProvidedToken } from "../provider.js";
import { type Probe, type ProbeContext, said, unseen } from "./probe.js";

const MOST = 200;
/** Honest ones among forged ones: a verifier that shares state mixes them up. */
const MIX = [CONTROL, "time/expired", CONTROL, "signature/flipped-bit"];

const BUSY = {
	level: "should",
	kind: "broken",
	impact: "robustness",
	gain: "Honest jobs are turned away when many come at once.",
} as const;

export const concurrency: Probe = {
	id: "probe/concurrency",
	title: "gives the same verdicts on many tokens at once as one by one",
	level: "must",
	kind: "dangerous",
	impact: "forgery",
	gain: "A token that is sent beside an honest one is taken for it.",
	spec: ["RFC 7519 §7.2"],
	waits: false,
	needs: ["load"],
	async run({ mint, present, atOnce }) {
		const many = Math.min(MOST, atOnce);
		const alone: Record<string, string> = {};
		for (const scenario of new Set(MIX)) {
			const answer = await present((await mint(scenario)).token);
			alone[scenario] = answer.outcome;
			const isPlain =
				answer.outcome === "accepted" ||
				(answer.outcome === "rejected" && scenario !== CONTROL);
			if (!isPlain)
				return unseen(`alone, ${scenario} was ${said(answer)} already`);
		}
		const tokens = await Promise.all(
			Array.from({ length: many }, (_, index) =>
				mint(MIX[index % MIX.length] as string),
			),
		);
		const { answers, most } = await allAtOnce(tokens, present);
		const other = answers.filter(
			({ scenario, outcome }) => outcome !== alone[scenario],
		);
		const wronglyAccepted = other.filter(
			({ outcome }) => outcome === "accepted",
		);
		const [first] = other;
		return {
			outcome: other.length > 0 ? "failed" : "passed",
			// One that refuses some of many at once is busy, and lets nobody in.
			...(wronglyAccepted.length === 0 && BUSY),
			detail: first
				? `${other.length} of ${many} verdicts differ from those one by one; ${wronglyAccepted.length} were wrongly accepted; such as ${first.scenario}: ${first.outcome} (${first.detail}) instead of ${alone[first.scenario]}`
				: `${many} tokens at once got the verdicts that they get one by one`,
			measured: {
				tokens: many,
				at_once: most,
				different: other.length,
				wrongly_accepted: wronglyAccepted.length,
			},
		};
	},
};

/** The answers, and how many were waited for at once. */
async function allAtOnce(
	tokens: readonly ProvidedToken[],
	present: ProbeContext["present"],
) {
	let now = 0;
	let most = 0;
	const answers = await Promise.all(
		tokens.map(async ({ token, scenario }) => {
			now += 1;
			most = Math.max(most, now);
			const answer = await present(token);
			now -= 1;
			return { scenario, ...answer };
		}),
	);
	return { answers, most };
}

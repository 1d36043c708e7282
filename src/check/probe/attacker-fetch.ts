// Probe of what an untrusted token makes the relying party fetch: jku, x5u, and the discovery document of its iss.
import { evidenceOf, type Probe, said, unseen } from "./probe.js";

const ATTACKER = "/_mock/attacker/";
/** A GitLab of the attacker's, as good as any: only its address is another one. */
const OTHER_GITLAB = "/_mock/attacker/gitlab";

/** What the token names, and where it leads. */
const HINTS = {
	jku: "key/jku-to-attacker",
	x5u: "key/x5u-to-attacker",
	iss: "key/unknown-kid",
} as const;

export const attackerFetch: Probe = {
	id: "probe/attacker-fetch",
	title: "never fetches a URL that an untrusted token names: jku, x5u, iss",
	level: "must",
	kind: "dangerous",
	impact: "forgery",
	gain: "Anyone chooses a URL, inside the network too, and the service asks there; what answers may be taken for a key.",
	spec: ["RFC 8725 §3.10", "RFC 7515 §10.9"],
	waits: false,
	needs: ["requests"],
	async run({ provider, show, requestsDuring }) {
		const honest = await show();
		const fetched: Record<string, number> = {};
		const seen = [];
		const accepted: string[] = [];
		const unanswered: string[] = [];
		for (const [hint, scenario] of Object.entries(HINTS)) {
			const iss = provider.issuer + OTHER_GITLAB;
			const wishes = hint === "iss" ? { token: { claims: { iss } } } : {};
			const requests = await requestsDuring(async () => {
				const answer = await show(scenario, wishes);
				if (answer.outcome === "accepted") accepted.push(hint);
				else if (answer.outcome !== "rejected")
					unanswered.push(`the one with ${hint} was ${said(answer)}`);
			});
			const there = requests.filter(({ path }) => path.startsWith(ATTACKER));
			fetched[hint] = there.length;
			seen.push(...there);
		}
		const followed = Object.keys(fetched).filter((hint) => fetched[hint]);
		const evidence = evidenceOf(seen);
		const wrong = [
			followed.length > 0 &&
				`it fetched what ${followed.join(" and ")} of an untrusted token named`,
			accepted.length > 0 &&
				`it accepted the token of the attacker's ${accepted.join(" and ")}`,
		].filter((part) => part !== false);
		if (wrong.length > 0) {
			const detail = wrong.join(", and ");
			return { outcome: "failed", detail, measured: fetched, evidence };
		}
		if (honest.outcome !== "accepted")
			return unseen(`an honest token was ${said(honest)}`, fetched);
		if (unanswered.length > 0) return unseen(unanswered.join(", "), fetched);
		return {
			outcome: "passed",
			detail: "it fetched no URL that an untrusted token named",
			measured: fetched,
			evidence,
		};
	},
};

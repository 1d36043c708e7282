// Probe of what an untrusted token makes the relying party fetch: jku, x5u, and the discovery document of its iss.
import { evidenceOf, type Probe } from "./probe.js";

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
	title: "never requests what an untrusted token names: jku, x5u, iss",
	level: "must",
	impact: "forgery",
	kind: "dangerous",
	gain: "Anyone chooses a URL, inside the network too, and the service asks there; what answers may be taken for a key.",
	spec: ["RFC 8725 §3.10", "RFC 7515 §10.9"],
	waits: false,
	async run({ provider, show, requestsDuring }) {
		const fetched: Record<string, number> = {};
		const seen = [];
		const accepted: string[] = [];
		for (const [hint, scenario] of Object.entries(HINTS)) {
			const iss = provider.issuer + OTHER_GITLAB;
			const wishes = hint === "iss" ? { token: { claims: { iss } } } : {};
			const requests = await requestsDuring(async () => {
				const answer = await show(scenario, wishes);
				if (answer.outcome === "accepted") accepted.push(hint);
			});
			const there = requests.filter(({ path }) => path.startsWith(ATTACKER));
			fetched[hint] = there.length;
			seen.push(...there);
		}
		const followed = Object.keys(fetched).filter((hint) => fetched[hint]);
		const isWrong = followed.length + accepted.length > 0;
		const detail = [
			followed.length > 0 &&
				`it fetched what ${followed.join(" and ")} of an untrusted token named`,
			accepted.length > 0 &&
				`it accepted the token of the attacker's ${accepted.join(" and ")}`,
		].filter((part) => part !== false);
		return {
			outcome: isWrong ? "failed" : "passed",
			detail: isWrong
				? detail.join(", and ")
				: "it fetched nothing that an untrusted token named",
			measured: fetched,
			evidence: evidenceOf(seen),
		};
	},
};

// Probe of what an untrusted token makes the relying party fetch: jku, x5u, and the discovery document of its iss.
import { countOf, evidenceOf, type Probe } from "./probe.js";

const ATTACKER = "/_mock/attacker";
const HINTS = {
	jku: { scenario: "key/jku-to-attacker", path: `${ATTACKER}/keys` },
	x5u: { scenario: "key/x5u-to-attacker", path: `${ATTACKER}/certificate.pem` },
	iss: {
		scenario: "key/unknown-kid",
		path: `${ATTACKER}/.well-known/openid-configuration`,
	},
} as const;

export const attackerFetch: Probe = {
	id: "probe/attacker-fetch",
	title: "never requests what an untrusted token names: jku, x5u, iss",
	level: "must",
	kind: "dangerous",
	gain: "Anyone chooses a URL, inside the network too, and the service asks there; what answers may be taken for a key.",
	spec: ["RFC 8725 §3.10", "RFC 7515 §10.9"],
	async run({ provider, show, requestsDuring }) {
		const fetched: Record<string, number> = {};
		const seen = [];
		for (const [hint, { scenario, path }] of Object.entries(HINTS)) {
			const iss = provider.issuer + ATTACKER;
			const requests = await requestsDuring(() =>
				show(scenario, hint === "iss" ? { token: { claims: { iss } } } : {}),
			);
			fetched[hint] = countOf(requests, path);
			seen.push(...requests.filter((request) => request.path === path));
		}
		const followed = Object.keys(fetched).filter((hint) => fetched[hint]);
		return {
			outcome: followed.length > 0 ? "failed" : "passed",
			detail:
				followed.length > 0
					? `it fetched what ${followed.join(" and ")} of an untrusted token named`
					: "it fetched nothing that an untrusted token named",
			measured: fetched,
			evidence: evidenceOf(seen),
		};
	},
};

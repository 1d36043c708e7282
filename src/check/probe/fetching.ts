// Probes of how often the relying party asks the issuer: caching, and a flood of kids that nobody knows.
import { randomBytes } from "node:crypto";
import { PATHS } from "../../gitlab/discovery.js";
import { countOf, evidenceOf, type Probe } from "./probe.js";

const TOKENS = 20;

export const caching: Probe = {
	id: "probe/caching",
	title: "does not fetch the keys for every token",
	level: "should",
	impact: "robustness",
	kind: "strict",
	gain: "The issuer is asked as often as the service is, and a burst of tokens takes both down.",
	spec: ["OpenID Connect Core §10.1.1"],
	waits: false,
	async run({ show, requestsDuring }) {
		await show();
		const requests = await requestsDuring(async () => {
			for (let count = 0; count < TOKENS; count++) await show();
		});
		const discovery = countOf(requests, PATHS.discovery);
		const keys = countOf(requests, PATHS.keys);
		return {
			outcome:
				keys > TOKENS / 2 || discovery > TOKENS / 2 ? "failed" : "passed",
			detail: `for ${TOKENS} honest tokens it fetched the discovery document ${times(discovery)} and the keys ${times(keys)}`,
			measured: { tokens: TOKENS, discovery, keys },
			evidence: evidenceOf(requests.filter(isOfGitLab)),
		};
	},
};

export const unknownKidFlood: Probe = {
	id: "probe/unknown-kid-flood",
	title: "does not fetch the keys once for every token with an unknown kid",
	level: "should",
	impact: "robustness",
	kind: "broken",
	gain: "Anyone makes the service hammer the issuer, without a single valid token.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 8725 §3.10"],
	waits: false,
	async run({ mint, present, requestsDuring }) {
		const accepted: string[] = [];
		const requests = await requestsDuring(async () => {
			for (let count = 0; count < TOKENS; count++) {
				const kid = randomBytes(16).toString("base64url");
				const { token } = await mint("key/unknown-kid", {
					token: { header: { kid }, sign: { key: "unpublished" } },
				});
				if ((await present(token)).outcome === "accepted") accepted.push(kid);
			}
		});
		const keys = countOf(requests, PATHS.keys);
		const let_in = accepted.length;
		return {
			outcome: keys > TOKENS / 2 || let_in > 0 ? "failed" : "passed",
			detail: `for ${TOKENS} tokens with random kids it fetched the keys ${times(keys)}${let_in > 0 ? `, and it accepted ${let_in} of them` : ""}`,
			measured: { tokens: TOKENS, keys, accepted: let_in },
			evidence: evidenceOf(requests.filter(isOfGitLab)),
		};
	},
};

const isOfGitLab = ({ path }: { path: string }) => !path.startsWith("/_mock/");

const times = (count: number): string =>
	count === 1 ? "once" : `${count} times`;

// Probes of how often the relying party asks the issuer: caching, and a flood of kids that nobody knows.
import { randomBytes } from "node:crypto";
import { PATHS } from "../../gitlab/discovery.js";
import { countOf, evidenceOf, type Probe, said, unseen } from "./probe.js";

const TOKENS = 20;

export const caching: Probe = {
	id: "probe/caching",
	title: "does not fetch the keys for every token",
	level: "should",
	kind: "too-strict",
	impact: "robustness",
	gain: "The issuer is asked as often as the service is, and a burst of tokens takes both down.",
	spec: ["OpenID Connect Core §10.1.1"],
	waits: false,
	needs: ["requests"],
	async run({ show, requestsDuring }) {
		let refused = await show();
		const requests = await requestsDuring(async () => {
			for (let count = 0; count < TOKENS; count++) {
				if (refused.outcome !== "accepted") return;
				refused = await show();
			}
		});
		if (refused.outcome !== "accepted")
			return unseen(`an honest token was ${said(refused)}`);
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
	kind: "broken",
	impact: "robustness",
	gain: "Anyone makes the service hammer the issuer, without a single valid token.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 8725 §3.10"],
	waits: false,
	needs: ["requests"],
	async run({ mint, present, show, requestsDuring }) {
		const honest = await show();
		let let_in = 0;
		let lost: string | undefined;
		const requests = await requestsDuring(async () => {
			for (let count = 0; count < TOKENS && lost === undefined; count++) {
				const kid = randomBytes(16).toString("base64url");
				const { token } = await mint("key/unknown-kid", {
					token: { header: { kid }, sign: { key: "unpublished" } },
				});
				const answer = await present(token);
				if (answer.outcome === "accepted") let_in += 1;
				else if (answer.outcome !== "rejected") lost = said(answer);
			}
		});
		const keys = countOf(requests, PATHS.keys);
		const measured = { tokens: TOKENS, keys, accepted: let_in };
		const isWrong = keys > TOKENS / 2 || let_in > 0;
		if (!isWrong && honest.outcome !== "accepted")
			return unseen(`an honest token was ${said(honest)}`, measured);
		if (!isWrong && lost !== undefined)
			return unseen(`a token with a random kid was ${lost}`, measured);
		return {
			outcome: isWrong ? "failed" : "passed",
			...(let_in > 0 && LETS_IN),
			detail: `for ${TOKENS} tokens with random kids it fetched the keys ${times(keys)}${let_in > 0 ? `, and it accepted ${let_in} of them` : ""}`,
			measured,
			evidence: evidenceOf(requests.filter(isOfGitLab)),
		};
	},
};

const LETS_IN = {
	level: "must",
	kind: "dangerous",
	impact: "forgery",
	gain: "Anyone gets in with a key of their own, whose name nobody knows.",
} as const;

const isOfGitLab = ({ path }: { path: string }) => !path.startsWith("/_mock/");

const times = (count: number): string =>
	count === 1 ? "once" : `${count} times`;

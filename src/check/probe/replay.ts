// Probe of replay: the same token twice.
import { type Probe, said, unseen } from "./probe.js";

export const replay: Probe = {
	id: "probe/replay",
	title: "accepts a token twice only if the policy allows it",
	level: "may",
	kind: "dangerous",
	impact: "replay",
	gain: "Whoever reads a token in a log can use it again for as long as it is good.",
	spec: ["RFC 7519 §4.1.7"],
	waits: false,
	needs: [],
	async run({ policy, mint, present }) {
		const { token } = await mint();
		const first = await present(token);
		if (first.outcome !== "accepted")
			return unseen(`an honest token was ${said(first)} the first time`, {
				first: first.outcome,
			});
		const second = await present(token);
		const measured = { first: first.outcome, second: second.outcome };
		if (second.outcome !== "accepted" && second.outcome !== "rejected")
			return unseen(`the same token was ${said(second)} again`, measured);
		const detail = `the same token was ${first.outcome} first and ${second.outcome} the second time`;
		if (policy.replay === "reject") {
			return {
				outcome: second.outcome === "rejected" ? "passed" : "failed",
				level: "must", // the policy says so
				detail,
				measured,
			};
		}
		const isMeant = policy.replay === "accept";
		return {
			outcome: isMeant && second.outcome === "accepted" ? "passed" : "reported",
			detail: isMeant
				? detail
				: `${detail}; the policy does not say whether that is allowed (replay: accept or reject)`,
			measured,
		};
	},
};

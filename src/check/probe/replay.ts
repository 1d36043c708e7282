// Probe of replay: the same token twice.
import type { Probe } from "./probe.js";

export const replay: Probe = {
	id: "probe/replay",
	title: "takes a token twice only if that is meant",
	level: "may",
	impact: "replay",
	kind: "dangerous",
	gain: "Whoever reads a token in a log can use it again for as long as it is good.",
	spec: ["RFC 7519 §4.1.7"],
	waits: false,
	async run({ policy, mint, present }) {
		const { token } = await mint();
		const first = await present(token);
		const second = await present(token);
		const measured = { first: first.outcome, second: second.outcome };
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
				: `${detail}; the policy does not say whether that is meant (replay: accept or reject)`,
			measured,
		};
	},
};

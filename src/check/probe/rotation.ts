// Probe of a new key: the relying party takes tokens by it soon enough.
import { type Probe, said, unseen } from "./probe.js";

export const rotation: Probe = {
	id: "probe/rotation",
	title: "accepts a token by a newly published key, within its refresh limit",
	level: "should",
	kind: "too-strict",
	impact: "interoperability",
	gain: "From the day on which GitLab changes its key every job is turned away, until somebody restarts the service.",
	spec: ["OpenID Connect Core §10.1.1"],
	waits: true,
	disturbs: true,
	needs: ["keys"],
	async run({ provider, refresh, recovered, show }) {
		const before = await show();
		if (before.outcome !== "accepted")
			return unseen(`a token by the key of before was ${said(before)}`);
		await provider.rotate();
		const seconds = await recovered(refresh);
		return seconds === undefined
			? {
					outcome: "failed",
					detail: `a token by a new key was still refused after ${refresh} seconds`,
					measured: { seconds: null },
				}
			: {
					outcome: "passed",
					detail: `a token by a new key was accepted after ${seconds.toFixed(1)} seconds`,
					measured: { seconds: Number(seconds.toFixed(1)) },
				};
	},
};

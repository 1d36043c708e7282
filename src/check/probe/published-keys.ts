// Probe of several keys: after two rotations, tokens by each key that is still published.
import { type Probe, said, unseen } from "./probe.js";

export const publishedKeys: Probe = {
	id: "probe/published-keys",
	title: "accepts tokens by older keys as long as these are published",
	level: "should",
	kind: "too-strict",
	impact: "interoperability",
	gain: "Jobs that began before GitLab changed its key are turned away.",
	spec: ["OpenID Connect Core §10.1.1"],
	waits: true,
	disturbs: true,
	needs: ["keys"],
	async run({ provider, refresh, recovered, mint, present, show }) {
		const before = await show();
		if (before.outcome !== "accepted")
			return unseen(`a token by the first key was ${said(before)}`);
		const first = await mint();
		await provider.rotate();
		const second = await mint();
		await provider.rotate();
		if ((await recovered(refresh)) === undefined)
			return unseen(
				`a token by the newest key was not accepted within ${refresh} seconds`,
			);
		// The second key first: it is the one that was never asked for.
		const ofSecond = await present(second.token);
		const ofFirst = await present(first.token);
		const newest = await show();
		const answers = { first: ofFirst, second: ofSecond, newest };
		const refused = Object.entries(answers).filter(
			([, { outcome }]) => outcome !== "accepted",
		);
		return {
			outcome: refused.length > 0 ? "failed" : "passed",
			detail:
				refused.length > 0
					? `of three keys that are published, after two rotations, ${refused.map(([key, answer]) => `a token by the ${key} was ${said(answer)}`).join(", ")}`
					: "after two rotations it accepted tokens by each of the three published keys",
			measured: {
				first: ofFirst.outcome,
				second: ofSecond.outcome,
				newest: newest.outcome,
			},
		};
	},
};

// A suite as a user would write it, for a relying party that forgets the audience.
import { describeScenarios } from "../../../src/vitest.js";
import { relyingParty } from "../../rp.js";

describeScenarios({
	async verify(token, { issuer, audience }) {
		const judge = relyingParty({
			issuer,
			audience,
			now: () => Date.now() / 1000,
			patience: 500,
			omit: "audience",
		});
		const fault = await judge(token);
		if (fault !== undefined) throw new Error(fault);
	},
	only: ["audience", "time", "valid/baseline", "token-type/legacy-job-jwt-v2"],
	known_failures: [
		{ id: "audience/number", because: "ticket 4711" },
		{ id: "time/expired", because: "it was so once" },
	],
});

// A suite as a user would write it, for a relying party that checks everything.
import { describeScenarios } from "../../../dist/vitest.js";
import { correctParty } from "../../correct-party.js";

describeScenarios({
	...correctParty(),
	// It looks at each claim that a scenario is about, so that none is skipped for that.
	policy: {
		required: ["project_path", "ref", "ref_protected", "jti"],
		claims: { environment: { not: "no-such", missing: "ok" } },
	},
});

// A suite as a user would write it, for a relying party that forgets the audience.
import { describeScenarios } from "../../../dist/vitest.js";
import { correctParty } from "../../correct-party.js";

describeScenarios({
	verify: correctParty({ omit: "audience" }).verify,
	only: ["audience", "time", "valid/baseline", "token-type/legacy-job-jwt-v2"],
	knownFailures: [
		{ id: "audience/number", because: "ticket 4711" },
		{ id: "time/expired", because: "it was so once" },
	],
});

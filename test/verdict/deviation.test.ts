// Whether a token differs from the honest one by what its scenario says, and not only by what is drawn for each.
import { describe, expect, test } from "vitest";
import { deviates } from "../../src/verdict/deviation.js";
import { scenarioOf } from "../scenario/scenario.js";

const CONTROL = {
	project_path: "acme/payments",
	pipeline_id: "1",
	job_id: "2",
	runner_id: 3,
	sha: "aaaa",
	jti: "x",
	iat: 1000,
	nbf: 995,
	exp: 4600,
	iss: "https://gitlab.com",
};
/** Another token of the same job. */
const AGAIN = {
	...CONTROL,
	...{ pipeline_id: "7", job_id: "8", runner_id: 9, sha: "bbbb", jti: "y" },
	...{ iat: 1001, nbf: 996, exp: 4601 },
};

describe("a token deviates", () => {
	test.for<[string, object, boolean]>([
		["job: { project: { path: acme/payments } }", {}, false],
		["job: { project: { path: acme/x } }", { project_path: "acme/x" }, true],
		["job: { runner: { environment: self-hosted } }", {}, false],
		["job: { runner: { id: 9 } }", {}, true],
		["job: { id: 8 }", {}, true],
		["job: { timeout: 60 }", { exp: 1061 }, true],
		["job: { runner: null }", { runner_id: undefined }, true],
		["token: { claims: { iss: https://gitlab.com } }", {}, false],
		["token: { claims: { iss: https://x.test } }", { iss: "x" }, true],
		["token: { claims: { exp: now+1h } }", {}, true],
		["token: { header: { typ: null } }", {}, true],
		["token: { sign: none }", {}, true],
		["token: { mangle: [double-signature] }", {}, true],
		[
			"instance: { faults: { /oauth/discovery/keys: { status: 500 } } }",
			{},
			true,
		],
		["instance: { plan: free }", {}, false],
	])("by %s with %o: %s", ([text, changes, expected]) => {
		const claims = Object.fromEntries(
			Object.entries({ ...AGAIN, ...changes }).filter(
				([, value]) => value !== undefined,
			),
		);
		const scenario = scenarioOf(`${text}\n`);
		expect(deviates(scenario, claims, CONTROL)).toBe(expected);
	});
});

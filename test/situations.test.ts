// The laws hold for the jobs of users, not for the built-in one alone: a title stays true, and says all that differs.
import type { JsonWebKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { LATEST_VERSION } from "../src/gitlab/version.js";
import { BUILT_IN, loadCatalogue } from "../src/scenario/catalogue.js";
import { isTemplate } from "../src/scenario/near/template.js";
import type { Scenario } from "../src/scenario/schema.js";
import { publicKeys } from "../src/token/keys.js";
import { verifyToken } from "../src/token/verify.js";
import {
	claimsOf,
	declared,
	differing,
	jwksOf,
	keys,
	NOW,
	type Surroundings,
	tokenOf,
	unfit,
} from "./scenario-token.js";
import { PROFILES, PROMISES } from "./situations.js";

const catalogue = await loadCatalogue([BUILT_IN]);
// A way of near misses makes a token for each claim: test/verdict/near has its laws.
const all = catalogue.all().filter((scenario) => !isTemplate(scenario));
const baseline = catalogue.find("valid/baseline");
const ownKeys = publicKeys(keys).keys;

test("every genuine scenario has a promise, and no other", () => {
	const genuine = all.filter(
		({ id, expect }) => expect === "policy" && !id.startsWith("valid/"),
	);
	expect(Object.keys(PROMISES).sort()).toEqual(
		genuine.map(({ id }) => id).sort(),
	);
});

/** Makes the token and its control in one profile; gives whether anything of the title could be made there. */
async function holdsIn(
	scenario: Scenario,
	name: string,
	around: Surroundings,
): Promise<boolean> {
	const reason = unfit(scenario, around);
	if (reason !== undefined) {
		expect(reason, name).toMatch(/\S.{15}/);
		return false;
	}
	const { id } = scenario;
	const gitlab_version = scenario.instance?.gitlab_version ?? LATEST_VERSION;
	const ofItsTime = { ...baseline, instance: { gitlab_version } };
	const made = await tokenOf(scenario, id, around);
	const claims = made.payload as Record<string, unknown>;
	const control = claimsOf(ofItsTime, id, around);

	const differs = differing(claims, control);
	// The check leaves it out then: see test/check/deviation.test.ts.
	if (scenario.expect === "policy" && differs.length === 0) return false;
	const says = declared(scenario);
	expect(
		differs.filter((claim) => !says.has(claim)),
		name,
	).toEqual([]);

	const promise = PROMISES[id];
	const isKept = promise?.(claims, control) ?? true;
	expect({ isKept, claims: isKept || claims }, name).toEqual({
		isKept: true,
		claims: true,
	});
	const isControl = promise?.(control, control) ?? false;
	expect(isControl, `${name}: the control is that already`).toBe(false);

	const { issuer, audience } = around;
	const rules = (published: JsonWebKey[]) =>
		verifyToken(made.token, {
			issuer,
			audience,
			now: NOW,
			keys: published,
		}).map(({ rule }) => rule);
	const played = rules((await jwksOf(scenario)).keys);
	if (scenario.expect === "either")
		expect([played, rules(ownKeys)], name).toContainEqual([]);
	else
		expect(played, name).toEqual(
			scenario.expect === "reject" ? [scenario.rule] : [],
		);
	return true;
}

describe("in every profile", () => {
	test.for(all)(
		"$id is what its title says, and only that",
		async (scenario) => {
			let count = 0;
			for (const [name, around] of Object.entries(PROFILES))
				if (await holdsIn(scenario, name, around)) count += 1;
			expect(count).toBeGreaterThanOrEqual(2);
		},
	);
});

// One scenario: its token made and presented, and the answer held against what is to be expected.
import type { JsonWebKey } from "node:crypto";
import { MockError } from "../errors.js";
import type { Scenario } from "../scenario/schema.js";
import type { Answer } from "../verdict/answer.js";
import type { Level } from "../verdict/applicable.js";
import { deviates } from "../verdict/deviation.js";
import { type Expected, expectedOf } from "../verdict/expectation.js";
import { kindOf, scenarioFinding } from "../verdict/finding.js";
import type { JudgedScenario } from "../verdict/judged.js";
import { commandFor } from "../verdict/reproduce.js";
import type { Run } from "./context.js";
import type { ProvidedToken } from "./provider.js";

/** The spec's own word; must where the file has none. */
export const levelOf = ({ level = "must" }: Scenario): Level => level;

const MOMENT = 0.5; // seconds in which no scenario's token expires

/** A token that was made for a scenario, or why it could not be. */
export type Prepared = ProvidedToken | { unfit: string };

/**
 * Makes a scenario's token.
 * @throws MockError where it cannot be made for another reason than the profile's job
 */
export async function prepare(scenario: Scenario, run: Run): Promise<Prepared> {
	const { provider, profile } = run.setup;
	const { id, expect, instance } = scenario;
	try {
		const made = await provider.mint(id, { aud: profile.audience });
		if (expect !== "policy" && expect !== "reject") return made;
		const honest = await run.honest(instance?.gitlab_version);
		return deviates(scenario, made.claims, honest.claims)
			? made
			: { unfit: "the profile's own job is that: no claim differs" };
	} catch (error) {
		if (error instanceof MockError && error.code === "not_applicable")
			return { unfit: error.message };
		throw error;
	}
}

/** Fires one token, and says what it came to. */
export async function judge(
	scenario: Scenario,
	prepared: Prepared,
	run: Run,
	keys: readonly JsonWebKey[],
): Promise<JudgedScenario> {
	if ("unfit" in prepared)
		return notAsked(scenario, "not-applicable", prepared.unfit);
	const { setup, policy } = run;
	const { provider, party, profile } = setup;
	const { audience } = profile;
	const { issuer } = provider;
	const answer = await party.present({
		token: prepared.token,
		issuer,
		audience,
		scenario: scenario.id,
	});
	const now = await provider.now();
	const expectedAt = (time: number) =>
		expectedOf(scenario, prepared, {
			issuer,
			audience,
			keys,
			now: time,
			policy,
		});
	const expected = expectedAt(now);
	const isFair =
		answer.duration < MOMENT ||
		expectedAt(now - answer.duration).outcome === expected.outcome;
	return verdict(scenario, run, prepared, answer, {
		...expected,
		// The token's time ran out while the RP looked at it.
		...(!isFair && { outcome: "either", rule: null }),
	});
}

function verdict(
	scenario: Scenario,
	{ setup }: Run,
	minted: ProvidedToken,
	answer: Answer,
	expected: Expected,
): JudgedScenario {
	if (answer.outcome === "unsent") {
		return notAsked(scenario, "not-applicable", answer.detail);
	}
	// What the user's own policy demands is no recommendation.
	const level = expected.rule === "policy" ? "must" : levelOf(scenario);
	const kind = kindOf(expected.outcome, answer.outcome, level);
	const { profile, provider, severity = {}, showTokens = false } = setup;
	const finding =
		kind &&
		scenarioFinding({
			scenario,
			level,
			kind,
			expected,
			answer,
			minted,
			severity,
			showTokens,
			reproduce: commandFor(scenario, {
				audience: profile.audience,
				server: provider.server,
				job: profile.job,
			}),
		});
	const result = {
		id: scenario.id,
		title: scenario.title,
		level,
		rule: expected.rule,
		expected: expected.outcome,
		outcome: answer.outcome,
		detail: answer.detail,
		duration: answer.duration,
		passed: kind === undefined,
		known: false,
	};
	return { result, finding };
}

/** A scenario that was not asked. */
export const notAsked = (
	scenario: Scenario,
	outcome: "not-applicable" | "skipped",
	detail: string,
): JudgedScenario => ({
	result: {
		id: scenario.id,
		title: scenario.title,
		level: levelOf(scenario),
		rule: null,
		expected: null,
		outcome,
		detail,
		duration: 0,
		passed: true,
		known: false,
	},
	finding: undefined,
});

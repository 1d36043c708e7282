// One scenario: its token made and presented, and the answer held against what is to be expected.
import type { JsonWebKey } from "node:crypto";
import { MockError } from "../errors.js";
import type { Scenario } from "../scenario/schema.js";
import type { Level } from "./applicable.js";
import type { Run } from "./context.js";
import { type Expected, expectedOf } from "./expectation.js";
import { kindOf, scenarioFinding } from "./finding.js";
import type { ProvidedToken } from "./provider.js";
import { commandFor } from "./reproduce.js";
import type { CheckFinding, ScenarioResult } from "./result.js";
import type { Answer } from "./target/target.js";

/** What a scenario came to. */
export interface JudgedScenario {
	result: ScenarioResult;
	finding: CheckFinding | undefined;
}

/** The spec's own word; must where the file has none. */
export const levelOf = ({ level = "must" }: Scenario): Level => level;

/** Fires one token, and says what it came to. */
export async function judge(
	scenario: Scenario,
	run: Run,
	keys: readonly JsonWebKey[],
): Promise<JudgedScenario> {
	const { setup } = run;
	const { provider, party, profile } = setup;
	const { audience } = profile;
	let minted: ProvidedToken;
	try {
		minted = await provider.mint(scenario.id, { aud: audience });
	} catch (error) {
		if (!(error instanceof MockError)) throw error;
		return notAsked(scenario, "not-applicable", error.message);
	}
	const { issuer } = provider;
	const answer = await party.present({
		token: minted.token,
		issuer,
		audience,
		scenario: scenario.id,
	});
	const expected = expectedOf(scenario, minted, {
		issuer,
		audience,
		keys,
		now: await provider.now(),
		policy: run.policy,
	});
	return verdict(scenario, run, minted, answer, expected);
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
	const level = levelOf(scenario);
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

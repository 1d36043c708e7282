// One scenario: its token made and presented, and the answer held against what is to be expected.
import type { JsonWebKey } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { MockError } from "../errors.js";
import type { Scenario } from "../scenario/schema.js";
import { impactOf, levelOf } from "../scenario/severity.js";
import { type Answer, isNoAnswer } from "../verdict/answer.js";
import { deviates } from "../verdict/deviation.js";
import { type Expected, expectedOf } from "../verdict/expectation.js";
import { scenarioFinding } from "../verdict/finding.js";
import type { JudgedScenario } from "../verdict/judged.js";
import { commandFor } from "../verdict/reproduce.js";
import type { Unasked } from "../verdict/result.js";
import { kindGiven } from "../verdict/service.js";
import { kindOf, weightOf } from "../verdict/severity.js";
import type { Question, Run } from "./context.js";
import type { ProvidedToken } from "./provider.js";

/** Seconds in which no scenario's token expires. */
export const MOMENT = 0.5;

/** A token that was made for a scenario, or why it could not be. */
export type Prepared = ProvidedToken | { unfit: string };

/**
 * Makes a scenario's token.
 * @throws MockError where it cannot be made for another reason than the profile's job
 */
export async function prepare(
	{ scenario, base, wishes }: Question,
	run: Run,
): Promise<Prepared> {
	const { provider, profile } = run.setup;
	const { id, expect, instance } = scenario;
	try {
		const made = await provider.mint(base, {
			aud: profile.audience,
			...wishes,
		});
		if (base !== id || (expect !== "policy" && expect !== "reject"))
			return made;
		const honest = await run.honest(instance?.gitlab_version);
		return deviates(scenario, made.claims, honest.claims)
			? made
			: {
					unfit: "the profile's own job is this case already: no claim differs",
				};
	} catch (error) {
		if (error instanceof MockError && error.code === "not_applicable")
			return { unfit: error.message };
		throw error;
	}
}

/** Around a token: the keys that are published, and how the issuer misbehaves. */
export interface Conditions {
	/** that the issuer publishes meanwhile, or would if it did not misbehave */
	keys: readonly JsonWebKey[];
	/** seconds that the issuer itself makes an answer wait */
	patience?: number;
	/** the answer, where the RP could not even be started */
	answer?: Answer;
}

/** Fires one token, and says what it came to. */
export async function judge(
	question: Question,
	prepared: Prepared,
	run: Run,
	{ keys, patience = 0, answer: given }: Conditions,
): Promise<JudgedScenario> {
	const { scenario } = question;
	if ("unfit" in prepared)
		return notAsked(scenario, "not-applicable", prepared.unfit);
	const { setup, policy } = run;
	const { provider, party, profile } = setup;
	const { audience } = profile;
	const { issuer } = provider;
	const asked =
		given ??
		party.present(
			{ token: prepared.token, issuer, audience, scenario: scenario.id },
			{ patience },
		);
	const expectedNow = async () =>
		expectedOf(scenario, prepared, {
			issuer,
			audience,
			keys,
			now: await provider.now(),
			policy,
		});
	// Found out while the RP does the same: the token is on its way by then.
	await setImmediate();
	const expected = await expectedNow();
	const answer = await asked;
	const isFair =
		answer.duration < MOMENT ||
		(await expectedNow()).outcome === expected.outcome;
	return verdict(question, run, prepared, answer, {
		...expected,
		// The token's time ran out while the RP looked at it.
		...(!isFair && { outcome: "either", rule: null }),
	});
}

function verdict(
	{ scenario, base, wishes }: Question,
	{ setup }: Run,
	minted: ProvidedToken,
	answer: Answer,
	expected: Expected,
): JudgedScenario {
	if (answer.outcome === "unsent") {
		return notAsked(scenario, "not-applicable", answer.detail);
	}
	const weight = weightOf(scenario, expected.rule);
	const wrong = kindOf(
		expected.outcome,
		answer.outcome,
		weight,
		scenario.instance?.faults !== undefined,
	);
	const { id } = scenario;
	const { breaks } = expected;
	const kind = wrong && kindGiven(setup.service, wrong, { id, breaks });
	const { profile, provider, severity = {}, showTokens = false } = setup;
	const finding =
		kind &&
		scenarioFinding({
			scenario,
			weight,
			kind,
			expected,
			answer,
			minted,
			severity,
			showTokens,
			reproduce: commandFor(scenario, base, {
				audience: wishes.aud ?? profile.audience,
				server: provider.server,
				job: profile.job,
				again: setup.again,
			}),
		});
	const result = {
		id: scenario.id,
		title: scenario.title,
		level: weight.level,
		impact: finding?.impact ?? weight.impact,
		rule: expected.rule,
		breaks: [...expected.breaks],
		expected: expected.outcome,
		outcome: answer.outcome,
		detail: answer.detail,
		earlier: [],
		duration: answer.duration,
		passed: kind === undefined || kind === "note" || kind === "service",
		known: false,
	};
	return { result, finding };
}

/** Whether the relying party gave no answer to it. */
export const isUnanswered = ({ result }: JudgedScenario): boolean =>
	isNoAnswer(result.outcome as Answer["outcome"]);

/** The same, asked before in vain. */
export const askedBefore = (
	judged: JudgedScenario,
	{ result }: JudgedScenario,
): JudgedScenario => ({
	...judged,
	result: {
		...judged.result,
		earlier: [...result.earlier, `${result.outcome}: ${result.detail}`],
	},
});

/** A scenario that was not asked. */
export const notAsked = (
	scenario: Scenario,
	outcome: Unasked,
	detail: string,
): JudgedScenario => ({
	result: {
		id: scenario.id,
		title: scenario.title,
		level: levelOf(scenario),
		impact: impactOf(scenario),
		rule: null,
		breaks: [],
		expected: null,
		outcome,
		detail,
		earlier: [],
		duration: 0,
		passed: false,
		known: false,
	},
	finding: undefined,
});

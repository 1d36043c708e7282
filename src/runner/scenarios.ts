// The catalogue, fired at the relying party: plain tokens side by side, a misbehaving instance one at a time.
import type { JsonWebKey } from "node:crypto";
import { MockError } from "../errors.js";
import { PATHS } from "../gitlab/discovery.js";
import type { FaultMap } from "../scenario/fault.js";
import type { Scenario } from "../scenario/schema.js";
import { type Level, lacking, skippedBy } from "./applicable.js";
import { ProvesNothing } from "./control.js";
import { type Expected, expectedOf } from "./expectation.js";
import { kindOf, scenarioFinding } from "./finding.js";
import type { ProvidedToken } from "./provider.js";
import { commandFor } from "./reproduce.js";
import type { CheckFinding, ScenarioResult } from "./result.js";
import type { Run } from "./run.js";
import type { Answer } from "./target/target.js";

/** What a scenario came to. */
export interface JudgedScenario {
	result: ScenarioResult;
	finding: CheckFinding | undefined;
}

const BETWEEN_CONTROLS = 50; // scenarios
const JOBS = 4;

const levelOf = ({ level = "must" }: Scenario): Level => level;

/**
 * Fires every scenario, and hands over each in the order of the catalogue where it can.
 * @throws ProvesNothing where the RP stops to accept honest tokens
 */
export async function judgeScenarios(
	run: Run,
	take: (judged: JudgedScenario) => void,
): Promise<void> {
	const { provider, jobs = JOBS } = run.setup;
	const plain: Scenario[] = [];
	const played: Scenario[] = [];
	for (const scenario of provider.scenarios) {
		const left = leftOut(scenario, run);
		if (left) {
			take(left);
			run.tick(scenario.id, false);
		} else {
			(scenario.instance?.faults ? played : plain).push(scenario);
		}
	}
	const own = await provider.publicKeys();
	for (let start = 0; start < plain.length; start += BETWEEN_CONTROLS) {
		if (start > 0) await run.controls.check();
		const some = plain.slice(start, start + BETWEEN_CONTROLS);
		for (const judged of await inParallel(some, jobs, (scenario) =>
			judgeScenario(scenario, run, own),
		))
			take(judged);
	}
	for (const scenario of played) take(await judgeScenario(scenario, run, own));
}

/** A scenario that is not asked, with the reason; undefined for one that is. */
export function leftOut(
	scenario: Scenario,
	{ setup, policy }: Run,
): JudgedScenario | undefined {
	const { provider, party, selection = {} } = setup;
	const { id } = scenario;
	const skipped = skippedBy({ id, level: levelOf(scenario) }, selection);
	if (skipped !== undefined) return notAsked(scenario, "skipped", skipped);
	const lacks = lacking(scenario, {
		policy,
		version: provider.version,
		canRestart: party.restart !== undefined,
	});
	return lacks === undefined
		? undefined
		: notAsked(scenario, "not-applicable", lacks);
}

/**
 * Fires one scenario.
 * @param own the issuer's own public keys
 * @throws ProvesNothing where the RP does not get over it
 */
export const judgeScenario = (
	scenario: Scenario,
	run: Run,
	own: readonly JsonWebKey[],
): Promise<JudgedScenario> =>
	scenario.instance?.faults
		? playAndJudge(scenario, run, own)
		: judge(scenario, run, own);

/** The results of `work` on each, so many at once, in their order. */
async function inParallel<T, R>(
	items: readonly T[],
	jobs: number,
	work: (item: T) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	let next = 0;
	const worker = async () => {
		while (next < items.length) {
			const index = next++;
			results[index] = await work(items[index] as T);
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
	return results;
}

/** While the instance plays the scenario: with a cold cache where that can be had, and honest again afterwards. */
async function playAndJudge(
	scenario: Scenario,
	run: Run,
	own: readonly JsonWebKey[],
): Promise<JudgedScenario> {
	const { provider, party } = run.setup;
	const faults = scenario.instance?.faults as FaultMap;
	await party.restart?.();
	await provider.setFaults(faults);
	const publishes = faults[PATHS.keys]?.publish !== undefined;
	const keys = publishes ? await provider.publicKeys() : own;
	const judged = await judge(scenario, run, keys);
	await provider.setFaults({});
	await party.restart?.();
	if ((await run.controls.recovered(run.refresh)) === undefined) {
		throw new ProvesNothing(
			`After ${scenario.id} the honest token was not accepted again within ${run.refresh} seconds. Either the RP does not recover, which is a fault of its own, or limits.refresh is too short. To leave this out: --skip ${scenario.id}`,
		);
	}
	return judged;
}

async function judge(
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
		run.tick(scenario.id, false);
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
	const judged = verdict(scenario, run, minted, answer, expected);
	run.tick(scenario.id, judged.finding !== undefined);
	return judged;
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

const notAsked = (
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

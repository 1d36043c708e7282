// The catalogue, fired at the relying party: plain tokens side by side, a misbehaving instance one at a time.
import type { JsonWebKey } from "node:crypto";
import { PATHS } from "../gitlab/discovery.js";
import type { FaultMap } from "../scenario/fault.js";
import type { Scenario } from "../scenario/schema.js";
import { levelOf } from "../scenario/severity.js";
import { lacking, skippedBy } from "../verdict/applicable.js";
import type { JudgedScenario } from "../verdict/judged.js";
import type { Run } from "./context.js";
import { ProvesNothing } from "./control.js";
import { judge, notAsked, prepare } from "./scenario-verdict.js";

const BETWEEN_CONTROLS = 50; // scenarios
const JOBS = 4;
const CONFIRMATIONS = 5; // of what is broken

/**
 * Fires every scenario, and hands over each in the order of the catalogue where it can.
 * @throws ProvesNothing where the RP stops to accept honest tokens
 */
export async function judgeScenarios(
	run: Run,
	take: (judged: JudgedScenario) => void,
): Promise<void> {
	const { provider, party, jobs = JOBS } = run.setup;
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
	let confirmations = CONFIRMATIONS;
	const tick = ({ result, finding }: JudgedScenario) =>
		run.tick(result.id, finding !== undefined);
	for (let start = 0; start < plain.length; start += BETWEEN_CONTROLS) {
		if (start > 0) await run.controls.check();
		const some = plain.slice(start, start + BETWEEN_CONTROLS);
		const all = await inParallel(some, jobs, {
			prepare: (scenario) => prepare(scenario, run),
			async work(scenario, prepared) {
				const judged = await judge(scenario, prepared, run, own);
				tick(judged);
				return judged;
			},
		});
		const broken: JudgedScenario[] = [];
		for (const judged of all) {
			if (judged.result.outcome === "broken" && confirmations > 0)
				broken.push(judged);
			else take(judged);
		}
		while (broken.length > 0) {
			await stillThere(run, broken).catch((error) => {
				for (const judged of broken) take(judged);
				throw error;
			});
			const { id } = (broken.shift() as JudgedScenario).result;
			const scenario = some.find((one) => one.id === id) as Scenario;
			// Asked again alone: another token may have taken the RP down under it.
			const judged = await judgeScenario(scenario, run, own);
			take(judged);
			// What hangs or fails on many tokens is not asked about each of them twice.
			confirmations =
				judged.result.outcome === "broken" ? confirmations - 1 : CONFIRMATIONS;
		}
	}
	for (const scenario of played) {
		const judged = await playAndJudge(scenario, run, own);
		tick(judged);
		take(judged);
	}
	if (played.length > 0) await party.restart?.();
}

/**
 * Sees to it that the RP is there.
 * @throws ProvesNothing where it is gone for good, with the tokens that were under way
 */
async function stillThere(
	run: Run,
	broken: readonly JudgedScenario[],
): Promise<void> {
	try {
		await run.controls.check();
	} catch (error) {
		if (!(error instanceof ProvesNothing)) throw error;
		const ids = broken.map(({ result }) => result.id).join(", ");
		throw new ProvesNothing(
			`One of these tokens took the RP down, and it did not come back: ${ids}. With --start it is started anew, and the token found. ${error.message}`,
		);
	}
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
 * Fires one scenario, and leaves the RP as it was.
 * @param own the issuer's own public keys
 * @throws ProvesNothing where the RP does not get over it
 */
export async function judgeScenario(
	scenario: Scenario,
	run: Run,
	own: readonly JsonWebKey[],
): Promise<JudgedScenario> {
	if (!scenario.instance?.faults)
		return judge(scenario, await prepare(scenario, run), run, own);
	const judged = await playAndJudge(scenario, run, own);
	await run.setup.party.restart?.();
	return judged;
}

/** The results of `work` on each, so many at once, in their order. */
async function inParallel<T, P, R>(
	items: readonly T[],
	jobs: number,
	{
		prepare,
		work,
	}: {
		prepare: (item: T) => Promise<P>;
		work: (item: T, prepared: P) => Promise<R>;
	},
): Promise<R[]> {
	const results: R[] = [];
	let next = 0;
	const begin = () => {
		const index = next++;
		if (index >= items.length) return undefined;
		const item = items[index] as T;
		const prepared = prepare(item);
		prepared.catch(() => undefined); // thrown where it is awaited
		return { index, item, prepared };
	};
	const worker = async () => {
		let following = begin();
		while (following) {
			const { index, item, prepared } = following;
			const ready = await prepared;
			following = begin(); // made while the RP looks at this one
			results[index] = await work(item, ready);
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
	const token = await prepare(scenario, run);
	const judged = await judge(scenario, token, run, keys);
	await provider.setFaults({});
	if (party.restart !== undefined) return judged;
	if ((await run.controls.recovered(run.refresh)) === undefined) {
		throw new ProvesNothing(
			`After ${scenario.id} the honest token was not accepted again within ${run.refresh} seconds. Either the RP does not recover, which is a fault of its own, or limits.refresh is too short. To leave this out: --skip ${scenario.id}`,
		);
	}
	return judged;
}

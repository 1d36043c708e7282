// The scenarios in which the instance misbehaves: one at a time, to a relying party that has forgotten what it fetched.
import { parseDuration } from "../clock.js";
import { PATHS } from "../gitlab/discovery.js";
import type { Fault, FaultMap } from "../scenario/fault.js";
import { covers } from "../scenario/fault-path.js";
import type { Answer } from "../verdict/answer.js";
import type { JudgedScenario } from "../verdict/judged.js";
import { judge, notAsked, prepare } from "./ask.js";
import { bringUp } from "./bring-up.js";
import type { Question, Run } from "./context.js";
import { ProvesNothing } from "./control.js";

/** Seconds within which it starts while the instance misbehaves, beside what the instance makes it wait. */
const START = 5;

/**
 * Plays one. The relying party is started anew while the instance misbehaves, where that can be done: one that asks
 * the issuer at its start has to see it. Afterwards the instance is honest again; the relying party still has what it
 * fetched.
 */
export async function judgePlayed(
	question: Question,
	run: Run,
): Promise<JudgedScenario> {
	const { provider, party } = run.setup;
	const faults = faultsOf(question);
	const patience = slowness(faults);
	// This issuer's: a run beside the run has another one, with keys of its own.
	const own = await provider.publicKeys();
	const since = (await provider.requests()).at(-1)?.id ?? 0;
	try {
		await provider.setFaults(faults);
		const start = await bringUp(party, START + patience);
		const publishes = faults[PATHS.keys]?.publish !== undefined;
		const judged = await judge(question, await prepare(question, run), run, {
			keys: publishes ? await provider.publicKeys() : own,
			patience,
			...(!start.started && { answer: refusalToStart(start) }),
		});
		if (!start.started) await startsOtherwise(question, run);
		if (!judged.result.passed) return judged;
		const requests = await provider.requests(since);
		const wasSeen = requests.some(({ path }) =>
			Object.keys(faults).some((faulty) => covers(faulty, path)),
		);
		return wasSeen
			? judged
			: notAsked(
					question.scenario,
					"not-applicable",
					`not tested: the RP did not fetch ${Object.keys(faults).join(" or ")} while it misbehaved`,
				);
	} finally {
		await provider.setFaults({});
	}
}

/**
 * A start that failed says something where the same start goes well in front of an honest issuer.
 * @throws ProvesNothing where it does not
 */
async function startsOtherwise(
	{ scenario }: Question,
	{ setup, controls }: Run,
): Promise<void> {
	await setup.provider.setFaults({});
	const start = await bringUp(setup.party);
	if (start.started) await controls.ready(START);
	if (start.started && (await controls.look()).outcome === "accepted") return;
	throw new ProvesNothing(
		`After ${scenario.id} the RP could not be restarted${start.started ? ": it does not accept the honest token" : `: ${start.detail}`}.`,
	);
}

export const faultsOf = ({ scenario }: Question): FaultMap =>
	scenario.instance?.faults ?? {};

/** One that does not come up while the issuer misbehaves lets nobody in. */
const refusalToStart = ({ detail }: { detail: string }): Answer => ({
	outcome: /ended by SIG/.test(detail) ? "crashed" : "rejected",
	detail: `the RP did not start while GitLab misbehaved: ${detail}`,
	duration: 0,
});

const BODY = 1500; // bytes, about as long as GitLab's documents

/** Seconds by which these faults make an honest request longer. */
export const slowness = (faults: FaultMap): number =>
	Object.values(faults).reduce((sum, fault) => sum + slownessOf(fault), 0);

const slownessOf = ({ delay = 0, drip }: Fault): number =>
	secondsOf(delay) + (drip ? (BODY / drip.bytes) * secondsOf(drip.every) : 0);

const secondsOf = (duration: number | string): number =>
	typeof duration === "number" ? duration : parseDuration(duration);

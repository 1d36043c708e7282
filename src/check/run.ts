// A whole check: the controls, the scenarios, the probes, and what they add up to.
import { MockError } from "../errors.js";
import { DEFAULTS } from "../relying-party/open.js";
import { checkSelection, skippedBy } from "../verdict/applicable.js";
import { audienceListNote } from "../verdict/audience-list.js";
import { conclude } from "../verdict/conclude.js";
import { troubleFindings } from "../verdict/control-finding.js";
import { everyProject } from "../verdict/every-project.js";
import {
	excludes,
	judgePolicy,
	letsEverythingIn,
} from "../verdict/policy/judge.js";
import { type CheckResult, wasAsked } from "../verdict/result.js";
import { isUnanswered } from "./ask.js";
import { bringUp } from "./bring-up.js";
import { createRun, type Question, type Run } from "./context.js";
import { endingOf, ProvesNothing } from "./control.js";
import { inLanes, type Piece } from "./lane.js";
import { addUnreached, leaveOut } from "./left-out.js";
import { mintAhead } from "./mint-ahead.js";
import { judgePlain } from "./plain.js";
import { faultsOf, judgePlayed, slowness } from "./played.js";
import { judgeProbe, unmadeProbe } from "./probe/judge.js";
import type { Probe } from "./probe/probe.js";
import { PROBES } from "./probe/probes.js";
import { idsOf, questionsOf } from "./questions.js";
import { firstControl } from "./refused-control.js";
import type { CheckSetup } from "./setup.js";
import { abortable } from "./stop.js";

const LETS_ALL_IN =
	"The policy requires nothing of the claims, so every job of every project of this GitLab is expected to get in. If that is not meant, name your project in a profile (check --init).";

/**
 * Checks a relying party. What goes wrong with it is in the result.
 * @throws MockError `invalid_option` where a pattern of the selection means nothing
 */
export async function runCheck(given: CheckSetup): Promise<CheckResult> {
	const { setup, stopped } = abortable(given);
	const { profile, provider, selection = {} } = setup;
	const started = new Date();
	const begun = performance.now();
	const questions = await questionsOf(setup);
	checkSelection(selection, idsOf(questions, PROBES));
	const run = createRun(setup, questions, PROBES);
	const { ledger } = run;
	ledger.notes.push(...(setup.notes ?? []));
	let reason: string | null = null;
	try {
		const work = askAll(run, questions);
		work.catch(() => undefined); // where it was stopped nobody waits for it
		await Promise.race([work, stopped]);
		reason = askedNothing(run);
	} catch (error) {
		// An RP that cannot be started anew, or an issuer that is gone, is told like one that refuses all.
		if (!(error instanceof ProvesNothing || error instanceof MockError))
			throw error;
		reason = error.message;
		const ending = endingOf(setup.party);
		if (ending !== "" && !reason.includes(ending)) ledger.notes.push(ending);
	}
	// One that is stopped does not wait: whoever has opened it closes it, with all that runs beside it.
	if (!setup.signal?.aborted) {
		await Promise.all([...run.lanes].map((close) => close()));
		await given.provider.setFaults({}).catch(() => undefined); // it may be what is gone
	}
	addUnreached(run, questions);
	ledger.notes.push(...retried(run));
	const results = ledger.scenarios.map(({ result }) => result);
	ledger.notes.push(
		...[audienceListNote(results)].filter((note) => note !== undefined),
	);
	const { service } = setup;
	const open = everyProject(service, run.policy, results, setup.severity ?? {});
	if (!open && letsEverythingIn(run.policy) && !excludes(run.policy))
		ledger.notes.push(LETS_ALL_IN);
	const subject = {
		version: setup.version,
		target: setup.party.description,
		issuer: provider.issuer,
		audience: profile.audience,
		service: service?.name ?? null,
		known: profile.known_failures ?? [],
		library: profile.library,
		policy: run.policy,
	};
	return conclude(subject, {
		...ledger,
		findings: [...troubleFindings(ledger.troubles), ...(open ? [open] : [])],
		controls: run.controls.counts,
		isSelection: [...ledger.scenarios, ...ledger.probes].some(
			({ result }) => result.outcome === "skipped",
		),
		reason,
		started,
		duration: (performance.now() - begun) / 1000,
	});
}

// Seconds until it says yes or no: one that runs already should do so at once.
const RUNNING = 2;
const STARTED = 30;

async function askAll(run: Run, questions: readonly Question[]) {
	const { setup, controls } = run;
	const { profile, provider, selection = {} } = setup;
	const chosen = questions.filter((question) => !leaveOut(question, run));
	const plain = chosen.filter(({ scenario }) => !scenario.instance?.faults);
	const played = chosen.filter(({ scenario }) => scenario.instance?.faults);
	const probes = PROBES.filter((probe) => {
		const skipped = skippedBy(probe, selection);
		if (skipped !== undefined)
			run.ledger.probes.push(unmadeProbe(probe, "skipped", skipped));
		return skipped === undefined;
	});
	const line = mintAhead(plain, run);
	const published = provider.publicKeys();
	published.catch(() => undefined); // thrown where it is awaited
	await checkProfile(run);
	const patience = profile.start === undefined ? RUNNING : STARTED;
	await run.waitFor("the honest token to be accepted", () =>
		controls.ready(profile.limits?.start ?? patience),
	);
	await firstControl(run, published);
	const keys = await published;

	const playing = played
		.sort((a, b) => slowness(faultsOf(b)) - slowness(faultsOf(a)))
		.map((question) => ({
			changesKeys: false,
			work: (place: Run) =>
				run.waitFor(question.scenario.id, async () => {
					const judged = await judgePlayed(question, place);
					if (place.setup.party.restart === undefined)
						await recoverFrom(question.scenario.id, place);
					run.take(judged);
				}),
		}));
	const probing = (probe: Probe) => ({
		changesKeys: true,
		work: (place: Run) =>
			run.waitFor(probe.id, async () => {
				const judged = await judgeProbe(probe, place);
				// In front of everybody what it found is kept, whatever comes of it.
				if (place === run) run.takeProbe(judged);
				if (probe.disturbs) await recoverFrom(probe.id, place);
				else await place.control(probe.id);
				if (place !== run) run.takeProbe(judged);
			}),
	});
	const waiting = probes.filter(({ waits }) => waits).map(probing);
	const rest = probes.filter(({ waits }) => !waits).map(probing);

	const beside = inLanes(run, [...waiting, ...playing]);
	beside.catch(() => undefined); // thrown where it is awaited
	await judgePlain(line, run, keys);
	await run.control("the plain tokens");
	const left = await beside;
	const isLeft = (piece: Piece) => left.includes(piece);
	for (const { work } of playing.filter(isLeft)) await work(run);
	if (playing.some(isLeft)) await recoverFrom("the misbehaving instance", run);
	for (const { work } of [...rest, ...waiting.filter(isLeft)]) await work(run);
}

/**
 * After the instance misbehaved or its keys changed: one that refuses the honest token is started anew or, where that
 * cannot be done, given its time.
 * @throws ProvesNothing where the RP does not accept the honest token
 */
async function recoverFrom(what: string, run: Run): Promise<void> {
	const { setup, controls, refresh } = run;
	const { outcome } = await controls.look();
	if (outcome === "rejected" && setup.party.restart !== undefined) {
		const start = await bringUp(setup.party);
		if (!start.started)
			throw new ProvesNothing(
				`After ${what} the RP could not be restarted: ${start.detail}`,
			);
		await controls.ready(STARTED);
	} else if (outcome !== "accepted" && setup.party.restart === undefined) {
		// What it knew before it knows still, where it does not fetch again.
		await setup.provider.restoreKeys();
		await controls.recovered(refresh);
	}
	await run.control(what);
}

const MOST_NAMED = 10;

/** What got no clear answer at first is told, though it got one when it was asked alone. */
function retried({ ledger, setup }: Run): string[] {
	const { concurrency = DEFAULTS.concurrency } = setup;
	const ids = ledger.scenarios
		.filter(
			(judged) => judged.result.earlier.length > 0 && !isUnanswered(judged),
		)
		.map(({ result }) => result.id);
	const more = ids.length - MOST_NAMED;
	return ids.length === 0
		? []
		: [
				`${ids.length === 1 ? "One token" : `${ids.length} tokens`} got no clear answer while ${concurrency} tokens were sent at once, but got one when sent again alone: ${ids.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
			];
}

/** A policy that refuses the job that the profile calls honest would blame every RP. */
async function checkProfile({ honest, policy }: Run): Promise<void> {
	const { claims } = await honest();
	const [unmet] = judgePolicy(claims, policy);
	if (unmet !== undefined)
		throw new ProvesNothing(
			`The profile contradicts itself: its policy refuses its own job (${unmet}). Describe under job: the project, ref and environment that the RP accepts.`,
		);
}

/** Why nothing was asked, where nothing was. */
function askedNothing({ ledger }: Run): string | null {
	const results = [...ledger.scenarios, ...ledger.probes];
	return results.some(({ result }) => wasAsked(result.outcome))
		? null
		: "Nothing was asked: what was chosen does not apply to this RP, or was left out.";
}

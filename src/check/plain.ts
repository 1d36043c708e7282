// The scenarios in which only the token is special: fired side by side, with the control between.
import type { JsonWebKey } from "node:crypto";
import { DEFAULTS } from "../relying-party/open.js";
import type { Answer } from "../verdict/answer.js";
import type { Trouble } from "../verdict/control-finding.js";
import type { JudgedScenario } from "../verdict/judged.js";
import { wasAsked } from "../verdict/result.js";
import { askedBefore, isUnanswered, judge, notAsked, prepare } from "./ask.js";
import type { Question, Run } from "./context.js";
import { endingAfter, ProvesNothing } from "./control.js";
import type { Line } from "./mint-ahead.js";

const BETWEEN_CONTROLS = 50; // scenarios
const CONFIRMATIONS = 5; // in a row of what gets no answer

/**
 * Fires each. A refusal counts where the honest token was accepted before it and after it.
 * @param keys the issuer's own public keys
 * @throws ProvesNothing where the RP stops to accept honest tokens
 */
export async function judgePlain(
	line: Line,
	run: Run,
	keys: readonly JsonWebKey[],
): Promise<void> {
	const { concurrency = DEFAULTS.concurrency } = run.setup;
	const patience = { left: CONFIRMATIONS };
	for (let start = 0; start < line.length; start += BETWEEN_CONTROLS) {
		const end = start + BETWEEN_CONTROLS;
		const open: Asked[] = [];
		const worker = async () => {
			for (
				let ready = await line.next(end);
				ready !== undefined;
				ready = await line.next(end)
			) {
				const { question, prepared } = ready;
				const judged = await judge(question, prepared, run, { keys });
				const isOver =
					judged.result.outcome === "accepted" ||
					!wasAsked(judged.result.outcome);
				if (isOver) run.take(judged);
				else open.push({ question, judged });
			}
		};
		const workers = Math.max(1, concurrency);
		await Promise.all(Array.from({ length: workers }, worker));
		const trouble = await settled(run, open);
		const doubtful = open.filter(
			({ judged }) => trouble !== undefined || isUnanswered(judged),
		);
		for (const asked of open) {
			if (!doubtful.includes(asked)) run.take(asked.judged);
		}
		const culprits = await askAlone(doubtful, run, { keys, patience });
		if (trouble && culprits === 0)
			run.ledger.notes.push(noCulprit(open, trouble));
	}
}

/** A question and what it came to, which does not count yet. */
interface Asked {
	question: Question;
	judged: JudgedScenario;
}

/**
 * Asks each again, alone, with a control behind it: another token may have taken the RP down under it.
 * @returns how many got no answer again, or took the RP down
 */
async function askAlone(
	doubtful: readonly Asked[],
	run: Run,
	{
		keys,
		patience,
	}: { keys: readonly JsonWebKey[]; patience: { left: number } },
): Promise<number> {
	let culprits = 0;
	for (const [at, { question, judged }] of doubtful.entries()) {
		// What hangs or fails on many tokens is not asked about each of them twice.
		if (patience.left <= 0 && isUnanswered(judged)) {
			run.take(judged);
			continue;
		}
		const prepared = await prepare(question, run);
		let again = await judge(question, prepared, run, { keys });
		if (isUnanswered(judged)) again = askedBefore(again, judged);
		const isStill = isUnanswered(again);
		patience.left = isStill ? patience.left - 1 : CONFIRMATIONS;
		if (isStill) again = await withEnding(again, run);
		const rest = doubtful.slice(at + 1);
		const trouble = await settled(run, [{ question, judged: again }, ...rest]);
		// Refused, and the honest token behind it too: that is no refusal of this token.
		const isVoid =
			again.result.outcome === "rejected" &&
			trouble?.answer.outcome === "rejected";
		run.take(
			isVoid ? notAsked(question.scenario, "not-reached", UNPROVEN) : again,
		);
		if (trouble && !isStill)
			run.ledger.troubles.push({ after: question.scenario.id, trouble });
		if (trouble || isStill) culprits += 1;
	}
	return culprits;
}

const noCulprit = (open: readonly Asked[], { answer }: Trouble): string =>
	`The honest token was once not accepted (${answer.outcome}: ${answer.detail}) after these tokens, but when each was sent alone that did not happen again: ${idsOf(open)}.`;

const idsOf = (asked: readonly Asked[]) =>
	asked.map(({ question }) => question.scenario.id).join(", ");

/** What the program of a relying party printed as it ended belongs to the token that ended it. */
async function withEnding(
	judged: JudgedScenario,
	{ setup }: Run,
): Promise<JudgedScenario> {
	const { detail: said, outcome } = judged.result;
	const answer = { outcome: outcome as Answer["outcome"] };
	const ending = await endingAfter(answer, setup.party);
	if (setup.party.exit?.() === undefined) return judged;
	const detail = `${said}. ${ending}`;
	return {
		result: { ...judged.result, outcome: "crashed", detail },
		finding: judged.finding && {
			...judged.finding,
			actual: `crashed: ${detail}`,
		},
	};
}

/**
 * Sends the control after what is open.
 * @throws ProvesNothing where it is not accepted: then refusals that are open prove nothing
 */
async function settled(
	run: Run,
	open: readonly Asked[],
): Promise<Trouble | undefined> {
	try {
		return await run.controls.check();
	} catch (error) {
		for (const { question, judged } of open) {
			run.take(
				isUnanswered(judged)
					? judged
					: notAsked(question.scenario, "not-reached", UNPROVEN),
			);
		}
		const unanswered = open.filter(({ judged }) => isUnanswered(judged));
		if (!(error instanceof ProvesNothing) || unanswered.length === 0)
			throw error;
		throw new ProvesNothing(
			`One of these tokens crashed the RP, which did not come back: ${idsOf(unanswered)}. With --start the check restarts the RP and finds the token. ${error.message}`,
		);
	}
}

const UNPROVEN =
	"it was refused, but so was the honest token after it, so the refusal proves nothing";

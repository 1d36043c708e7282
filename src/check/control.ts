// The control: the plain honest token, which the relying party must accept before, between and after all others.
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../verdict/answer.js";
import type { Trouble } from "../verdict/control-finding.js";
import { bringUp } from "./bring-up.js";
import type { CheckSetup } from "./setup.js";

/** The honest token's scenario. */
export const CONTROL = "valid/baseline";

/** Why a run proves nothing, or cannot go on: thrown within the check, and told in the result. */
export class ProvesNothing extends Error {
	override readonly name = "ProvesNothing";
	/** what happened, without what is to be done about it */
	readonly what: string;

	constructor(what: string, advice = "") {
		super(`${what}${advice}`);
		this.what = what;
	}
}

/** The honest token, sent again and again. */
export interface Controls {
	/**
	 * Sends it. A relying party that does not accept it is started anew, or waited for.
	 * @returns what was wrong, where it accepts it again now; undefined where nothing was
	 * @throws ProvesNothing where it does not accept it
	 */
	check(): Promise<Trouble | undefined>;
	/** Sends it, and leaves it at that. */
	look(): Promise<Answer>;
	/** Sends it until the RP says yes or no, for at most `seconds`: one that has just been started may not do so yet. */
	ready(seconds: number): Promise<void>;
	/** Sends it until the RP accepts it, for at most `seconds`; gives how long that took, undefined where it did not. */
	recovered(seconds: number): Promise<number | undefined>;
	readonly counts: { sent: number; accepted: number };
}

const PAUSES = [0.05, 0.1, 0.2, 0.5, 1, 2]; // seconds, the last one repeated
const RECOVERY = 10; // seconds that one which cannot be started anew is waited for
const WARMING = 3; // seconds in which errors such as 503 are those of a start
const READY = 5; // seconds after a start until it says yes or no
const MOST_TROUBLES = 20; // what goes down for every other token is not brought up without end
const LAST_LINES = 10;

/** Controls of one relying party; `refresh` in seconds. */
export function createControls(
	{ provider, party, profile }: CheckSetup,
	refresh: number,
): Controls {
	const counts = { sent: 0, accepted: 0 };
	const { audience } = profile;
	let troubles = 0;
	const send = async (): Promise<Answer> => {
		const { token } = await provider.mint(CONTROL, { aud: audience });
		return party.present({
			token,
			issuer: provider.issuer,
			audience,
			scenario: CONTROL,
		});
	};
	const count = (answer: Answer): Answer => {
		counts.sent += 1;
		if (answer.outcome === "accepted") counts.accepted += 1;
		return answer;
	};
	const sendUntil = async (
		isEnough: (outcome: Answer["outcome"]) => boolean,
		seconds: number,
	): Promise<number | undefined> => {
		const begun = performance.now();
		const elapsed = () => (performance.now() - begun) / 1000;
		for (let attempt = 0; ; attempt++) {
			if (isEnough((await send()).outcome)) return elapsed();
			const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)] as number;
			if (elapsed() + pause > seconds) return undefined;
			await sleep(1000 * pause);
		}
	};
	const ready = async (seconds: number) => {
		// One that answers is there: what it says does not get clearer for long.
		const answers = await sendUntil(isAnswer, seconds);
		if (answers !== undefined)
			await sendUntil(isVerdict, Math.min(seconds - answers, WARMING));
	};
	const recovered = (seconds: number) => sendUntil(isAcceptance, seconds);

	return {
		counts,
		look: send,
		ready,
		recovered,
		async check() {
			const first = count(await send());
			if (isAcceptance(first.outcome)) return undefined;
			const ending = await endingAfter(first, party);
			if (counts.accepted > 0 && troubles < MOST_TROUBLES) {
				troubles += 1;
				if (party.restart !== undefined) {
					const start = await bringUp(party);
					if (!start.started)
						throw new ProvesNothing(
							`${words(first, counts)}, and the RP could not be restarted: ${start.detail}${ending && `. ${ending}`}`,
						);
					await ready(READY);
					if (isAcceptance(count(await send()).outcome))
						return { answer: first, ending, mended: "restart" };
				} else if (
					(await recovered(Math.min(refresh, RECOVERY))) !== undefined
				) {
					return { answer: first, ending, mended: "time" };
				}
			}
			throw new ProvesNothing(
				`${words(first, counts)}${ending && `. ${ending}`}`,
				`. See that the relying party trusts the issuer ${provider.issuer}, expects the audience ${audience}, and lets in the job that the profile describes.`,
			);
		},
	};
}

const isAnswer = (outcome: Answer["outcome"]) =>
	outcome !== "crashed" && outcome !== "hung";
const isAcceptance = (outcome: Answer["outcome"]) => outcome === "accepted";
const isVerdict = (outcome: Answer["outcome"]) =>
	outcome === "accepted" || outcome === "rejected";

function words(
	{ outcome, detail }: Answer,
	{ accepted }: Controls["counts"],
): string {
	const when =
		accepted === 0
			? "at the start"
			: `after it was accepted ${accepted === 1 ? "once" : `${accepted} times`}`;
	const was = outcome === "unsent" ? "not sent" : OUTCOME_WORDS[outcome];
	return `The honest token ${was} ${when}${detail ? ` (${detail})` : ""}`;
}

const OUTCOME_WORDS: Readonly<
	Record<Exclude<Answer["outcome"], "unsent">, string>
> = {
	accepted: "was accepted",
	rejected: "was rejected",
	broken: "got an answer that is neither an acceptance nor a refusal",
	hung: "got no answer in time",
	crashed: "got no answer, because the RP ended or closed the connection",
};

const LAST_WORDS = 800; // ms in which the end of a program is known after its last connection
const POLL = 20; // ms

/** The same after an answer: a connection breaks before the program's end is known. */
export async function endingAfter(
	{ outcome }: Pick<Answer, "outcome">,
	party: CheckSetup["party"],
): Promise<string> {
	const deadline = performance.now() + LAST_WORDS;
	while (
		outcome === "crashed" &&
		party.exit !== undefined &&
		party.exit() === undefined &&
		performance.now() < deadline
	)
		await sleep(POLL);
	return endingOf(party);
}

/** How the program ended and what it printed last, as far as that is known. */
export function endingOf({ exit, output }: CheckSetup["party"]): string {
	const how = exit?.();
	const lines = (output?.() ?? "")
		.split("\n")
		.filter((line) => line !== "")
		.slice(-LAST_LINES);
	return [
		how && `The RP's program ended: ${how}`,
		lines.length > 0 && `The RP's last output: ${lines.join(" | ")}`,
	]
		.filter((part) => typeof part === "string")
		.join(". ");
}

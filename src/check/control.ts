// The control: the plain honest token, which the relying party must accept before, between and after all others.
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, isNoAnswer } from "../verdict/answer.js";
import type { CheckSetup } from "./setup.js";

/** The honest token's scenario. */
export const CONTROL = "valid/baseline";

/** Why a run proves nothing: thrown within the runner, and told in the result. */
export class ProvesNothing extends Error {
	override readonly name = "ProvesNothing";
}

/** The honest token, sent again and again. */
export interface Controls {
	/**
	 * Sends it; an RP that is down is started anew, where that is possible, and asked again.
	 * @throws ProvesNothing where the RP does not accept it
	 */
	check(): Promise<void>;
	/** Sends it until the RP says yes or no, for at most `seconds`: one that has just been started may not do so yet. */
	ready(seconds: number): Promise<void>;
	/** Sends it until the RP accepts it, for at most `seconds`; gives how long that took, undefined where it did not. */
	recovered(seconds: number): Promise<number | undefined>;
	readonly counts: { sent: number; accepted: number };
}

const PAUSES = [0.05, 0.1, 0.2, 0.5, 1, 2]; // seconds, the last one repeated

export function createControls({
	provider,
	party,
	profile,
}: CheckSetup): Controls {
	const counts = { sent: 0, accepted: 0 };
	const { audience } = profile;
	const send = async (): Promise<Answer> => {
		const { token } = await provider.mint(CONTROL, { aud: audience });
		return party.present({
			token,
			issuer: provider.issuer,
			audience,
			scenario: CONTROL,
		});
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
	return {
		counts,
		async check() {
			let { outcome, detail } = await send();
			if (isNoAnswer(outcome) && party.restart !== undefined) {
				await party.restart();
				({ outcome, detail } = await send());
			}
			counts.sent += 1;
			if (outcome === "accepted") {
				counts.accepted += 1;
				return;
			}
			const when =
				counts.sent === 1
					? "at the start"
					: `after ${counts.accepted} times that it was accepted`;
			throw new ProvesNothing(
				`The honest token was ${outcome === "unsent" ? "not sent" : outcome} ${when}${detail ? ` (${detail})` : ""}. What rejects everything proves nothing: see to it that the RP trusts ${provider.issuer}, expects the audience ${audience}, and lets in the job that the profile describes.`,
			);
		},
		async ready(seconds) {
			await sendUntil((outcome) => !isNoAnswer(outcome), seconds);
		},
		recovered: (seconds) =>
			sendUntil((outcome) => outcome === "accepted", seconds),
	};
}

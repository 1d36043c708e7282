// What is made of a token that was just let in: a verdict that is kept by a part of the token lets it in as well.
import type { ProvidedToken } from "../provider.js";
import { type ProbeContext, type ProbeOutcome, said, unseen } from "./probe.js";

/** Makes a forgery of a token. */
export type Forge = (
	token: ProvidedToken,
	context: ProbeContext,
) => string | Promise<string>;

/**
 * Shows an honest token, which must be let in, and then its forgery, for each of `forgeries`.
 * @param forgeries by what is wrong with them: `another exp`
 */
export async function askAfterAcceptance(
	context: ProbeContext,
	forgeries: Readonly<Record<string, Forge>>,
): Promise<ProbeOutcome> {
	const { mint, present } = context;
	const measured: Record<string, string> = {};
	const letIn: string[] = [];
	const lost: string[] = [];
	for (const [change, forge] of Object.entries(forgeries)) {
		const honest = await mint();
		const shown = await present(honest.token);
		if (shown.outcome !== "accepted") {
			lost.push(`an honest token was ${said(shown)}`);
			break;
		}
		const answer = await present(await forge(honest, context));
		measured[change] = answer.outcome;
		if (answer.outcome === "accepted") letIn.push(change);
		else if (answer.outcome !== "rejected" && answer.outcome !== "unsent")
			lost.push(`with ${change} it was ${said(answer)}`);
	}
	const [change] = letIn;
	if (change !== undefined) {
		const forged = await forgeries[change]?.(await mint(), context);
		const fresh = await present(String(forged));
		const cause =
			fresh.outcome === "accepted"
				? "so was a changed token whose original was never sent: it checks less, or caches a verdict for what both have in common"
				: "a changed token whose original was never sent was refused: it caches verdicts by less than the whole token";
		return {
			outcome: "failed",
			detail: `after a token was accepted, one with ${letIn.join(", and one with ")} was accepted too; ${cause}`,
			measured: { ...measured, never_shown: fresh.outcome },
		};
	}
	if (lost.length > 0) return unseen(lost.join("; "), measured);
	return {
		outcome: "passed",
		detail: `after a token was accepted, one with ${Object.keys(measured).join(", and one with ")} was refused`,
		measured,
	};
}

/** The three parts of a token. */
export function partsOf({ token }: ProvidedToken): [string, string, string] {
	const [header = "", payload = "", signature = ""] = token.split(".");
	return [header, payload, signature];
}

// Starts the relying party anew, also where it may refuse to start.
import type {
	RelyingParty,
	StartOutcome,
} from "../relying-party/relying-party.js";

const FOREVER: StartOutcome = { started: true, seconds: 0 };

/**
 * Starts the relying party anew where that can be done; otherwise it stays as it is.
 * @param startTimeout seconds until its port must answer; default as its profile says
 */
export async function bringUp(
	party: Pick<RelyingParty, "restart">,
	startTimeout?: number,
): Promise<StartOutcome> {
	return (await party.restart?.({ startTimeout })) ?? FOREVER;
}

// What a relying party did with a token.
import type { Outcome, ScenarioResult } from "./result.js";

/** What the relying party did. */
export interface Answer {
	/** `unsent`: this target cannot carry such a token, as a header no line break; the RP never saw it */
	outcome: Outcome | "unsent";
	/** such as `401 Unauthorized: invalid audience`; at most 300 characters, without tokens and control characters */
	detail: string;
	/** seconds */
	duration: number;
	/** whether it repeats the token, or the claims or the signature as they stand in it */
	echoed?: boolean | undefined;
}

/** Whether it was asked and gave neither a yes nor a no. */
export const isNoAnswer = (
	outcome: Answer["outcome"] | ScenarioResult["outcome"],
): boolean =>
	outcome === "broken" || outcome === "hung" || outcome === "crashed";

/** A token that was shown to it, and what it says. */
export interface ShownToken {
	token: string;
	header: Readonly<Record<string, unknown>>;
	claims: Readonly<Record<string, unknown>>;
}

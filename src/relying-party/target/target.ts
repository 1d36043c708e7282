// How a token is handed to a relying party, and what it did with it.
import type { Answer } from "../../verdict/answer.js";

/** What is handed over with a token. */
export interface Presentation {
	token: string;
	issuer: string;
	audience: string;
	/** the scenario's or probe's id */
	scenario: string;
}

/** How long the answer may take. */
export interface PresentOptions {
	/** seconds beyond the limit, where the RP has to wait for a slow issuer itself; default 0 */
	patience?: number | undefined;
}

/** A relying party under test. */
export interface Target {
	/** in one line, for the report */
	readonly description: string;
	/** Hands over one token. Never throws for what the RP does: a failure is an outcome too. */
	present(
		presentation: Presentation,
		options?: PresentOptions,
	): Promise<Answer>;
	/** How the program that it runs ended, where it has: `exit 1`, `ended by SIGSEGV`. */
	exit?(): string | undefined;
	/** what that printed last, safe to print */
	output?(): string;
	/** Lets go of what it holds: connections, processes. */
	close(): Promise<void>;
}

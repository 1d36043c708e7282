// A relying party that is a function of this process.
import { messageOf } from "../../errors.js";
import type { Answer } from "../../verdict/answer.js";
import { detailOf, echoOf, secondsSince } from "./detail.js";
import type { Presentation, PresentOptions, Target } from "./target.js";

/**
 * Verifies a token: it throws, or resolves to `false`, for one that it rejects, and returns anything
 * else for one that it accepts. Every throw is a rejection, a `TypeError` of a bug of its own too:
 * the detail says which it was.
 */
export type Verify = (token: string, presentation: Presentation) => unknown;

export interface FunctionTargetOptions {
	/** seconds for one answer; what never yields cannot be interrupted */
	timeout: number;
}

/** Asks a function. One that has not settled in time hangs. */
export function functionTarget(
	verify: Verify,
	{ timeout }: FunctionTargetOptions,
): Target {
	async function present(
		presentation: Presentation,
		{ patience = 0 }: PresentOptions = {},
	): Promise<Answer> {
		const { token } = presentation;
		const begun = performance.now();
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<Verdict>((resolve) => {
			const limit = timeout + patience;
			const text = `no answer within ${limit} s`;
			timer = setTimeout(resolve, limit * 1000, { outcome: "hung", text });
		});
		const { outcome, text } = await Promise.race([
			verdictOf(verify, presentation),
			late,
		]);
		clearTimeout(timer);
		const duration = secondsSince(begun);
		const detail = detailOf(text, token);
		return { outcome, detail, duration, ...echoOf(text, token) };
	}
	return {
		description: safeName(verify),
		present,
		close: async () => undefined,
	};
}

interface Verdict {
	outcome: Answer["outcome"];
	text: string;
}

async function verdictOf(
	verify: Verify,
	presentation: Presentation,
): Promise<Verdict> {
	try {
		return (await verify(presentation.token, presentation)) === false
			? { outcome: "rejected", text: "resolved to false" }
			: { outcome: "accepted", text: "resolved" };
	} catch (thrown) {
		return { outcome: "rejected", text: thrownText(thrown) };
	}
}

/** What is thrown may be anything, also what throws when it is looked at. */
function thrownText(thrown: unknown): string {
	try {
		return thrown instanceof Error
			? `${thrown.name}: ${thrown.message}`
			: `thrown: ${messageOf(thrown)}`;
	} catch {
		return "thrown: something without a text";
	}
}

const safeName = ({ name }: Verify) =>
	name === "" ? "a function" : `the function ${detailOf(name, "")}`;

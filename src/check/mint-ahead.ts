// Tokens are made ahead of their turn: many side by side, while the relying party looks at those before.
import { MOMENT, type Prepared, prepare } from "./ask.js";
import type { Question, Run } from "./context.js";

/**
 * How many are made ahead. Where few are left, several are begun: to wake a thread for one costs more than to sign it.
 * More would be in the way of an RP that is a function in this process.
 */
const AHEAD = 32;
const FEW = 8;

/** A question whose token is there. */
interface Ready {
	question: Question;
	prepared: Prepared;
}

/** Questions in their order, each given once. */
export interface Line {
	readonly length: number;
	/**
	 * The next one, unless it is the one at `end` in the order.
	 * @throws MockError where its token cannot be made for another reason than the profile's job
	 */
	next(end: number): Promise<Ready | undefined>;
}

/** Lines them up, and begins to make their tokens. */
export function mintAhead(questions: readonly Question[], run: Run): Line {
	const made: Promise<{ prepared: Prepared; at: number }>[] = [];
	let taken = 0;
	const begin = () => {
		if (made.length > FEW) return;
		const next = taken + made.length;
		for (const question of questions.slice(next, taken + AHEAD)) {
			const token = prepare(question, run).then((prepared) => ({
				prepared,
				at: performance.now(),
			}));
			token.catch(() => undefined); // thrown where it is awaited
			made.push(token);
		}
	};
	begin();
	return {
		length: questions.length,
		async next(end) {
			const question = questions[taken];
			if (question === undefined || taken >= end) return undefined;
			const first = made.shift();
			taken += 1;
			begin();
			const ready = await first;
			// Where the RP is slow there is time to make it again, and one that is to expire soon has its time before it.
			const isGood =
				ready !== undefined && performance.now() - ready.at < 1000 * MOMENT;
			const prepared = isGood ? ready.prepared : await prepare(question, run);
			return { question, prepared };
		},
	};
}

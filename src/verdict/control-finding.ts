// Findings about the honest token itself: the relying party went down, or does not accept it.
import type { Answer } from "./answer.js";
import { linkTo } from "./finding.js";
import { gainOf } from "./gain.js";
import type { CheckFinding } from "./result.js";

/** The honest token's own id among findings. */
const CONTROL_ID = "control";

/** Whether a finding is about the honest token. */
export const isControl = (id: string): boolean =>
	id === CONTROL_ID || id.startsWith(`${CONTROL_ID}:`);

/** How the reason begins where a signal or a time limit ended the run, and not the relying party. */
export const STOPPED = "The check was stopped";

/** That the honest token was not accepted any more. */
export interface Trouble {
	answer: Answer;
	/** how the program of the relying party ended, and what it printed last; empty where that is not known */
	ending: string;
	/** what made it accept again */
	mended: "restart" | "time";
}

/** The same, and what the relying party was sent before. */
export interface Troubled {
	after: string;
	trouble: Trouble;
}

/**
 * The findings that the relying party no longer accepted the honest token after something that it was sent: one for each
 * time that it went down, and one for all that it refused, which no single token is to blame for.
 */
export function troubleFindings(troubled: readonly Troubled[]): CheckFinding[] {
	const isRefused = ({ trouble }: Troubled) =>
		trouble.answer.outcome === "rejected";
	const [first, ...more] = troubled.filter(isRefused);
	const down = troubled.filter((one) => !isRefused(one)).map(oneFinding);
	if (first === undefined) return down;
	const finding = oneFinding(first);
	if (more.length === 0) return [...down, finding];
	const places = [first, ...more].map(({ after }) => after);
	const shown = places.slice(0, MOST_PLACES).join(", ");
	const others = places.length - MOST_PLACES;
	return [
		...down,
		{
			...finding,
			id: `${CONTROL_ID}:now-and-then`,
			title: `The honest token was refused ${places.length} times, and accepted in between`,
			actual: `after ${shown}${others > 0 ? ` and ${others} more` : ""}; the first time ${finding.actual}`,
		},
	];
}

const MOST_PLACES = 5;

function oneFinding({
	after,
	trouble: { answer, ending, mended },
}: Troubled): CheckFinding {
	const isRefusal = answer.outcome === "rejected";
	const did = isRefusal ? "refused" : answer.outcome;
	return {
		...EMPTY,
		...(isRefusal ? REFUSED : DOWN),
		id: `${CONTROL_ID}:${after}`,
		title: `The honest token was not accepted after ${after}`,
		expected: "accepted, as before",
		actual: [
			`${did}: ${answer.detail}`,
			ending,
			mended === "restart"
				? "it accepted the token again after a restart"
				: "it accepted the token again after a while",
		]
			.filter((part) => part !== "")
			.join("; "),
		remedy: TOO_MANY.test(answer.detail) ? SLOWER : REMEDY,
	};
}

/** An RP that is gone, or hangs. */
const DOWN = {
	kind: "broken",
	why: "A token that an attacker sends must not lock honest jobs out. What a service refuses while it is down proves nothing.",
	gain: "If that token, or that answer of the issuer, caused it, an attacker who sends the same locks every honest job out.",
} as const;

/** One that is there, and says no to what it let in before. */
const REFUSED = {
	kind: "too-strict",
	why: "The same job was accepted before. While a service answers the same token differently each time, its refusals prove nothing: the tokens around this one were sent again.",
	gain: "Honest jobs are refused now and then.",
} as const;

const REMEDY =
	"Read what the service printed last. A token, or an answer of the issuer, that cannot be read must fail that one request, never the process.";

const TOO_MANY = /\b(429|503)\b/;
const SLOWER =
	"The service may have a rate limit: lift it for the check, or send one token at a time with --concurrency 1.";

/** The finding that the run proves nothing, or nothing more from some point on. */
export const unprovenFinding = (reason: string): CheckFinding => ({
	...EMPTY,
	id: CONTROL_ID,
	kind: "unproven",
	title: "The run could not show what the relying party refuses",
	expected: "the honest token is accepted before, between and after all others",
	actual: reason,
	why: "A service that refuses every token refuses the forged ones as well. A refusal shows that a check is made only while the service accepts the honest token.",
	gain: gainOf("unproven", EMPTY),
	remedy: reason.startsWith(STOPPED)
		? "Allow more time with --max-time, or check less with --quick or --only."
		: "See that the relying party runs, trusts this issuer, expects this audience, and accepts the job that the profile describes.",
});

const EMPTY = {
	level: "must",
	impact: "robustness",
	only_if: null,
	fails: true,
	rule: null,
	spec: [],
	seen: [],
	reproduce: null,
	token: null,
	link: linkTo("valid/baseline"),
} satisfies Partial<CheckFinding>;

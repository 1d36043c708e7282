// The relying party refuses the honest token from the start: other tokens, and what the issuer was asked, show why.

import { PATHS } from "../gitlab/discovery.js";
import { literally } from "../regexp-literal.js";
import type { Answer } from "../verdict/answer.js";
import {
	type Asked,
	objectionText,
	type Subject,
	type Trial,
	WRONG_PLACE,
} from "../verdict/objection.js";
import type { Run } from "./context.js";
import { CONTROL, ProvesNothing } from "./control.js";
import type {
	ProvidedRequest,
	ProvidedToken,
	TokenWishes,
} from "./provider.js";

interface Try extends Pick<Trial, "subject" | "what" | "mends"> {
	scenario: string;
	wishes?: TokenWishes;
}

const WIDE = { iat: "now-1d", nbf: "now-1d", exp: "now+1d" };

const tryOf = (subject: Subject, scenario: string, what: string): Try => ({
	subject,
	scenario,
	what,
});

/** Each breaks one thing, or is another that the RP may have been set up for. */
const TRIES: readonly Try[] = [
	tryOf("keys", "signature/flipped-bit", "one whose signature is wrong"),
	tryOf("keys", "key/unknown-kid", "one of a key that nobody publishes"),
	tryOf("issuer", "issuer/trailing-slash", "one whose issuer ends in a slash"),
	tryOf("issuer", "issuer/other-gitlab", "one of another issuer"),
	tryOf(
		"audience",
		"audience/trailing-slash",
		"one whose audience has another slash at its end",
	),
	tryOf("audience", "audience/other-service", "one for another audience"),
	tryOf("time", "time/expired", "one that has expired"),
	{
		subject: "time",
		scenario: CONTROL,
		what: "one that is valid for a day before and after now",
		mends: true,
		wishes: { token: { claims: WIDE } },
	},
	tryOf("policy", "project/other-project", "one of another project"),
	tryOf("policy", "ref/protected-tag", "one of a protected tag"),
	tryOf("policy", "ref/unprotected-branch", "one of an unprotected branch"),
	tryOf("policy", "environment/protected", "one of a protected environment"),
	tryOf("header", "algorithm/alg-none", "one whose alg is none"),
	tryOf("sending", "encoding/header-alone", "what is no token"),
];

/**
 * Sends the first control; where it is refused, says what the RP most likely objects to.
 * @param published settles when the check itself has fetched the keys
 * @throws ProvesNothing where the RP does not accept the honest token
 */
export async function firstControl(
	run: Run,
	published: Promise<unknown>,
): Promise<void> {
	try {
		await run.controls.check();
	} catch (error) {
		if (!(error instanceof ProvesNothing)) throw error;
		await published.catch(() => undefined);
		const objection = await objectionTo(run);
		throw objection === ""
			? error
			: new ProvesNothing(`${error.what}. ${objection}`);
	}
}

/** In sentences; empty where that cannot be seen. */
async function objectionTo(run: Run): Promise<string> {
	const { provider, profile } = run.setup;
	const requests = await provider.requests().catch(() => []);
	const first = await show({ scenario: CONTROL }, run);
	const again = await show({ scenario: CONTROL }, run);
	if (!first || !again || !isAnswer(first.answer)) return "";
	const isSteady = first.said === again.said;
	const trials: Trial[] = [];
	for (const one of TRIES) {
		const shown = await show(one, run);
		if (!shown) continue;
		if (!isAnswer(shown.answer)) break;
		const isAccepted = shown.answer.outcome === "accepted";
		const isSame = shown.said === first.said;
		if (isSteady || isAccepted) trials.push({ ...one, isAccepted, isSame });
	}
	const words = wordsOf(first.said);
	// A server that was there before has been asked by others as well.
	const isOurs = provider.server === undefined;
	return objectionText(
		{
			words,
			trials,
			asked: askedOf(requests, isOurs),
			lost: isOurs ? lostOf(requests) : [],
		},
		{ issuer: provider.issuer, audience: profile.audience },
	);
}

const isAnswer = ({ outcome }: Answer) =>
	outcome === "rejected" || outcome === "broken" || outcome === "accepted";

/** Shows a token; undefined where it cannot be made of this job, or not be sent. */
async function show(
	{ scenario, wishes }: Pick<Try, "scenario" | "wishes">,
	{ setup }: Run,
): Promise<{ answer: Answer; said: string } | undefined> {
	const { provider, party, profile } = setup;
	const { audience } = profile;
	try {
		const made = await provider.mint(scenario, {
			aud: audience,
			...wishes,
		});
		const answer = await party.present({
			token: made.token,
			issuer: provider.issuer,
			audience,
			scenario,
		});
		if (answer.outcome === "unsent") return undefined;
		return { answer, said: saying(answer, made) };
	} catch {
		return undefined; // it is a hint, and no more
	}
}

const SHORTEST = 4; // characters of a value that is looked for

/** An answer without what differs from token to token: the token's own values by their names, numbers as #. */
function saying(
	{ outcome, detail }: Answer,
	{ claims, header }: ProvidedToken,
): string {
	const values = Object.entries({ ...header, ...claims })
		.filter((entry): entry is [string, string] => isTelling(entry[1]))
		.sort(([, a], [, b]) => b.length - a.length);
	let text = detail;
	for (const [name, value] of values) {
		const whole = new RegExp(`(?<!\\w)${literally(value)}(?!\\w)`, "g");
		text = text.replace(whole, `<${name}>`);
	}
	return `${outcome} ${text.replace(/\d+(\.\d+)?/g, "#")}`;
}

const isTelling = (value: unknown): boolean =>
	typeof value === "string" &&
	value.length >= SHORTEST &&
	!/^(true|false)$/.test(value);

/** What it said beside a status, or a status that says that nothing is there. */
const wordsOf = (said: string) => {
	const text = said.replace(/^\w+ /, "");
	return NOTHING_THERE.test(text)
		? text
		: text.replace(/^(# [A-Z][^:]*(: |$)|exit code #(: |$))/, "");
};

const NOTHING_THERE = new RegExp(`^# ${WRONG_PLACE.source}`);

const countAt = (requests: readonly ProvidedRequest[], path: string) =>
	requests.filter((request) => request.path === path).length;

const OWN = 1; // the check itself fetches the keys once

function askedOf(requests: readonly ProvidedRequest[], isOurs: boolean): Asked {
	if (countAt(requests, PATHS.keys) > OWN) return isOurs ? "keys" : undefined;
	if (countAt(requests, PATHS.discovery) > 0)
		return isOurs ? "discovery" : undefined;
	return "nothing";
}

const MOST_LOST = 3;

const lostOf = (requests: readonly ProvidedRequest[]): string[] =>
	[
		...new Set(
			requests
				.filter(
					({ path, status }) => status === 404 && !path.startsWith("/_mock"),
				)
				.map(({ method, path }) => `${method} ${path}`),
		),
	].slice(0, MOST_LOST);

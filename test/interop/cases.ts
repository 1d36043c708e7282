// What every relying party is shown: honest tokens, attacks, and the table in which it says what it does with them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type BuiltInScenario,
	type GitLab,
	type StartOptions,
	startGitLab,
} from "../../src/index.js";

export const AUDIENCE = "https://rp.test";

/** What a relying party did with a token; where it refused one, in its own words. */
export type Answer = "accepted" | { refused: string };

export interface RelyingParty {
	/** Throws where the answer is neither yes nor no. */
	judge(token: string): Promise<Answer>;
}

/** Registers what has to be ended or removed, also where the start fails half way; the last one comes first. */
export type Later = (end: () => Promise<unknown>) => void;

type TokenOf = (gitlab: GitLab) => Promise<string>;

const HONEST = [
	"valid/baseline",
	"valid/aud-list-of-one",
	"valid/unknown-claim-added",
	"valid/gitlab-15.7",
] as const;

const SCENARIOS = [
	"time/expired",
	"time/exp-missing",
	"time/exp-string",
	"time/not-yet-valid",
	"time/iat-in-future",
	"audience/other-service",
	"audience/list-without-ours",
	"audience/missing",
	"issuer/other-gitlab",
	"issuer/trailing-slash",
	"issuer/missing",
	"key/unknown-kid",
	"algorithm/alg-none",
	"algorithm/hs256-public-key",
	"signature/flipped-bit",
	"signature/payload-changed-after-signing",
] as const;

/** Attacks that no scenario of the catalogue is, made of the baseline. */
const MADE = {
	"a critical extension that nobody knows": (gitlab) =>
		gitlab.token("valid/baseline", {
			token: { header: { crit: ["unheard-of"], "unheard-of": true } },
		}),
} as const satisfies Record<string, TokenOf>;

type Honest = (typeof HONEST)[number];
type Attack = (typeof SCENARIOS)[number] | keyof typeof MADE;

const ATTACKS: readonly (readonly [Attack, TokenOf])[] = [
	...SCENARIOS.map((id) => [id, (gitlab: GitLab) => gitlab.token(id)] as const),
	...(Object.entries(MADE) as [keyof typeof MADE, TokenOf][]),
];

/** It accepts what a strict one would not. */
export interface Lax {
	lax: string;
}
/** It neither accepts nor refuses: it breaks, and `judge` throws. */
export interface Broken {
	breaks: RegExp;
	because: string;
}

export const lax = (because: string): Lax => ({ lax: because });
export const breaks = (message: RegExp, because: string): Broken => ({
	breaks: message,
	because,
});

interface Description {
	/** how it is set up: as its own documentation says */
	start(gitlab: GitLab, later: Later): Promise<RelyingParty>;
	gitlab?: StartOptions;
	/** what it does with each attack: the words of its refusal, or why it is lax or breaks */
	attacks: Record<Attack, RegExp | Lax | Broken>;
	/** genuine tokens that it refuses because it was told whom to let in */
	policy?: readonly (readonly [BuiltInScenario, RegExp])[];
	/** the honest tokens that it refuses all the same */
	tooStrict?: Partial<Record<Honest, { refusal: RegExp; because: string }>>;
}

/** Registers the tests of one relying party, each attack with an honest token after it. */
export function relyingParty(name: string, description: Description): void {
	const { attacks, policy = [], tooStrict = {} } = description;
	describe(name, () => {
		let gitlab: GitLab;
		let rp: RelyingParty;
		const judge = (token: string) => rp.judge(token);
		const ends: Parameters<Later>[0][] = [];

		beforeAll(async () => {
			gitlab = await startGitLab({ audience: AUDIENCE, ...description.gitlab });
			ends.push(gitlab.close);
			rp = await description.start(gitlab, (end) => void ends.push(end));
		});
		afterAll(async () => {
			for (const end of ends.reverse()) await end();
		});

		for (const id of HONEST) {
			const refused = tooStrict[id];
			if (refused) {
				test(`refuses ${id}, which it should accept: ${refused.because}`, async () => {
					expect(await judge(await gitlab.token(id))).toEqual({
						refused: expect.stringMatching(refused.refusal),
					});
				});
			} else {
				test(`accepts ${id}`, async () => {
					expect(await judge(await gitlab.token(id))).toBe("accepted");
				});
			}
		}

		for (const [id, refusal] of policy) {
			test(`refuses ${id}, as its policy says`, async () => {
				expect(await judge(await gitlab.token(id))).toEqual({
					refused: expect.stringMatching(refusal),
				});
			});
		}

		for (const [attack, tokenOf] of ATTACKS) {
			const outcome = attacks[attack];
			if (outcome instanceof RegExp) {
				test(`refuses ${attack}`, async () => {
					expect(await judge(await tokenOf(gitlab))).toEqual({
						refused: expect.stringMatching(outcome),
					});
					expect(await judge(await gitlab.token())).toBe("accepted");
				});
			} else if ("lax" in outcome) {
				test(`accepts ${attack}, as a strict one would not: ${outcome.lax}`, async () => {
					expect(await judge(await tokenOf(gitlab))).toBe("accepted");
				});
			} else {
				test(`breaks on ${attack}: ${outcome.because}`, async () => {
					await expect(judge(await tokenOf(gitlab))).rejects.toThrow(
						outcome.breaks,
					);
					expect(await judge(await gitlab.token())).toBe("accepted");
				});
			}
		}
	});
}

/** The answer of a library that throws `Refusal` for a token that it refuses; anything else it throws is passed on. */
export async function answerOf(
	verification: () => Promise<unknown>,
	Refusal: abstract new (...args: never[]) => Error,
): Promise<Answer> {
	try {
		await verification();
		return "accepted";
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return { refused: wholeMessage(error) };
	}
}

/** The message with those of its causes: the outer one often says only that something was wrong. */
function wholeMessage(error: Error): string {
	const { cause, originalError } = error as { originalError?: unknown } & Error;
	const inner = cause ?? originalError;
	return inner instanceof Error
		? `${error.message}: ${wholeMessage(inner)}`
		: error.message;
}

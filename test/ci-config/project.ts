// A pipeline file of a test: its jobs planned, and their tokens issued and verified, where the clock stands still.
import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import { frozenClock } from "../../src/clock.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import type { Mint } from "../../src/scenario/mint.js";
import {
	type CopyTexts,
	givenCopies,
	givenFiles,
} from "../../src/server/pipeline/given-files.js";
import {
	type IssuedJobs,
	issueJobTokens,
} from "../../src/server/pipeline/issue.js";
import type { SituationText } from "../../src/server/pipeline/situation.js";
import { generateKeySet, publicKeys } from "../../src/token/keys.js";

export const NOW = 1_800_000_000;

const mint: Mint = {
	catalogue: await loadCatalogue([BUILT_IN]),
	keys: await generateKeySet(),
	clock: frozenClock(NOW),
	issuer: "https://gitlab.test",
	version: "19.1",
	plan: "ultimate",
	audience: "https://rp.example.com",
};

/** What a test says of a pipeline, besides its text. */
export interface Around {
	path?: string;
	includes?: Record<string, string>;
	copies?: CopyTexts;
	situation?: SituationText;
	/** the paths of the project's other files; default: nobody knows them */
	paths?: string[];
	version?: string;
}

/** The jobs of a pipeline, or one with its tokens. */
export const jobsOf = (
	text: string,
	{
		path = ".gitlab-ci.yml",
		includes = {},
		paths,
		copies = {},
		situation = {},
		version = mint.version,
	}: Around = {},
	job?: string,
): Promise<IssuedJobs> =>
	issueJobTokens(
		{ ...mint, version },
		{
			path,
			text,
			files: givenFiles(includes, paths),
			copies: givenCopies(copies),
		},
		job,
		situation,
	);

/** The audiences of every job's ID tokens. */
export async function audiences(
	text: string,
	around?: Around,
): Promise<Record<string, Record<string, string | string[]>>> {
	const { jobs } = await jobsOf(text, around);
	return Object.fromEntries(
		jobs.map(({ name, id_tokens }) => [
			name,
			Object.fromEntries(
				Object.entries(id_tokens).map(([token, { aud }]) => [token, aud]),
			),
		]),
	);
}

/** What a token says, once jose has verified it for its own audience. */
export async function claimsOf(token: string): Promise<JWTPayload> {
	const { payload } = await jwtVerify(
		token,
		createLocalJWKSet(publicKeys(mint.keys)),
		{
			issuer: mint.issuer,
			algorithms: ["RS256"],
			currentDate: new Date(NOW * 1000),
		},
	);
	return payload;
}

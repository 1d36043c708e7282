// Which GitLab a token looks like: the versions whose claims for the same job differ the least.

import { type Claims, claimsOf } from "./claims.js";
import { type ClaimDifference, compareClaims } from "./compare-claims.js";
import { arrivals } from "./history.js";
import type { Job } from "./job.js";
import { atLeast, OLDEST_VERSION } from "./version.js";

/** The first versions of what a token can tell, oldest first. */
export const TELLING_VERSIONS: readonly string[] = [
	OLDEST_VERSION,
	...new Set(Object.values(arrivals).map(({ since }) => since)),
].sort((a, b) => (a === b ? 0 : atLeast(a, b) ? 1 : -1));

/** A guess, and what speaks against it. */
export interface VersionGuess {
	/** the newest that fits best */
	version: string;
	/** the oldest that fits as well */
	since: string;
	/** what it says otherwise */
	differences: ClaimDifference[];
}

/** The version that a token looks like. */
export function guessVersion(token: Claims, job: Job): VersionGuess {
	const guesses = TELLING_VERSIONS.flatMap((version) => {
		const made = madeBy(version, token, job);
		return made ? [{ version, differences: compareClaims(token, made) }] : [];
	});
	const least = Math.min(...guesses.map(weightOf));
	const best = guesses.filter((guess) => weightOf(guess) === least);
	const [first] = best;
	const last = best.at(-1);
	if (!first || !last) throw new Error("every job has a token in some version");
	return { ...last, since: first.version };
}

/** What a GitLab of that version says of the job; undefined where it has no such job. */
function madeBy(version: string, token: Claims, job: Job): Claims | undefined {
	try {
		return claimsOf(job, {
			version,
			plan: "ultimate",
			issuer: String(token.iss),
			audience: token.aud as string | string[],
			issuedAt: Number(token.iat),
			jti: String(token.jti),
		});
	} catch {
		return undefined; // its project's setting for sub came later
	}
}

/** Claims may have been cut from a token that somebody shows; their order tells the version. */
const OF_ORDER = 10;

const weightOf = ({ differences }: Pick<VersionGuess, "differences">): number =>
	differences.reduce(
		(sum, { claim }) => sum + (claim === "order" ? OF_ORDER : 1),
		0,
	);

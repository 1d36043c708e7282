// Two results of one relying party: what is new, what is gone, and what only one of the two runs can speak of.
import { z } from "zod";
import { seenBy } from "./every-project.js";
import { wasAsked } from "./result.js";

const entries = z.array(z.looseObject({ id: z.string(), outcome: z.string() }));

/** What is read of an earlier result: reports of earlier versions have it, too. */
export const earlierSchema = z.looseObject({
	version: z.literal(1),
	started: z.string(),
	causes: z.array(
		z.looseObject({
			id: z.string(),
			sentence: z.string(),
			findings: z.array(z.string()),
		}),
	),
	findings: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
	scenarios: entries,
	probes: entries,
});
/** A result, as far as it is compared. */
export type Compared = z.infer<typeof earlierSchema>;

/** What two results have not in common. */
export interface Comparison {
	/** mistakes, in a sentence each */
	causes: { fresh: string[]; gone: string[] };
	/** scenarios and probes: asked both times, and a finding once */
	findings: { fresh: string[]; gone: string[] };
	/** findings of one run that the other did not ask for: neither new nor gone */
	unknown: { before: string[]; after: string[] };
}

/** What changed between two runs. What was found is gone only where it was asked again. */
export function compareResults(before: Compared, after: Compared): Comparison {
	const found = { before: kindsOf(before), after: kindsOf(after) };
	// What is let in now and crashed before, or the other way round, is new as well.
	const fresh = [...found.after]
		.filter(([id, kind]) => found.before.get(id) !== kind)
		.map(([id]) => id);
	const gone = [...found.before.keys()].filter((id) => !found.after.has(id));
	const askedBefore = askedIn(before, after);
	const askedNow = askedIn(after, before);
	const isFresh = (id: string) => fresh.includes(id) && askedBefore(id);
	const sentences = (
		{ causes }: Compared,
		other: Compared,
		tells: (ids: readonly string[]) => boolean,
	) =>
		causes
			.filter(({ id }) => !other.causes.some((one) => one.id === id))
			.filter(({ findings }) => tells(findings))
			.map(({ sentence }) => sentence);
	return {
		causes: {
			fresh: sentences(after, before, (ids) => ids.some(isFresh)),
			gone: sentences(
				before,
				after,
				(ids) => ids.every(askedNow) && ids.some((id) => gone.includes(id)),
			),
		},
		findings: {
			fresh: fresh.filter(askedBefore),
			gone: gone.filter(askedNow),
		},
		unknown: {
			before: fresh.filter((id) => !askedBefore(id)),
			after: gone.filter((id) => !askedNow(id)),
		},
	};
}

const QUIET: ReadonlySet<string> = new Set(["note", "service", "stale"]);

const kindsOf = ({ findings }: Compared): ReadonlyMap<string, string> =>
	new Map(
		findings
			.filter(({ kind }) => !QUIET.has(kind))
			.map(({ id, kind }) => [id, kind]),
	);

/**
 * Whether a run looked at what a finding is about.
 * @param other the run that may have the finding
 */
function askedIn(run: Compared, other: Compared): (id: string) => boolean {
	const asked = new Set(
		entriesOf(run)
			.filter(({ outcome }) => wasAsked(outcome))
			.map(({ id }) => id),
	);
	const ids = new Set(
		[...entriesOf(run), ...entriesOf(other)].map(({ id }) => id),
	);
	return (id) => {
		const seen = seenBy(id);
		// What belongs to no scenario, as the honest token, was looked at in each run that asked anything.
		return seen !== id || ids.has(id) ? asked.has(seen) : asked.size > 0;
	};
}

const entriesOf = ({ scenarios, probes }: Compared) => [
	...scenarios,
	...probes,
];

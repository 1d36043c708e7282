// Two results of one relying party: what is new, what is gone, and what only one of the two runs can speak of.
import { z } from "zod";
import { UNASKED } from "./result.js";

const entries = z.array(z.looseObject({ id: z.string(), outcome: z.string() }));

/** What is read of an earlier result: reports of earlier versions have it, too. */
export const earlierSchema = z.looseObject({
	version: z.literal(1),
	started: z.string(),
	causes: z.array(z.looseObject({ id: z.string(), sentence: z.string() })),
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

/** What changed between two runs. A finding is gone only where it was asked again. */
export function compareResults(before: Compared, after: Compared): Comparison {
	const found = { before: idsOf(before), after: idsOf(after) };
	const asked = { before: askedIn(before), after: askedIn(after) };
	const fresh = [...found.after].filter((id) => !found.before.has(id));
	const gone = [...found.before].filter((id) => !found.after.has(id));
	const sentences = ({ causes }: Compared, other: Compared) =>
		causes
			.filter(({ id }) => !other.causes.some((one) => one.id === id))
			.map(({ sentence }) => sentence);
	const isKnown = (
		which: ReadonlySet<string>,
		id: string,
		{ scenarios, probes }: Compared,
	) =>
		which.has(id) ||
		// What belongs to no scenario, as the honest token, was looked at each time.
		![...scenarios, ...probes].some((entry) => entry.id === id);
	return {
		causes: {
			fresh: sentences(after, before),
			gone: sentences(before, after),
		},
		findings: {
			fresh: fresh.filter((id) => isKnown(asked.before, id, after)),
			gone: gone.filter((id) => isKnown(asked.after, id, before)),
		},
		unknown: {
			before: fresh.filter((id) => !isKnown(asked.before, id, after)),
			after: gone.filter((id) => !isKnown(asked.after, id, before)),
		},
	};
}

const QUIET: ReadonlySet<string> = new Set(["note", "service", "stale"]);

const idsOf = ({ findings }: Compared): ReadonlySet<string> =>
	new Set(findings.filter(({ kind }) => !QUIET.has(kind)).map(({ id }) => id));

const askedIn = ({ scenarios, probes }: Compared): ReadonlySet<string> =>
	new Set(
		[...scenarios, ...probes]
			.filter(({ outcome }) => !UNASKED.some((one) => one === outcome))
			.map(({ id }) => id),
	);

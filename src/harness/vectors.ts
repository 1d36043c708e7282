// The library's test vectors: the catalogue and a file of keys are read, and what was asked for is made of them.
import { PROBES } from "../check/probe/probes.js";
import { MockError } from "../errors.js";
import { parseIssuer } from "../gitlab/issuer.js";
import { ownUrl } from "../gitlab/own-url.js";
import type { Plan } from "../gitlab/plan.js";
import { parseVersion } from "../gitlab/version.js";
import { refuseUnknown } from "../option-names.js";
import { DEFAULT_AUDIENCE } from "../scenario/audience.js";
import { BUILT_IN, loadCatalogue } from "../scenario/catalogue.js";
import { DEFAULT_SCENARIO } from "../scenario/mint.js";
import { problemLine } from "../scenario/problem.js";
import type { JobDifferences } from "../scenario/schema.js";
import { levelOf, type Weighed } from "../scenario/severity.js";
import { createVectors } from "../scenario/vectors/make.js";
import type { Vectors } from "../scenario/vectors/schema.js";
import { withDerivedKeys } from "../token/derived-keys.js";
import { readKeyFile } from "../token/key-file.js";
import { generateKeySet } from "../token/keys.js";
import {
	checkSelection,
	type Selection,
	skippedBy,
} from "../verdict/applicable.js";

/** What vectors are made of. */
export interface VectorsOptions extends Omit<Selection, "quick"> {
	/**
	 * the time at which they are made and to be judged: seconds since the epoch, or a text such as
	 * `2030-01-01T00:00:00Z` (the default)
	 */
	now?: number | string | Date | undefined;
	/** file with the two private keys of an instance, of which the attacker's follow; default new ones each time */
	keys?: string | undefined;
	/** `iss`; default https://gitlab.example.com */
	issuer?: string | undefined;
	/** the instance's own URL, where `issuer` is another one; default the issuer */
	gitlabUrl?: string | undefined;
	/** `aud`; default https://rp.example.com */
	audience?: string | undefined;
	/** `latest` (the default) or `major.minor` */
	gitlabVersion?: string | undefined;
	/** GitLab's subscription; default ultimate */
	plan?: Plan | undefined;
	/** how the baseline job of the scenarios differs from the built-in one */
	baseline?: JobDifferences | undefined;
	/** folders of scenarios of one's own; the last one wins */
	scenarios?: readonly string[] | undefined;
	/** include tokens of more than 64 KiB; default false */
	large?: boolean | undefined;
}

/** The names of all of them. */
const VECTORS_OPTIONS: Readonly<Record<keyof VectorsOptions, true>> = {
	now: true,
	keys: true,
	issuer: true,
	gitlabUrl: true,
	audience: true,
	gitlabVersion: true,
	plan: true,
	baseline: true,
	scenarios: true,
	large: true,
	only: true,
	skip: true,
	level: true,
};

const DEFAULT_ISSUER = "https://gitlab.example.com";
const DEFAULT_NOW = "2030-01-01T00:00:00Z";

/**
 * Makes every scenario's token at a fixed time, with what a verifier needs to judge them without a server. The same
 * options and keys give the same document, but for signatures that are random by nature, which are marked.
 * @throws MockError `invalid_option`, also where all that was asked for is left out; `invalid_scenario` where a file of
 *   yours is wrong; `invalid_keys` or `file` where the keys cannot be read; `file` where a folder cannot
 * @example
 * const { jwks, verifier, vectors: tokens } = await vectors({ now: "2030-01-01T00:00:00Z", keys: "keys.json" })
 */
export async function vectors(options: VectorsOptions = {}): Promise<Vectors> {
	refuseUnknown(options, VECTORS_OPTIONS, "vectors");
	const version = parseVersion(options.gitlabVersion ?? "latest");
	const situation = {
		issuer: parseIssuer(options.issuer ?? DEFAULT_ISSUER),
		url: ownUrl(options, version),
		audience: options.audience ?? DEFAULT_AUDIENCE,
		version,
		plan: options.plan ?? ("ultimate" as const),
		now: secondsOf(options.now ?? DEFAULT_NOW),
		baseline: options.baseline,
	};
	const catalogue = await loadCatalogue([
		BUILT_IN,
		...(options.scenarios ?? []),
	]);
	const problems = catalogue.problems();
	if (problems.length > 0) {
		// A document that lacks what was meant to be in it would pass for a whole one.
		throw new MockError(
			"invalid_scenario",
			problems.map(problemLine).join("\n"),
		);
	}
	const chosen = chooser(options, [...catalogue.all(), ...PROBES]);
	const made = await createVectors({
		situation,
		keys:
			options.keys === undefined
				? await generateKeySet()
				: withDerivedKeys(await readKeyFile(options.keys)),
		scenarios: catalogue.all().filter(chosen),
		baseline: catalogue.find(DEFAULT_SCENARIO),
		large: options.large,
		leftOut: PROBES.filter(chosen).map(({ id }) => ({
			id,
			reason: "a probe: it watches a relying party over time",
		})),
	});
	const [first] = made.left_out;
	if (made.vectors.length === 0 && first) {
		throw new MockError(
			"invalid_option",
			`there is no vector: ${made.left_out.length} left out, such as ${first.id}: ${first.reason}`,
		);
	}
	return made;
}

type Named = { id: string } & Pick<Weighed, "level">;

/** Tells which of `all` were asked for. */
function chooser(
	{ only, skip, level }: Selection,
	all: readonly Named[],
): (one: Named) => boolean {
	const selection = { only, skip, level };
	checkSelection(
		selection,
		all.map(({ id }) => id),
	);
	return (one) =>
		skippedBy({ id: one.id, level: levelOf(one), waits: false }, selection) ===
		undefined;
}

const LATEST = 253_402_300_799; // the last second of the year 9999

/** A time in whole seconds since the epoch. */
function secondsOf(time: number | string | Date): number {
	const seconds =
		typeof time === "number" || /^\d+$/.test(String(time))
			? Number(time)
			: ISO.test(String(time)) || time instanceof Date
				? new Date(time).getTime() / 1000
				: Number.NaN;
	if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LATEST)
		return seconds;
	throw new MockError(
		"invalid_option",
		`now: expected a time in whole seconds, such as 2030-01-01T00:00:00Z or 1893456000, not "${String(time).slice(0, 40)}"`,
	);
}

/** With its zone: without one, each machine would read another time. */
const ISO =
	/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.0+)?)?(Z|[+-]\d{2}:\d{2})$/;

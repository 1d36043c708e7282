// Failures that the owner knows of, and today's findings as such, so that only what is new fails from now on.
import { isControl } from "./control-finding.js";
import type { CheckFinding, CheckResult } from "./result.js";

/** A failure that the owner knows of. */
export interface KnownFailure {
	/** scenario or probe */
	id: string;
	because: string;
	/** the worst that is tolerated; default dangerous. That there is no answer is tolerated only with `broken`. */
	kind?: "dangerous" | "broken" | "too-strict" | undefined;
}

/** What becomes of a list of known failures. */
export interface KnownUpdate {
	/** known from today; one of the same id gives way */
	add: KnownFailure[];
	/** ids that pass now */
	drop: string[];
	/** what fails and is never a known failure: crashes, hangs, and what befalls the honest token */
	left: string[];
}

/**
 * Today's findings as known failures, with their causes.
 * @param day such as `2026-11-24`
 * @returns a text where the run cannot say what is known, and why
 */
export function knownFrom(
	{ causes, findings, reason, conclusion }: CheckResult,
	day: string,
): KnownUpdate | string {
	if (conclusion === "proves-nothing" || reason !== null)
		return `the run proves nothing, or could not go on: ${reason ?? "the reason is not known"}`;
	const causeOf = (id: string) =>
		causes.find((cause) => cause.findings.includes(id))?.sentence;
	const failing = findings.filter(({ fails }) => fails);
	return {
		add: failing.filter(canBeKnown).map(({ id, kind, title }) => ({
			id,
			because: `known since ${day}: ${causeOf(id) ?? title}`,
			...(kind === "too-strict" && { kind }),
		})),
		drop: failing.flatMap(({ id, kind }) => (kind === "stale" ? [id] : [])),
		left: failing
			.filter((finding) => !canBeKnown(finding) && finding.kind !== "stale")
			.map(({ id }) => id),
	};
}

const canBeKnown = ({ id, kind }: CheckFinding): boolean =>
	(kind === "dangerous" || kind === "too-strict") && !isControl(id);

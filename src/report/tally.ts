// The numbers of a result, counted in one place: what every report says in figures, it says from here.
import type { Cause, CheckFinding, CheckResult } from "../verdict/result.js";
import { countAll, countFamilies } from "./summary.js";

/** What a result has of each. */
export interface Tally {
	/** causes that fail the run */
	causes: number;
	/** causes that do not */
	mildCauses: number;
	/** findings that fail the run */
	failing: number;
	/** findings that do not */
	mild: number;
	/** scenarios and probes that were put to the relying party */
	checked: number;
	/** of these, as they should be */
	right: number;
	/** scenarios and probes that were not */
	unasked: number;
}

export function tallyOf(result: CheckResult): Tally {
	const { causes, findings } = result;
	const all = countAll(countFamilies(result));
	const failing = failingOf(findings).length;
	const failingCauses = failingOf(causes).length;
	return {
		causes: failingCauses,
		mildCauses: causes.length - failingCauses,
		failing,
		mild: findings.length - failing,
		checked: all.made,
		right: all.right,
		unasked: all.unasked,
	};
}

/** What fails the run. */
export const failingOf = <Entry extends { fails: boolean }>(
	entries: readonly Entry[],
): Entry[] => entries.filter(({ fails }) => fails);

/** The findings that a cause explains, in its order. */
export const findingsOf = (
	cause: Cause,
	{ findings }: CheckResult,
): CheckFinding[] =>
	cause.findings.flatMap((id) => findings.find((one) => one.id === id) ?? []);

/** The findings that no cause explains: what nobody has to mend. */
export function unexplained({ causes, findings }: CheckResult): CheckFinding[] {
	const explained = new Set(causes.flatMap((cause) => cause.findings));
	return findings.filter(({ id }) => !explained.has(id));
}

// What several reports count and group: families, findings in order, what was not asked.
import { IMPACTS, LEVELS } from "../scenario/severity.js";
import { KINDS } from "../verdict/kinds.js";
import {
	type CheckFinding,
	type CheckResult,
	UNASKED,
	type Unasked as UnaskedOutcome,
	wasAsked,
} from "../verdict/result.js";

/** How the scenarios of one family went. */
export interface FamilyCount {
	family: string;
	/** what was put to the relying party */
	made: number;
	right: number;
	wrong: number;
	/** wrong, and listed as a known failure */
	known: number;
	/** not applicable, or skipped */
	unasked: number;
}

/** The first folder of an id. */
export const familyOf = (id: string): string => id.split("/", 1)[0] || id;

/** How a scenario or a probe went. */
export function standingOf(
	entry: CheckResult["scenarios"][number] | CheckResult["probes"][number],
): Exclude<keyof FamilyCount, "family" | "made"> {
	const { outcome } = entry;
	if (!wasAsked(outcome)) return "unasked";
	const passed = "passed" in entry ? entry.passed : outcome !== "failed";
	if (passed) return "right";
	return entry.known ? "known" : "wrong";
}

/** Each family once, in the order of the result; the probes are one. */
export function countFamilies(result: CheckResult): FamilyCount[] {
	const families = new Map<string, FamilyCount>();
	for (const entry of [...result.scenarios, ...result.probes]) {
		const family = familyOf(entry.id);
		const row = families.get(family) ?? emptyCount(family);
		const standing = standingOf(entry);
		row[standing]++;
		if (standing !== "unasked") row.made++;
		families.set(family, row);
	}
	return [...families.values()];
}

/** The sum of the rows. */
export function countAll(rows: readonly FamilyCount[]): FamilyCount {
	const sum = emptyCount("all");
	for (const row of rows) {
		sum.made += row.made;
		sum.right += row.right;
		sum.wrong += row.wrong;
		sum.known += row.known;
		sum.unasked += row.unasked;
	}
	return sum;
}

const emptyCount = (family: string): FamilyCount => ({
	family,
	made: 0,
	right: 0,
	wrong: 0,
	known: 0,
	unasked: 0,
});

/** Worst first: by kind, then by level and impact; otherwise in the order of the result. */
export function sortFindings(
	findings: readonly CheckFinding[],
): CheckFinding[] {
	return [...findings].sort(
		(a, b) =>
			KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
			LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
			IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact),
	);
}

const isUnasked = (outcome: string): outcome is UnaskedOutcome =>
	UNASKED.some((one) => one === outcome);

/** What was not asked for one reason. */
export interface Unasked {
	outcome: UnaskedOutcome;
	reason: string;
	ids: string[];
}

/** What was not asked, by reason, the most frequent reason first. */
export function groupUnasked(result: CheckResult): Unasked[] {
	const groups = new Map<string, Unasked>();
	for (const { id, outcome, detail } of [
		...result.scenarios,
		...result.probes,
	]) {
		if (!isUnasked(outcome)) continue;
		const key = `${outcome} ${detail}`;
		const reason = detail || "no reason is given";
		const group = groups.get(key) ?? { outcome, reason, ids: [] };
		group.ids.push(id);
		groups.set(key, group);
	}
	return [...groups.values()].sort((a, b) => b.ids.length - a.ids.length);
}

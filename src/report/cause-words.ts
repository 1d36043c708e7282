// A cause in the words that every report has for it.
import type { Cause, CheckFinding, CheckResult } from "../verdict/result.js";
import { failingOf, findingsOf, tallyOf } from "./tally.js";
import { count, KIND_WORDS } from "./words.js";

/** A cause, to be laid out. */
export interface CauseWords {
	/** such as `Dangerous, forgery` */
	severity: string;
	/** such as `6 findings` */
	often: string;
	/** its worst finding's title and id */
	example: string;
	/** what makes that one's token again */
	again: string | null;
	/** label and text of what is to be told beside its sentence; nothing is empty */
	parts: [label: string, text: string][];
}

/** How many findings it explains, and how many of them fail the run where those are fewer. */
function oftenOf({ fails, findings }: Cause, found: readonly CheckFinding[]) {
	const failing = failingOf(found).length;
	const all = count(findings.length, "finding");
	return fails && failing < findings.length
		? `${all}, of which ${failing} fail the run`
		: all;
}

/** The heading of the causes. */
export function causesTitle(result: CheckResult): string {
	const { causes, failing } = tallyOf(result);
	return causes === 0
		? "No cause fails this run"
		: `What is wrong: ${count(causes, "cause")}, shown by ${count(failing, "finding")}`;
}

export function causeWords(cause: Cause, result: CheckResult): CauseWords {
	const { kind, impact, fails, attack, remedy, code = "" } = cause;
	const found = findingsOf(cause, result);
	const worst = found.find(({ id }) => id === cause.example);
	const label = KIND_WORDS[kind].label;
	// These two are about the run, which costs nobody anything.
	const weighed =
		kind === "stale" || kind === "unproven" ? label : `${label}, ${impact}`;
	const example = worst ? `${worst.title} (${worst.id})` : cause.example;
	const parts: [string, string][] = [
		["Attack", attack],
		["To do", remedy],
		["Write", code],
		["Worst example", example],
	];
	return {
		severity: fails ? weighed : `${weighed}, does not fail the run`,
		often: oftenOf(cause, found),
		example,
		again: worst?.reproduce ?? null,
		parts: parts.filter(([, text]) => text !== ""),
	};
}

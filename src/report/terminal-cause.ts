// The causes for a terminal: what is wrong in the relying party, what it is worth to an attacker, what to change.
import type { Cause, CheckResult } from "../verdict/result.js";
import { wasAsked } from "../verdict/result.js";
import { causesTitle, causeWords } from "./cause-words.js";
import type { Paint } from "./options.js";
import { failingOf, tallyOf } from "./tally.js";
import { KIND_STYLE } from "./terminal-finding.js";
import { count, kindLabel, spanWords } from "./words.js";
import { hanging, hangingLines, wrap, wrapCommand } from "./wrap.js";

const INDENT = " ".repeat(4);
const LABEL = 7;
/** So many causes that do not fail the run are named, unless all are asked for. */
const MILD = 4;

/** How causes are laid out. */
export interface CauseLayout {
	width: number;
	paint: Paint;
	/** lines that there are for those that fail the run; the last ones get a line each where they are too many */
	room?: number | undefined;
}

/** The causes that fail the run, the worst first, in a few lines each. */
export function causeLines(
	result: CheckResult,
	{ width, paint, room = Number.POSITIVE_INFINITY }: CauseLayout,
): string[][] {
	const failing = failingOf(result.causes);
	if (failing.length === 0) return [];
	const whole = failing.map((cause, index) =>
		wholeCause(cause, index + 1, result, width, paint),
	);
	const brief = failing.map((cause, index) =>
		hanging(markOf(index + 1), `${cause.sentence} (${cause.impact})`, width),
	);
	// With a free line before each that is whole, and before those that are brief.
	const taken = (full: number) =>
		whole.slice(0, full).reduce((sum, lines) => sum + lines.length + 1, 0) +
		(full < failing.length ? 1 : 0) +
		brief.slice(full).reduce((sum, lines) => sum + lines.length, 0);
	let full = failing.length;
	while (full > 0 && taken(full) > room) full -= 1;
	return [
		[paint("bold", causesTitle(result))],
		...whole.slice(0, full),
		brief.slice(full).flat(),
		againLines(failing, result, width),
	].filter((lines) => lines.length > 0);
}

const oftenWords = ({ findings }: Cause) =>
	findings.length === 1 ? "" : ` (${count(findings.length, "finding")})`;

const markOf = (number: number) => `${String(number).padStart(2)}. `;

function wholeCause(
	cause: Cause,
	number: number,
	result: CheckResult,
	width: number,
	paint: Paint,
): string[] {
	const { id, kind, sentence, attack, remedy, code, example, findings } = cause;
	const { severity, often } = causeWords(cause, result);
	// A finding that stands alone is its own example.
	const shown =
		id === example
			? id
			: findings.length === 1
				? example
				: `${often}, such as ${example}`;
	const part = (name: string, text: string) =>
		hanging(`${INDENT}${name.padEnd(LABEL)}`, text, width);
	return [
		...hanging(markOf(number), sentence, width).map((line) =>
			paint("bold", line),
		),
		...hanging(INDENT, `${severity}: ${shown}`, width).map((line) =>
			paint(KIND_STYLE[kind], line),
		),
		...part("means", attack),
		...part("do", remedy),
		...(code === undefined ? [] : part("write", code)),
	];
}

/** How the worst token is made again; the others differ by their ids. */
function againLines(
	causes: readonly Cause[],
	result: CheckResult,
	width: number,
): string[] {
	const again = causes
		.map((cause) => causeWords(cause, result).again)
		.find((command) => command !== null);
	const head = "Again: ";
	return again === undefined || again === null
		? []
		: hangingLines(head, wrapCommand(again, width - head.length));
}

/** What is wrong, and fails nothing, in a line each. */
export function mildLines(
	result: CheckResult,
	{ width, paint }: CauseLayout,
	most = MILD,
): string[] {
	const mild = result.causes.filter(({ fails }) => !fails);
	if (mild.length === 0) return [];
	const more = mild.length - most;
	return [
		paint("bold", "What does not fail this run"),
		...mild
			.slice(0, most)
			.flatMap((cause) =>
				hanging("  - ", `${cause.sentence}${oftenWords(cause)}`, width),
			),
		...(more > 0 ? [`  - and ${more} more`] : []),
	];
}

/** What the service lets in whatever its user configures, in one line. */
export function serviceLines(result: CheckResult, width: number): string[] {
	const ways = result.findings.filter(({ kind }) => kind === "service");
	return ways.length === 0
		? []
		: wrap(
				`${kindLabel("service", result)}: ${count(ways.length, "finding")} that its user cannot change by configuration, and that do not fail the run.`,
				width,
			);
}

/** What was tried, and held. */
export function heldLines(result: CheckResult, width: number): string[] {
	const { checked, right } = tallyOf(result);
	const { sent, accepted } = result.controls;
	const held = result.scenarios.filter(
		({ outcome, passed }) => wasAsked(outcome) && passed,
	);
	const number = (outcome: string) =>
		held.filter((scenario) => scenario.outcome === outcome).length;
	return wrap(
		`Passed: ${right} of ${count(checked, "check")}. ${count(number("rejected"), "token")} refused and ${number("accepted")} accepted, as expected; the honest token accepted ${accepted} of ${count(sent, "time")}; ${spanWords(result.duration)} in all. For every finding in full: --details.`,
		width,
	);
}

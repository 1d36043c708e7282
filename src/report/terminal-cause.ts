// The causes for a terminal: what is wrong in the relying party, what it is worth to an attacker, what to change.
import type { Cause, CheckResult } from "../verdict/result.js";
import { wasAsked } from "../verdict/result.js";
import type { Paint } from "./options.js";
import { KIND_STYLE } from "./terminal-finding.js";
import { count, KIND_WORDS } from "./words.js";
import { hanging, hangingLines, wrap, wrapCommand } from "./wrap.js";

const INDENT = " ".repeat(4);
const LABEL = 9;

/** The causes that fail the run in a few lines each, the others in one each. */
export function causeLines(
	result: CheckResult,
	width: number,
	paint: Paint,
): string[][] {
	const { causes } = result;
	if (causes.length === 0) return [];
	const failing = causes.filter(({ fails }) => fails);
	const others = causes.filter(({ fails }) => !fails);
	const title = `What is wrong: ${count(failing.length, "cause")} of ${count(explained(failing), "finding")} that fail this run`;
	return [
		failing.length === 0 ? [] : [paint("bold", title)],
		...failing.map((cause, index) =>
			wholeCause(cause, index + 1, result, width, paint),
		),
		others.length === 0
			? []
			: [
					paint("bold", "What does not fail this run"),
					...others.flatMap((cause) =>
						hanging("  - ", `${cause.sentence}${oftenWords(cause)}`, width),
					),
				],
	].filter((lines) => lines.length > 0);
}

const explained = (causes: readonly Cause[]) =>
	causes.reduce((sum, { findings }) => sum + findings.length, 0);

const oftenWords = ({ findings }: Cause) =>
	findings.length === 1 ? "" : ` (${count(findings.length, "finding")})`;

function wholeCause(
	cause: Cause,
	number: number,
	result: CheckResult,
	width: number,
	paint: Paint,
): string[] {
	const { kind, impact, sentence, attack, remedy, code, example } = cause;
	const mark = `${String(number).padStart(2)}. `;
	const label = (name: string) => `${INDENT}${name.padEnd(LABEL)}`;
	const severity = `${KIND_WORDS[kind].label}, ${impact}${oftenWords(cause)}`;
	const finding = result.findings.find(({ id }) => id === example);
	return [
		...hanging(mark, sentence, width).map((line) => paint("bold", line)),
		...hanging(label(""), severity, width).map((line) =>
			paint(KIND_STYLE[kind], line),
		),
		...hanging(label("means"), attack, width),
		...(remedy === "" ? [] : hanging(label("do"), remedy, width)),
		...(code === undefined ? [] : hanging(label("write"), code, width)),
		...hanging(label("such as"), `${example}: ${finding?.title ?? ""}`, width),
		...(finding?.reproduce
			? hangingLines(
					label("again"),
					wrapCommand(finding.reproduce, width - label("").length),
				)
			: []),
	];
}

/** What the service lets in whatever its user configures, in one line. */
export function serviceLines(result: CheckResult, width: number): string[] {
	const ways = result.findings.filter(({ kind }) => kind === "service");
	return ways.length === 0
		? []
		: wrap(
				`Expected of ${result.service ?? "this service"}: ${count(ways.length, "finding")} that nobody who configures it can change, and that fail nothing.`,
				width,
			);
}

/** What was tried, and held. */
export function heldLines(result: CheckResult, width: number): string[] {
	const asked = result.scenarios.filter(({ outcome }) => wasAsked(outcome));
	const right = asked.filter(({ passed }) => passed);
	const refused = right.filter(({ outcome }) => outcome === "rejected").length;
	const accepted = right.filter(({ outcome }) => outcome === "accepted").length;
	const probes = result.probes.filter(({ outcome }) => outcome === "passed");
	return wrap(
		`Held: ${count(refused, "token")} refused and ${count(accepted, "token")} accepted as they should be, of ${asked.length}${probes.length > 0 ? `; ${count(probes.length, "probe")} passed` : ""}. Everything, finding by finding: --details.`,
		width,
	);
}

// The report for a terminal: what is wrong, worst first; then how much was looked at; then the verdict.
import { KINDS } from "../verdict/kinds.js";
import type { CheckFinding, CheckResult } from "../verdict/result.js";
import { cleanResult } from "./clean.js";
import type { Paint, PaintStyle, RenderOptions } from "./options.js";
import { sortFindings } from "./summary.js";
import { tallyOf } from "./tally.js";
import {
	type CauseLayout,
	causeLines,
	heldLines,
	mildLines,
	serviceLines,
} from "./terminal-cause.js";
import { familyLines, probeLines, unaskedLines } from "./terminal-coverage.js";
import { briefLines, findingLines, KIND_STYLE } from "./terminal-finding.js";
import { type Verdict, verdictOf } from "./verdict.js";
import {
	controlWords,
	count,
	KIND_WORDS,
	kindLabel,
	spanWords,
} from "./words.js";
import { bullet, hanging, wrap } from "./wrap.js";

const WIDEST = 100;
const NARROWEST = 60;
/** From more findings of one kind than this, one of each rule is shown in full. */
const FULL = 20;
const BRIEF =
	"Of each rule the first is shown in full, and the others here in brief; the HTML, JSON and SARIF reports have all of them in full:";

const TONE: Readonly<Record<Verdict["tone"], PaintStyle>> = {
	good: "green",
	bad: "red",
	void: "yellow",
};

/** The result as text, at most 100 columns wide, but for commands and tokens that are to be copied. */
export function renderTerminal(
	result: CheckResult,
	options: RenderOptions = {},
): string {
	const clean = toldOnce(cleanResult(result));
	const paint: Paint = options.paint ?? ((_style, text) => text);
	const width = Math.min(WIDEST, Math.max(NARROWEST, options.width || WIDEST));
	const { brief = false, rows = Number.POSITIVE_INFINITY } = options;
	const layout = { width, paint };
	const verdict = verdictOf(clean);
	const isVoid = verdict.tone === "void";
	const top = [
		head(clean, layout, brief),
		isVoid
			? [...conclusion(verdict, width, paint), ...advice(verdict, width)]
			: [],
	];
	const mild = mildLines(
		clean,
		layout,
		brief ? undefined : clean.causes.length,
	);
	const rest = [
		...(brief
			? [
					serviceLines(clean, width),
					isVoid && tallyOf(clean).checked === 0 ? [] : heldLines(clean, width),
				]
			: [
					...findings(clean, width, paint),
					familyLines(clean, width, paint),
					probeLines(clean, width, paint),
					unaskedLines(clean, width, paint),
				]),
		notes(clean, layout, brief || isVoid),
	];
	const before = [...top, ...causeLines(clean, layout), mild, ...rest];
	// One that proves nothing has said so above: it is repeated where that has left the screen.
	if (!isVoid || linesOf(before) > SHORT)
		rest.push(conclusion(verdict, width, paint));
	const whole = [...top, ...causeLines(clean, layout), mild, ...rest];
	if (linesOf(whole) < rows) return `${joinedParts(whole)}\n`;
	const room = rows - linesOf([...top, ...rest]) - OWN;
	const causes = causeLines(clean, { ...layout, room });
	return `${joinedParts([...top, ...causes, ...rest])}\n`;
}

/** Without what the verdict at the top says: why the run proves nothing. */
const toldOnce = (result: CheckResult): CheckResult =>
	result.conclusion === "proves-nothing"
		? {
				...result,
				causes: result.causes.filter(({ kind }) => kind !== "unproven"),
				findings: result.findings.filter(({ kind }) => kind !== "unproven"),
			}
		: result;

/** Lines that are seen at once. */
const SHORT = 25;

/** Lines beside the causes: their heading, the command, and the prompt of whoever ran the check. */
const OWN = 7;

const joinedParts = (parts: readonly string[][]) =>
	parts
		.filter((lines) => lines.length > 0)
		.map((lines) => lines.join("\n"))
		.join("\n\n");

const linesOf = (parts: readonly string[][]) =>
	joinedParts(parts).split("\n").length;

function head(
	result: CheckResult,
	{ width, paint }: CauseLayout,
	brief: boolean,
): string[] {
	const { tool, target, issuer, audience, started, duration } = result;
	const facts = [
		...fact("RP", target, width),
		...fact("issuer", issuer, width),
		...fact("audience", audience, width),
	];
	if (brief) return facts;
	return [
		...wrap(
			`${tool.name} ${tool.version}: which GitLab ID tokens a relying party (RP) lets in`,
			width,
		).map((line) => paint("bold", line)),
		...facts,
		...fact("started", `${started}, took ${spanWords(duration)}`, width),
	];
}

function findings(
	result: CheckResult,
	width: number,
	paint: Paint,
): string[][] {
	const sorted = sortFindings(result.findings);
	return KINDS.flatMap((kind) => {
		const those = sorted.filter((finding) => finding.kind === kind);
		if (those.length === 0) return [];
		const { meaning } = KIND_WORDS[kind];
		const title = `${kindLabel(kind, result).toUpperCase()} (${those.length}): ${meaning}`;
		const number = (finding: CheckFinding) => sorted.indexOf(finding) + 1;
		const full = those.filter(
			({ rule }, index) =>
				kind !== "service" &&
				(those.length <= FULL ||
					those.findIndex((other) => other.rule === rule) === index),
		);
		const brief = those.filter((finding) => !full.includes(finding));
		return [
			wrap(title, width).map((line) => paint(KIND_STYLE[kind], line)),
			...full.map((finding) =>
				findingLines(finding, number(finding), width, paint),
			),
			brief.length === 0
				? []
				: [
						...(full.length > 0 ? wrap(BRIEF, width) : []),
						...brief.flatMap((finding) =>
							briefLines(finding, number(finding), width),
						),
					],
		];
	});
}

function notes(
	result: CheckResult,
	{ width, paint }: CauseLayout,
	brief: boolean,
): string[] {
	const known = [...result.scenarios, ...result.probes]
		.filter((entry) => entry.known)
		.map(({ id }) => id);
	const listed =
		known.length === 0
			? []
			: [
					`${count(known.length, "check is", "checks are")} listed as known failures: ${known.join(", ")}`,
				];
	const all = [
		...(brief ? [] : [controlWords(result)]),
		...result.notes,
		...listed,
	];
	return all.length === 0
		? []
		: [paint("bold", "Notes"), ...all.flatMap((note) => bullet(note, width))];
}

const conclusion = (
	{ tone, word, sentence }: Verdict,
	width: number,
	paint: Paint,
) =>
	wrap(`${word.toUpperCase()}: ${sentence}`, width).map((line) =>
		paint(TONE[tone], line),
	);

const advice = (verdict: Verdict, width: number) =>
	verdict.advice.flatMap((line) => bullet(line, width));

const fact = (label: string, text: string, width: number) =>
	hanging(label.padEnd(10), text, width);

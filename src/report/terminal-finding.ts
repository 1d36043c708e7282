// One finding for a terminal: what was accepted, what that means, and how to see it again.
import type { FindingKind } from "../verdict/kinds.js";
import type { CheckFinding } from "../verdict/result.js";
import type { Paint, PaintStyle } from "./options.js";
import { impactWords, levelWords, ruleWords } from "./words.js";
import { columnsOf, wrap, wrapCommand } from "./wrap.js";

const INDENT = " ".repeat(4);
const LABEL = 10;

/** The colour of each kind. */
export const KIND_STYLE: Readonly<Record<FindingKind, PaintStyle>> = {
	dangerous: "red",
	broken: "magenta",
	"too-strict": "yellow",
	stale: "cyan",
	unproven: "red",
	service: "dim",
	note: "dim",
};

/** The lines of a finding, `number` in its list. */
export function findingLines(
	finding: CheckFinding,
	number: number,
	width: number,
	paint: Paint,
): string[] {
	const text = (label: string, value: string) =>
		labelled(label, wrap(value, width - INDENT.length - LABEL), paint);
	const list = (label: string, values: readonly string[]) =>
		text(label, values.join(", "));
	const { rule, token } = finding;
	return [
		...headLines(finding, number, width, paint),
		...text("expected", finding.expected),
		...text("actual", finding.actual),
		...text("means", finding.gain),
		...text("why", finding.why),
		...text("do", finding.remedy),
		...(rule === null ? [] : text("rule", ruleWords(rule))),
		...text("level", levelText(finding)),
		...text("impact", impactWords(finding)),
		...list("spec", finding.spec),
		...list("seen in", finding.seen),
		...again(finding, width, paint),
		// Never broken: half a token is of no use to whoever asked for a whole one.
		...(token ? labelled("token", [token], paint) : []),
		...text("read", finding.link),
	];
}

/** A finding in a line: which scenario, and what its token is. */
export const briefLines = (
	{ id, title }: CheckFinding,
	number: number,
	width: number,
): string[] =>
	wrap(`${id}: ${title}`, width - INDENT.length).map((line, index) =>
		index === 0 ? `${String(number).padStart(3)} ${line}` : INDENT + line,
	);

const levelText = (finding: CheckFinding) =>
	`${levelWords(finding)}${finding.fails ? "" : "; it does not fail this run"}`;

function headLines(
	{ id, title, kind }: CheckFinding,
	number: number,
	width: number,
	paint: Paint,
): string[] {
	const mark = `${String(number).padStart(3)} `;
	const head = wrap(title || id, width - INDENT.length).map(
		(line, index) => `${index === 0 ? mark : INDENT}${paint("bold", line)}`,
	);
	const ids = wrap(id, width - INDENT.length).map(
		(line) => `${INDENT}${paint(KIND_STYLE[kind], line)}`,
	);
	return [...head, ...ids];
}

function again(
	{ reproduce }: CheckFinding,
	width: number,
	paint: Paint,
): string[] {
	if (reproduce === null) return [];
	const beside = wrapCommand(reproduce, width - INDENT.length - LABEL);
	const fits = beside.every(
		(line) => columnsOf(line) <= width - INDENT.length - LABEL,
	);
	return labelled("again", beside, paint, fits ? undefined : "");
}

function labelled(
	label: string,
	values: readonly string[],
	paint: Paint,
	indent: string = INDENT + " ".repeat(LABEL),
): string[] {
	const head = `${INDENT}${paint("dim", label.padEnd(LABEL))}`;
	if (values.length === 0) return [];
	if (indent === "") return [head.trimEnd(), ...values];
	return values.map((value, index) => `${index === 0 ? head : indent}${value}`);
}

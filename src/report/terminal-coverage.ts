// What a run looked at, for a terminal: families in numbers, what was measured, what was not asked.
import { type CheckResult, wasAsked } from "../verdict/result.js";
import type { Paint } from "./options.js";
import {
	countAll,
	countFamilies,
	type FamilyCount,
	groupUnasked,
} from "./summary.js";
import { measures, OUTCOME_WORDS } from "./words.js";
import { bullet, columnsOf, padded, wrap } from "./wrap.js";

/** So many ids are named of what was not asked for one reason. */
const LISTED = 6;

const COLUMNS = {
	made: "checked",
	right: "right",
	wrong: "wrong",
	known: "known",
	unasked: "not asked",
} as const;

/** A table of counts, a row a family. */
export function familyLines(
	result: CheckResult,
	width: number,
	paint: Paint,
): string[] {
	const rows = countFamilies(result);
	if (rows.length === 0) return [];
	const all = countAll(rows);
	// What every run has, and what only some have.
	const columns = (["made", "right", "wrong", "known", "unasked"] as const)
		.filter((column) => column !== "known" || all.known > 0)
		.map((column) => ({ column, title: COLUMNS[column] }));
	const longest = Math.min(
		width - 45,
		Math.max(8, ...rows.map(({ family }) => columnsOf(family))),
	);
	const line = (row: FamilyCount) => {
		const name = padded(wrap(row.family, longest)[0] ?? "", longest);
		const cells = columns.map(({ column, title }) => {
			const cell = String(row[column]).padStart(title.length);
			return column === "wrong" && row.wrong > 0 ? paint("red", cell) : cell;
		});
		return [name, ...cells].join("  ");
	};
	const titles = columns.map(({ title }) => title);
	return [
		paint("bold", "What was looked at"),
		paint("dim", [padded("family", longest), ...titles].join("  ")),
		...rows.map(line),
		line(all),
	];
}

/** The probes that were made, with what they measured. */
export function probeLines(
	result: CheckResult,
	width: number,
	paint: Paint,
): string[] {
	const made = result.probes.filter(({ outcome }) => wasAsked(outcome));
	if (made.length === 0) return [];
	return [
		paint("bold", "Over time"),
		...made.flatMap((probe) => {
			const { outcome, title, id, detail } = probe;
			const style = outcome === "failed" ? "red" : "green";
			const known = probe.known ? " (a known failure)" : "";
			const lines = wrap(`${title} (${id})`, width - 12);
			const measured = measures(probe).map(
				([name, value]) => `${name}: ${value}`,
			);
			return [
				...lines.map((line, index) =>
					index === 0
						? `  ${paint(style, OUTCOME_WORDS[outcome].padEnd(8))}  ${line}`
						: `${" ".repeat(12)}${line}`,
				),
				...below(`${detail}${known}`, width),
				...below(measured.join("; "), width),
			];
		}),
	];
}

const below = (text: string, width: number) =>
	wrap(text, width - 12).map((line) => `${" ".repeat(12)}${line}`);

/** What was not asked, by reason. */
export function unaskedLines(
	result: CheckResult,
	width: number,
	paint: Paint,
): string[] {
	const groups = groupUnasked(result);
	if (groups.length === 0) return [];
	return [
		paint("bold", "Not asked"),
		...groups.flatMap(({ outcome, reason, ids }) => {
			const more = ids.length - LISTED;
			const listed = ids.slice(0, more > 1 ? LISTED : ids.length).join(", ");
			const rest = more > 1 ? ` and ${more} more` : "";
			return bullet(
				`${OUTCOME_WORDS[outcome]}, ${reason}: ${listed}${rest}`,
				width,
			);
		}),
	];
}

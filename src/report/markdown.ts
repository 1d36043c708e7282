// The report as Markdown, for the summary of a job or a comment: the verdict, then the causes.
import type { CheckResult } from "../verdict/result.js";
import { cleanResult } from "./clean.js";
import { verdictOf } from "./verdict.js";
import { count, KIND_WORDS } from "./words.js";

/** Markdown; text from outside is escaped. */
export function renderMarkdown(result: CheckResult): string {
	const clean = cleanResult(result);
	const { word, sentence, advice } = verdictOf(clean);
	const causes = clean.causes.map((cause, index) => {
		const { kind, impact, fails, example, findings } = cause;
		const mild = fails ? "" : ", does not fail the run";
		const lines = [
			`${index + 1}. **${KIND_WORDS[kind].label}** (${impact}${mild}): ${escaped(cause.sentence)}`,
			cause.attack && `Attack: ${escaped(cause.attack)}`,
			cause.remedy && `To do: ${escaped(cause.remedy)}`,
			cause.code === undefined ? "" : `Write: ${escaped(cause.code)}`,
			`Worst example: ${escaped(example)}, of ${count(findings.length, "finding", "findings")}`,
		];
		return lines.filter((line) => line !== "").join("\n   - ");
	});
	const parts = [
		`## ${escaped(clean.tool.name)}: ${escaped(word)}`,
		escaped(sentence),
		...advice.map((line) => `- ${escaped(line)}`),
		...causes,
		...clean.notes.map((note) => `- ${escaped(note)}`),
	];
	return `${parts.join("\n\n")}\n`;
}

const escaped = (text: string) =>
	text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>()#+!|~&@:]/g, "\\$&");

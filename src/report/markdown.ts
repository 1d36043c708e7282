// The report as Markdown, for the summary of a job or a comment: the verdict, then the causes.
import type { CheckResult } from "../verdict/result.js";
import { causeWords } from "./cause-words.js";
import { cleanResult } from "./clean.js";
import { verdictOf } from "./verdict.js";

/** Markdown; text from outside is escaped. */
export function renderMarkdown(result: CheckResult): string {
	const clean = cleanResult(result);
	const { word, sentence, advice } = verdictOf(clean);
	const causes = clean.causes.map((cause, index) => {
		const { severity, often, parts } = causeWords(cause, clean);
		const lines = [
			`${index + 1}. **${escaped(severity)}** (${often}): ${escaped(cause.sentence)}`,
			...parts.map(([label, text]) => `${label}: ${escaped(text)}`),
		];
		return lines.join("\n   - ");
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
	text
		.replace(/\s+/g, " ")
		.replace(/[\\`*_{}[\]<>()#+!|~&@:]/g, "\\$&")
		// GitHub makes a link of it without a scheme, too.
		.replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`);

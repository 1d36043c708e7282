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
			...parts.map(
				([label, text]) =>
					`${label}: ${label === "Write" ? code(text) : escaped(text)}`,
			),
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

/** As code, whatever it has of backticks. */
function code(text: string): string {
	const line = text.replace(/\s+/g, " ");
	const longest = Math.max(
		0,
		...(line.match(/`+/g) ?? []).map((run) => run.length),
	);
	const fence = "`".repeat(longest + 1);
	return longest === 0
		? `${fence}${line}${fence}`
		: `${fence} ${line} ${fence}`;
}

const escaped = (text: string) =>
	text
		.replace(/\s+/g, " ")
		.replace(/[\\`*_{}[\]<>()#+!|~&@:]/g, "\\$&")
		// GitHub makes a link of it without a scheme, too.
		.replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`);

// Refuses text that would keep a YAML parser busy: its tokens are counted before it is parsed.
import { Lexer } from "yaml";

/** How deep a file may nest, as in GitLab (`max_yaml_depth`). */
export const DEEPEST = 100;

const MOST_TOKENS = 500_000; // twice what a file of the largest size has, if it is written for people

/** What is wrong with the text, and in which line; undefined where it can be parsed. */
export function tooComplex(
	text: string,
): { line: number; message: string } | undefined {
	if (hasFewMarks(text)) return undefined;
	let [flow, inLine, tokens, line] = [0, 0, 0, 1];
	for (const token of new Lexer().lex(text)) {
		tokens++;
		if (token === "[" || token === "{") flow++;
		else if (token === "]" || token === "}") flow = Math.max(0, flow - 1);
		else if (token === "-" || token === "?" || token === ":") inLine++;
		else if (token === ",") inLine = 0;
		else if (token.includes("\n")) {
			inLine = 0;
			line += token.split("\n").length - 1;
		}
		if (flow + inLine > DEEPEST)
			return { line, message: `nested deeper than ${DEEPEST} levels` };
		if (tokens > MOST_TOKENS)
			return { line, message: `more than ${MOST_TOKENS} marks of YAML` };
	}
	return undefined;
}

const MARKS = /[[{?:-]/g;

/** Whether the text has too few marks to nest deeply: most files are so, and need not be read twice. */
function hasFewMarks(text: string): boolean {
	if (text.length > MOST_TOKENS) return false;
	let marks = 0;
	MARKS.lastIndex = 0;
	while (MARKS.test(text)) if (++marks > DEEPEST) return false;
	return true;
}

// Lines for a terminal: how wide a text is, and where it is broken.
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** The columns that `text` takes. */
export const columnsOf = (text: string): number => stringWidth(text);

/** `text` in lines of at most `width` columns, broken at spaces, or anywhere in a longer word. */
export function wrap(text: string, width: number): string[] {
	const words = text.split(/\s+/).join(" ").trim();
	return words === "" ? [] : wrapAnsi(words, width, { hard: true }).split("\n");
}

/**
 * A command in lines that a shell still reads as one. Only options begin a new line, so a longer
 * one may be wider than `width`: a command that is broken elsewhere can no longer be copied.
 */
export function wrapCommand(command: string, width: number): string[] {
	if (columnsOf(command) <= width || /['"\\]/.test(command)) return [command];
	const lines: string[] = [];
	for (const part of command.split(/ (?=--?[a-z])/)) {
		const last = lines.at(-1);
		const longer = last === undefined ? part : `${last} ${part}`;
		// Two columns for the backslash, two for the indent.
		if (lines.length > 0 && columnsOf(longer) <= width - 4)
			lines[lines.length - 1] = longer;
		else lines.push(part);
	}
	return lines.map((line, index) => {
		const indent = index === 0 ? "" : "  ";
		return `${indent}${line}${index < lines.length - 1 ? " \\" : ""}`;
	});
}

/** `text` filled with spaces up to `width` columns. */
export const padded = (text: string, width: number): string =>
	text + " ".repeat(Math.max(0, width - columnsOf(text)));

/** `head` and `text`, further lines of which stand below its first. */
export const hanging = (head: string, text: string, width: number): string[] =>
	hangingLines(head, wrap(text, width - head.length));

/** `lines` as they are, the first one behind `head` and the others below it. */
export const hangingLines = (
	head: string,
	lines: readonly string[],
): string[] =>
	lines.map(
		(line, index) => (index === 0 ? head : " ".repeat(head.length)) + line,
	);

/** An entry of a list. */
export const bullet = (text: string, width: number): string[] =>
	hanging("  - ", text, width);

// Lines for a terminal: how wide a text is, and where it is broken.

// East Asian letters and most emoji take two columns; marks stand on the letter before them.
const WIDE =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/gu;
const NARROW = /\p{M}/gu;

/** The columns that `text` takes. */
export const columnsOf = (text: string): number =>
	[...text].length +
	(text.match(WIDE)?.length ?? 0) -
	(text.match(NARROW)?.length ?? 0);

/** `text` in lines of at most `width` columns, broken at spaces, or anywhere in a longer word. */
export function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(/\s+/).filter((part) => part !== "")) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (columnsOf(longer) <= width) {
			line = longer;
			continue;
		}
		if (line !== "") lines.push(line);
		const pieces = broken(word, width);
		line = pieces.pop() ?? "";
		lines.push(...pieces);
	}
	return line === "" ? lines : [...lines, line];
}

function broken(word: string, width: number): string[] {
	const pieces: string[] = [];
	let piece = "";
	let taken = 0;
	for (const character of word) {
		const columns = columnsOf(character);
		if (taken + columns > width && piece !== "") {
			pieces.push(piece);
			piece = "";
			taken = 0;
		}
		piece += character;
		taken += columns;
	}
	return [...pieces, piece];
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

// Finds `$[[ … ]]` in a text, in time of its length.

/** A block, and what stands in it. */
export interface Block {
	whole: string;
	data: string;
}

const OPEN = "$[[";
const CLOSE = "]]";

/** The blocks of a text. What is in one has no line end, and at least two characters. */
export function blocksIn(text: string): Block[] {
	const blocks: Block[] = [];
	const closing = searcher(text, CLOSE);
	const lineEnd = searcher(text, "\n");
	let from = text.indexOf(OPEN);
	while (from !== -1) {
		const start = afterSpace(text, from + OPEN.length);
		const end = closing(start + 2);
		if (end === -1) break;
		let last = end;
		while (last > start && isSpace(text, last - 1)) last--;
		const ended = lineEnd(start);
		const found = last - start >= 2 && (ended === -1 || ended >= last);
		if (found) {
			const whole = text.slice(from, end + CLOSE.length);
			blocks.push({ whole, data: text.slice(start, last) });
		}
		from = text.indexOf(OPEN, found ? end + CLOSE.length : start);
	}
	return blocks;
}

/** `indexOf` for rising positions: what was found is not looked for again. */
function searcher(text: string, what: string): (from: number) => number {
	let at = -2;
	return (from) => {
		if (at !== -1 && at < from) at = text.indexOf(what, from);
		return at;
	};
}

const isSpace = (text: string, index: number) => /\s/.test(text.charAt(index));

function afterSpace(text: string, from: number): number {
	let index = from;
	while (index < text.length && isSpace(text, index)) index++;
	return index;
}

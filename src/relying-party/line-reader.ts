// Lines out of a stream that may never break one.
import type { Readable } from "node:stream";

const NEWLINE = 0x0a;

/**
 * Calls `onLine` for each line that is not blank. Of one longer than `longest` bytes comes its
 * beginning, and the rest is skipped.
 */
export function readLines(
	stream: Readable,
	longest: number,
	onLine: (line: string) => void,
): void {
	let pieces: Buffer[] = [];
	let size = 0;
	const emit = () => {
		const line = Buffer.concat(pieces).toString("utf8").trim();
		pieces = [];
		if (line !== "") onLine(line);
	};
	const take = (piece: Buffer) => {
		const room = longest - size;
		size += piece.length;
		if (room < 0) return; // its beginning has been told
		pieces.push(piece.subarray(0, room));
		if (size > longest) emit();
	};
	stream.on("data", (chunk: Buffer) => {
		let from = 0;
		for (;;) {
			const to = chunk.indexOf(NEWLINE, from);
			take(chunk.subarray(from, to === -1 ? chunk.length : to));
			if (to === -1) return;
			if (size <= longest) emit();
			size = 0;
			from = to + 1;
		}
	});
	stream.on("error", () => undefined); // its end is seen as such
}

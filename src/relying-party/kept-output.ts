// What a program prints, of which only a part is kept, so that it may print without end.
import type { Readable } from "node:stream";
import { safeText } from "../safe-text.js";

/** Keeps the first `most` bytes; reads on, so that nobody waits for us. */
export function keepHead(stream: Readable, most: number): () => string {
	const chunks: Buffer[] = [];
	let size = 0;
	stream.on("data", (chunk: Buffer) => {
		if (size >= most) return;
		chunks.push(chunk.subarray(0, most - size));
		size += chunk.length;
	});
	stream.on("error", () => undefined); // its end is seen as such
	return () => Buffer.concat(chunks).toString("utf8");
}

/** Keeps about the last `most` bytes of what comes on `streams`, in the order in which it comes. */
export function keepTail(
	streams: readonly Readable[],
	most: number,
): () => string {
	const chunks: Buffer[] = [];
	let size = 0;
	for (const stream of streams) {
		stream.on("data", (chunk: Buffer) => {
			chunks.push(chunk.subarray(-most));
			size += Math.min(chunk.length, most);
			while (size - (chunks[0]?.length ?? 0) >= most) {
				size -= chunks.shift()?.length ?? 0;
			}
		});
		stream.on("error", () => undefined);
	}
	return () => Buffer.concat(chunks).subarray(-most).toString("utf8");
}

const LONGEST_LINE = 300; // characters

/** What was kept, safe to print: without tokens, control characters and blank lines. */
export const safeLines = (kept: () => string) => (): string =>
	kept()
		.split("\n")
		.map((line) => safeText(line, LONGEST_LINE))
		.filter((line) => line !== "")
		.join("\n");

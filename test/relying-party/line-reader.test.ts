// Lines of any length, in pieces of any size: each is told once, and of a long one its beginning.
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readLines } from "../../src/relying-party/line-reader.js";

const LONGEST = 12;
const TEXT = ["y".repeat(50), "short", "x".repeat(LONGEST), "", "last"];

test.for([1, 2, 3, 4, 5, 6, 7, 12, 13, 100])(
	"in pieces of %i",
	async (length) => {
		const heard: string[] = [];
		const stream = new PassThrough();
		readLines(stream, LONGEST, (line) => heard.push(line));
		const bytes = Buffer.from(`${TEXT.join("\n")}\n`);
		for (let at = 0; at < bytes.length; at += length)
			stream.write(bytes.subarray(at, at + length));
		stream.end();
		await new Promise((resolve) => stream.on("end", resolve));
		expect(heard).toEqual([
			...["y".repeat(LONGEST), "short", "x".repeat(LONGEST), "last"],
		]);
	},
);

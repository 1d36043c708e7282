// Files that the system makes up as they are read, as below /proc: it says no size of them, and they are short.
import { closeSync, openSync, readSync } from "node:fs";

/** Kept: readFileSync would make one of 64 KiB for each file, and there are two for each process of the machine. */
let buffer = Buffer.alloc(8192);

/** The bytes of the file, a character each. */
export function readPseudoFile(path: string): string {
	const file = openSync(path, "r");
	try {
		let length = 0;
		for (;;) {
			const read = readSync(file, buffer, length, buffer.length - length, null);
			if (read === 0) return buffer.toString("latin1", 0, length);
			length += read;
			if (length === buffer.length)
				buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
		}
	} finally {
		closeSync(file);
	}
}

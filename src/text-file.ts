// Reads a file of text, and nothing that only looks like one: no pipe, no device, nothing without an end.
import { constants, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { MockError, messageOf } from "./errors.js";

export interface TextFileOptions {
	/** in bytes; default 1 MiB */
	largest?: number;
	/** what it is called in errors; default its path */
	name?: string;
	/** Looks at the file before it is read; may throw. */
	check?: (stats: Stats) => void;
}

const MEBIBYTE = 1024 * 1024;
// With it, nothing waits for somebody who writes. Windows has none, and no such files.
const NO_WAITING = constants.O_NONBLOCK ?? 0;

/**
 * Reads a text file, in bounded time and memory whatever `path` leads to.
 * @throws MockError `file` with the reason as its cause, or `too_large`
 */
export async function readTextFile(
	path: string,
	{ largest = MEBIBYTE, name = path, check }: TextFileOptions = {},
): Promise<string> {
	try {
		requireFile(await stat(path)); // to open a device can do things
		const file = await open(path, constants.O_RDONLY | NO_WAITING);
		try {
			const stats = await file.stat();
			requireFile(stats);
			check?.(stats);
			if (stats.size > largest) throw tooLarge(name, largest);
			const buffer = Buffer.alloc(stats.size + 1);
			let length = 0;
			for (;;) {
				const { bytesRead } = await file.read(buffer, length);
				if (bytesRead === 0) return buffer.toString("utf8", 0, length);
				length += bytesRead;
				// Those of /proc and the like have any number of bytes, and a size of 0.
				if (length > stats.size) throw new Error("it has more than its size");
			}
		} finally {
			await file.close();
		}
	} catch (error) {
		if (error instanceof MockError) throw error;
		throw new MockError("file", `cannot read ${name}: ${messageOf(error)}`, {
			cause: error,
		});
	}
}

function requireFile(stats: Stats): void {
	if (!stats.isFile()) throw new Error("it is no file");
}

function tooLarge(name: string, largest: number): MockError {
	const size =
		largest % MEBIBYTE === 0
			? `${largest / MEBIBYTE} MiB`
			: `${largest / 1024} KiB`;
	return new MockError("too_large", `${name} is larger than ${size}`);
}

/** Whether an error of {@link readTextFile} says that there is no such file. */
export const isMissing = (error: unknown): boolean =>
	error instanceof MockError &&
	(error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";

// What a command is given on standard input.
import { MockError } from "../errors.js";
import type { Io } from "./io.js";

const LARGEST = 4 * 1024 * 1024; // characters

/**
 * A token from standard input.
 * @throws MockError `invalid_option` where a person would have to type it, `too_large`
 */
export async function readInput(io: Io): Promise<string> {
	if (io.stdin.isTTY)
		throw new MockError(
			"invalid_option",
			"give a token, as an argument or on standard input",
		);
	let text = "";
	for await (const chunk of io.stdin) {
		text += chunk.toString();
		if (text.length > LARGEST)
			throw new MockError(
				"too_large",
				"standard input is larger than any token",
			);
	}
	return text.replace(/\r?\n$/, "");
}

// Texts against patterns with wildcards, in a time that no pattern can make explode.

/** Whether a text fits. */
export type TextTest = (text: string) => boolean;

/**
 * A pattern as a test of the whole text. `*` stands for any text, the empty one too; with
 * `question`, `?` stands for one character. There is no way to mean the signs themselves.
 * Vault's glob is github.com/ryanuber/go-glob, AWS's StringLike has the question mark too.
 */
export function wildcard(
	pattern: string,
	{ question }: { question: boolean },
): TextTest {
	const symbols = [...pattern];
	return (text) => {
		const characters = [...text];
		let at = 0;
		let symbol = 0;
		// Where the last star stands, and how much of the text it has taken so far.
		let star = -1;
		let taken = 0;
		while (at < characters.length) {
			const current = symbols[symbol];
			if (current === "*") {
				star = symbol;
				taken = at;
				symbol += 1;
			} else if (
				current !== undefined &&
				((question && current === "?") || current === characters[at])
			) {
				at += 1;
				symbol += 1;
			} else if (star >= 0) {
				taken += 1;
				at = taken;
				symbol = star + 1;
			} else {
				return false;
			}
		}
		while (symbols[symbol] === "*") symbol += 1;
		return symbol === symbols.length;
	};
}

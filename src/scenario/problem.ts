// What is wrong with a file, and where: told as one line.

/** One fault of a file. Line and column count from 1. */
export interface Problem {
	file: string;
	line: number;
	column: number;
	/** where in the document, such as `token.claims.exp`; empty for the whole */
	path: string;
	message: string;
}

/** A problem as one line: `file:line:column: path: message`. */
export const problemLine = ({
	file,
	line,
	column,
	path,
	message,
}: Problem): string =>
	`${file}:${line}:${column}: ${path ? `${path}: ` : ""}${message}`;

/** A problem with a file as a whole. */
export const fileProblem = (file: string, message: string): Problem => ({
	file,
	line: 1,
	column: 1,
	path: "",
	message,
});

/** The problem of a file that is not even read. */
export const tooLarge = (file: string, largest: number): Problem =>
	fileProblem(file, `larger than ${largest / 1024} KiB`);

// Where in which file something stands, and the error that says so.

import { type ErrorCode, MockError } from "../errors.js";
import { nearest } from "../nearest.js";
import { printable } from "../safe-text.js";

/** A line of a file. */
export interface Place {
	/** as the caller named it */
	file: string;
	/** counts from 1 */
	line: number;
}

const LONGEST = 120; // characters of a name that an error repeats

const oneLine = (text: string): string =>
	printable(text).replaceAll("\n", "\ufffd");

/** Text of a file as an error or a terminal may show it: short, and without control characters. */
export function shown(text: string): string {
	const plain = oneLine(text);
	return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

/** `file:line`, with which an error begins. */
export const placeText = ({ file, line }: Place): string =>
	`${shown(file)}:${line}`;

/**
 * The error of a pipeline file.
 * @param job the name of the job that it is about
 */
export function pipelineError(
	place: Place,
	message: string,
	job?: string,
	code: ErrorCode = "invalid_pipeline",
): MockError {
	const about = job === undefined ? "" : ` job "${shown(job)}":`;
	const text = `${placeText(place)}:${about} ${message}`;
	// Whatever a message repeats of the file, nothing of it may steer a terminal.
	return new MockError(code, oneLine(text));
}

/** `; nearest: a, b`, or nothing where no name is like `name`. */
export function nearestText(name: string, names: Iterable<string>): string {
	const near = nearest(name, names).map(shown);
	return near.length === 0 ? "" : `; nearest: ${near.join(", ")}`;
}

// A line that a program printed, read as its answer to a token, or what it lacks to be one.
import type { Answer } from "../../verdict/answer.js";

/** What it answered; the text is not yet safe. */
export interface LineVerdict {
	outcome: Answer["outcome"];
	text: string;
}

/** An answer; or why the line is none, where that is not plain to see. */
export type Reply = ({ id: number } & LineVerdict) | { lacks: string };

/** @param last the highest id that was given to a token */
export function readReply(line: string, last: number): Reply {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return { lacks: "" };
	}
	if (typeof value !== "object" || value === null || Array.isArray(value))
		return { lacks: "" };
	const { id, accepted, detail, error } = value as Record<string, unknown>;
	if (id === undefined)
		return { lacks: "it lacks id: repeat the number that came with the token" };
	if (typeof id !== "number" || !Number.isInteger(id))
		return { lacks: "its id is not the number that came with the token" };
	if (id < 1 || id > last)
		return { lacks: `no token came with the id ${id}, the last was ${last}` };
	if (error !== undefined && error !== null) {
		return { id, outcome: "broken", text: textOf(error) };
	}
	if (typeof accepted !== "boolean") {
		const text = `an answer without accepted: true or false: ${line}`;
		return { id, outcome: "broken", text };
	}
	const outcome = accepted ? "accepted" : "rejected";
	return { id, outcome, text: textOf(detail ?? "") };
}

const textOf = (value: unknown): string =>
	typeof value === "string" ? value : JSON.stringify(value);

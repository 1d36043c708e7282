// What zod found wrong, as a flat list of places and sentences.
import type { z } from "zod";

/** One thing that is wrong, and where. */
export interface SchemaIssue {
	path: PropertyKey[];
	message: string;
}

export const UNKNOWN_KEY = "unknown key";

/** Everything that is wrong, each in its own place. */
export const issuesOf = (error: z.ZodError): SchemaIssue[] =>
	error.issues.flatMap(flatten);

/**
 * The same in one sentence.
 * @param whole what the value is called where it is wrong as a whole
 */
export const issueText = (error: z.ZodError, whole: string): string =>
	issuesOf(error)
		.slice(0, MOST)
		.map(({ path, message }) => `${path.join(".") || whole}: ${message}`)
		.join("; ");

const MOST = 10;

/** zod's issues, one for each unknown key, and the nearest branch of a union instead of all. */
function flatten(issue: z.core.$ZodIssue): SchemaIssue[] {
	if (issue.code === "unrecognized_keys") {
		return issue.keys.map((key) => ({
			path: [...issue.path, key],
			message: UNKNOWN_KEY,
		}));
	}
	if (issue.code === "invalid_key") {
		return issue.issues.map(({ message }) => ({
			path: [...issue.path],
			message,
		}));
	}
	if (issue.code === "invalid_union" && issue.errors.length > 0) {
		const branches = issue.errors.map((branch) => branch.flatMap(flatten));
		const depth = (issues: SchemaIssue[]) =>
			Math.max(...issues.map(({ path }) => path.length));
		const deepest = Math.max(...branches.map(depth));
		const deep = branches.filter((issues) => depth(issues) === deepest);
		const fewest = Math.min(...deep.map(({ length }) => length));
		const nearest = deep.filter(({ length }) => length === fewest);
		if (deepest > 0 && nearest.length === 1 && nearest[0]) {
			return nearest[0].map(({ path, message }) => ({
				path: [...issue.path, ...path],
				message,
			}));
		}
		const messages = new Set(
			branches
				.flat()
				.filter(({ path }) => path.length === 0)
				.map(({ message }) => message.replace(/^Invalid input: /, "")),
		);
		return [
			{
				path: [...issue.path],
				message: `Invalid input: ${[...messages].join("; or ") || "no form of it fits"}`,
			},
		];
	}
	return [{ path: [...issue.path], message: issue.message }];
}

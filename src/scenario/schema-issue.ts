// What zod found wrong, as a flat list of places and sentences.
import type { z } from "zod";
import { nearest } from "../nearest.js";

/** One thing that is wrong, and where. */
export interface SchemaIssue {
	path: PropertyKey[];
	message: string;
	/** whether the last step of the path is a key that should not be there */
	isUnknownKey?: true;
}

const KNOWN = "known keys: ";
const SHORTEST = 3; // characters: less is like anything

/** For `safeParse`: with it an unknown key is told with the known ones that are like it. */
export const withNearest: {
	error(issue: z.core.$ZodRawIssue): string | undefined;
} = {
	error({ code, inst }) {
		const def = inst?._zod.def;
		return code === "unrecognized_keys" && def && "shape" in def
			? `${KNOWN}${Object.keys(def.shape as object).join(" ")}`
			: undefined;
	},
};

/** `unknown key`, and the known ones that are like it where the issue tells which there are. */
function unknownKey(key: string, message: string): string {
	const known = message.startsWith(KNOWN)
		? message.slice(KNOWN.length).split(" ")
		: [];
	const near = key.length < SHORTEST ? [] : nearest(key, known);
	return near.length === 0
		? "unknown key"
		: `unknown key; nearest: ${near.join(", ")}`;
}

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
			message: unknownKey(key, issue.message),
			isUnknownKey: true,
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
		const fitting = deep.filter(({ length }) => length === fewest);
		if (deepest > 0 && fitting.length === 1 && fitting[0]) {
			return fitting[0].map((one) => ({
				...one,
				path: [...issue.path, ...one.path],
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

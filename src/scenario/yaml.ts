// A YAML file against a schema: its value, or all that is wrong with it and where.
import {
	type Document,
	isAlias,
	isMap,
	isNode,
	isSeq,
	LineCounter,
	parseDocument,
	visit,
} from "yaml";
import type { z } from "zod";
import { messageOf } from "../errors.js";
import { tooComplex } from "../yaml-depth.js";
import { type Problem, tooLarge } from "./problem.js";
import { issuesOf, withNearest } from "./schema-issue.js";

const MOST_PROBLEMS = 20; // told of one file; one slip can make thousands
const MOST_ALIASES = 50; // aliases of aliases grow exponentially

/**
 * Reads YAML.
 * @param file what to call the file in problems
 * @param largest in bytes
 */
export function readYaml<T>(
	file: string,
	text: string,
	schema: z.ZodType<T>,
	largest: number,
): { value: T } | { problems: Problem[] } {
	if (Buffer.byteLength(text) > largest) {
		return { problems: [tooLarge(file, largest)] };
	}
	const lines = new LineCounter();
	const problem = (offset: number, path: string, message: string): Problem => {
		const { line, col } = lines.linePos(offset);
		return { file, line: line || 1, column: col || 1, path, message };
	};
	const complex = tooComplex(text);
	if (complex) {
		const { line, message } = complex;
		return { problems: [{ file, line, column: 1, path: "", message }] };
	}
	const document = parseDocument(text, {
		lineCounter: lines,
		stringKeys: true,
	});
	if (document.errors.length > 0) {
		const problems = document.errors
			.slice(0, MOST_PROBLEMS)
			.map(({ pos, message }) => problem(pos[0], "", firstLine(message)));
		return { problems };
	}
	// A key can also be written with escapes.
	const unsettable = /proto|\\/.test(text) ? protoKeys(document) : [];
	if (unsettable.length > 0) {
		const problems = unsettable.map((offset) =>
			problem(offset, "", '"__proto__" cannot be set'),
		);
		return { problems };
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: MOST_ALIASES });
	} catch (error) {
		return { problems: [problem(0, "", `aliases: ${messageOf(error)}`)] };
	}
	const result = schema.safeParse(value, withNearest);
	if (result.success) return { value: result.data };
	const problems = issuesOf(result.error)
		.slice(0, MOST_PROBLEMS)
		.map(({ path, message, isUnknownKey }) =>
			problem(
				offsetOf(document, path, isUnknownKey === true),
				path.join("."),
				message,
			),
		);
	return { problems };
}

/** yaml's messages go on with the place and an excerpt, which are told apart. */
const firstLine = (message: string): string =>
	message.split("\n", 1)[0]?.replace(/ at line \d+.*$/, "") ?? "";

/** Where a key is `__proto__`, which zod would leave out without a word. */
function protoKeys(document: Document): number[] {
	const offsets: number[] = [];
	visit(document, {
		Pair(_, { key }) {
			if (String(key) === "__proto__") offsets.push(startOf(key) ?? 0);
		},
	});
	return offsets;
}

/** Where the deepest node on `path` begins; a key that should not be there, at the key. */
function offsetOf(
	document: Document,
	path: readonly PropertyKey[],
	atKey: boolean,
): number {
	let node: unknown = document.contents;
	let offset = startOf(node) ?? 0;
	for (const [index, step] of path.entries()) {
		if (isAlias(node)) node = node.resolve(document);
		if (isMap(node)) {
			const pair = node.items.find(
				({ key }) => isNode(key) && String(key) === String(step),
			);
			if (!pair) break;
			node = pair.value;
			const wantsKey = atKey && index === path.length - 1;
			offset =
				(wantsKey ? undefined : startOf(node)) ?? startOf(pair.key) ?? offset;
		} else if (isSeq(node)) {
			node = node.items[Number(step)];
			offset = startOf(node) ?? offset;
		} else {
			break;
		}
	}
	return offset;
}

const startOf = (node: unknown): number | undefined =>
	isNode(node) ? node.range?.[0] : undefined;

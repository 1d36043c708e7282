// One scenario file: its text, checked, or all that is wrong with it and where.
import {
	type Document,
	isAlias,
	isMap,
	isNode,
	isSeq,
	LineCounter,
	parseDocument,
} from "yaml";
import { messageOf } from "../errors.js";
import { faultsOf, UNKNOWN_KEY } from "./faults.js";
import { type Scenario, scenarioSchema } from "./schema.js";

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

/** The largest scenario file, in bytes. */
export const LARGEST_FILE = 256 * 1024;

const MOST_ALIASES = 50; // aliases of aliases grow exponentially
const ID = /^[a-z0-9]+([.-][a-z0-9]+)*(\/[a-z0-9]+([.-][a-z0-9]+)*)*$/;

/**
 * Reads a scenario.
 * @param id its path in the catalogue, without the ending
 * @param file what to call the file in problems
 */
export function readScenario(
	id: string,
	file: string,
	text: string,
): Scenario | Problem[] {
	const lines = new LineCounter();
	const problem = (offset: number, path: string, message: string): Problem => {
		const { line, col } = lines.linePos(offset);
		return { file, line: line || 1, column: col || 1, path, message };
	};
	if (Buffer.byteLength(text) > LARGEST_FILE) {
		return [problem(0, "", `larger than ${LARGEST_FILE / 1024} KiB`)];
	}
	if (!ID.test(id)) {
		return [
			problem(
				0,
				"",
				`"${id}" cannot be a scenario's id: use kebab-case, such as ref/protected-tag.yaml`,
			),
		];
	}
	const document = parseDocument(text, {
		lineCounter: lines,
		stringKeys: true,
	});
	if (document.errors.length > 0) {
		return document.errors.map(({ pos, message }) =>
			problem(
				pos[0],
				"",
				message.split("\n", 1)[0]?.replace(/ at line \d+.*$/, "") ?? "",
			),
		);
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: MOST_ALIASES });
	} catch (error) {
		return [problem(0, "", `aliases: ${messageOf(error)}`)];
	}
	const result = scenarioSchema.safeParse(value);
	if (result.success) return { ...result.data, id, file };
	return faultsOf(result.error).map(({ path, message }) =>
		problem(
			offsetOf(document, path, message === UNKNOWN_KEY),
			path.join("."),
			message,
		),
	);
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

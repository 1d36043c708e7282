// What a CEL expression looks at: the members of its variables, and the texts that it compares them with.
import type { ASTNode } from "@marcbachmann/cel-js";
import { fromLibrary } from "./cel-names.js";

export type CelNode = ASTNode;

/** A variable and the names that lead on from it: `assertion.a["b"]`. */
export interface Selection {
	root: string;
	names: readonly string[];
	/** where it is compared with `==` or `in`: with these */
	texts: readonly string[];
}

/** Each selection in `node`, once for each place. */
export function selectionsIn(node: CelNode): Selection[] {
	const own = selectionOf(node);
	if (own) return [own, ...indexesOf(node).flatMap(selectionsIn)];
	if (node.op === "==" || node.op === "in") {
		const [left, right] = node.args;
		const texts = [
			...compared(left, textsOf(right)),
			...(node.op === "==" ? compared(right, textsOf(left)) : []),
			...(node.op === "in" ? containing(right, left) : []),
		];
		if (texts.length > 0)
			return [
				...texts,
				...[left, right].flatMap(indexesOf).flatMap(selectionsIn),
			];
	}
	const inner = nodesIn(node.args).flatMap(selectionsIn);
	return node.op === "!_"
		? inner.map((selection) => ({ ...selection, texts: [] }))
		: inner;
}

/** `a.b["c"]` as names, as far as they are known; undefined for anything else. */
export function selectionOf(node: CelNode): Selection | undefined {
	if (node.op === "id") {
		return { root: fromLibrary(node.args), names: [], texts: [] };
	}
	const isMember = node.op === "." || node.op === ".?";
	const isIndex = node.op === "[]" || node.op === "[?]";
	if (!isMember && !isIndex) return undefined;
	const [inner, name] = node.args;
	const before = selectionOf(inner);
	if (typeof name === "string") {
		return before && { ...before, names: [...before.names, name] };
	}
	return before && typeof name.args === "string" && name.op === "value"
		? { ...before, names: [...before.names, name.args] }
		: before;
}

const compared = (node: CelNode, texts: readonly string[]): Selection[] => {
	const selection = selectionOf(node);
	return selection && texts.length > 0 ? [{ ...selection, texts }] : [];
};

/** `"a" in assertion` asks for the member a, `"a" in assertion.list` for an entry. */
const containing = (whole: CelNode, entry: CelNode): Selection[] => {
	const selection = selectionOf(whole);
	const [text] = entry.op === "value" ? textsOf(entry) : [];
	if (selection === undefined || text === undefined) return [];
	return selection.names.length === 0
		? [{ ...selection, names: [text] }]
		: [{ ...selection, texts: [text] }];
};

const textsOf = (node: CelNode): string[] => {
	if (node.op === "list") return node.args.flatMap(textsOf);
	return node.op === "value" && typeof node.args === "string"
		? [node.args]
		: [];
};

/** What stands in brackets and is no plain text. */
const indexesOf = (node: CelNode): CelNode[] => {
	if (node.op === "[]" || node.op === "[?]") {
		const [inner, index] = node.args;
		return [...indexesOf(inner), ...(index.op === "value" ? [] : [index])];
	}
	return node.op === "." || node.op === ".?" ? indexesOf(node.args[0]) : [];
};

/** The nodes among a node's operands, which may be lists of lists. */
export const nodesIn = (operands: unknown): CelNode[] => {
	if (Array.isArray(operands)) return operands.flatMap(nodesIn);
	return typeof operands === "object" && operands !== null && "op" in operands
		? [operands as CelNode]
		: [];
};

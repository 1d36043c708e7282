// GitLab's expressions: read as its shunting-yard parser reads them, evaluated as Ruby would.
import { type Operator, type Token, tokensOf } from "./lexer.js";
import type { Pattern, Patterns } from "./pattern.js";

/** The value of a variable; null: there is none. */
export type Lookup = (name: string) => string | null;

/** An expression that GitLab takes. */
export interface Expression {
	text: string;
	/** whether it holds: its value is there, and not blank */
	holds(lookup: Lookup): boolean;
}

type Value = string | boolean | null | Pattern;
type Node = (lookup: Lookup) => Value;

/** How tightly they bind, GitLab's numbers. */
const PRECEDENCE: Record<Operator | "!", number> = {
	"!": 1,
	"==": 10,
	"!=": 10,
	"=~": 10,
	"!~": 10,
	"&&": 11,
	"||": 12,
};

/** @returns the expression, or why GitLab refuses it */
export function readExpression(
	text: string,
	version: string,
	patterns: Patterns,
): Expression | string {
	const tokens = tokensOf(text, version);
	if (typeof tokens === "string") return tokens;
	const ordered = inReverse(tokens);
	if (typeof ordered === "string") return ordered;
	const node = treeOf(ordered, patterns);
	if (typeof node === "string") return node;
	return { text, holds: (lookup) => isPresent(node(lookup)) };
}

type Waiting = Exclude<Token, { kind: "variable" | "text" | "pattern" }>;

/** In Polish order, the operators behind what they are about. */
function inReverse(tokens: readonly Token[]): Token[] | string {
	const output: Token[] = [];
	const waiting: Waiting[] = [];
	const binding = (token: Waiting | undefined) =>
		token?.kind === "operator"
			? PRECEDENCE[token.operator]
			: token?.kind === "!"
				? PRECEDENCE["!"]
				: Number.POSITIVE_INFINITY;
	const release = (upTo: number) => {
		while (binding(waiting.at(-1)) <= upTo) output.push(waiting.pop() as Token);
	};
	for (const token of tokens) {
		if (token.kind === "operator") {
			release(PRECEDENCE[token.operator]);
			waiting.push(token);
		} else if (token.kind === "(" || token.kind === "!") {
			waiting.push(token);
		} else if (token.kind === ")") {
			release(100);
			if (!waiting.pop()) return "a ) without its (";
		} else {
			output.push(token);
		}
	}
	if (waiting.some(({ kind }) => kind === "(")) return "a ( without its )";
	return [...output, ...waiting.toReversed()];
}

function treeOf(tokens: readonly Token[], patterns: Patterns): Node | string {
	const nodes: Node[] = [];
	for (const token of tokens) {
		const right =
			token.kind === "operator" || token.kind === "!" ? nodes.pop() : undefined;
		const left = token.kind === "operator" ? nodes.pop() : undefined;
		if (token.kind === "operator") {
			if (!left || !right)
				return `${token.operator} needs a value on each side`;
			nodes.push(APPLY[token.operator](left, right, patterns));
		} else if (token.kind === "!") {
			if (!right) return "! needs a value";
			nodes.push((lookup) => !isPresent(right(lookup)));
		} else {
			const node = leaf(token, patterns);
			if (typeof node === "string") return node;
			nodes.push(node);
		}
	}
	const [node, ...more] = nodes;
	if (!node) return "there is nothing in it";
	return more.length > 0 ? "two values without an operator between them" : node;
}

function leaf(token: Token, patterns: Patterns): Node | string {
	switch (token.kind) {
		case "variable":
			return (lookup) => lookup(token.name);
		case "text":
			return () => token.text;
		case "boolean":
			return () => token.value;
		case "pattern": {
			const pattern = patterns.read(token.source);
			return pattern
				? () => pattern
				: `${token.source} is no pattern of RE2's, which has no lookaround and no back-references`;
		}
		default:
			return () => null;
	}
}

type Apply = (left: Node, right: Node, patterns: Patterns) => Node;

const APPLY: Record<Operator, Apply> = {
	"==": (left, right) => (lookup) => left(lookup) === right(lookup),
	"!=": (left, right) => (lookup) => left(lookup) !== right(lookup),
	"=~": (left, right, patterns) => (lookup) =>
		matches(left(lookup), right(lookup), patterns),
	"!~": (left, right, patterns) => (lookup) =>
		!matches(left(lookup), right(lookup), patterns),
	// As in Ruby an empty text is true here, and the last value is the result.
	"&&": (left, right) => (lookup) => {
		const value = left(lookup);
		return isTrue(value) ? right(lookup) : value;
	},
	"||": (left, right) => (lookup) => {
		const value = left(lookup);
		return isTrue(value) ? value : right(lookup);
	},
};

const isTrue = (value: Value) => value !== null && value !== false;

const isPresent = (value: Value) =>
	typeof value === "string" ? value.trim() !== "" : isTrue(value);

/** A text that is no pattern is searched for what is on the left: GitLab's oddity. */
function matches(left: Value, right: Value, patterns: Patterns): boolean {
	if (right === null || typeof right === "boolean") return false;
	const text = typeof left === "object" ? "" : String(left);
	if (typeof right === "object") return right.foundIn(text);
	const pattern = patterns.read(right);
	return pattern ? pattern.foundIn(text) : right.includes(text);
}

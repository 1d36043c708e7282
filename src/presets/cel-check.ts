// What no type tells of a CEL expression before it is evaluated: patterns that are none, and a choice by a text.
import { MockError, messageOf } from "../errors.js";
import { type CelNode, nodesIn, selectionOf } from "./cel-walk.js";

const refused = (what: string, { start }: CelNode, message: string) =>
	new MockError(
		"invalid_option",
		`${what}, character ${start + 1}: ${message}`,
	);

/**
 * Sees to it that patterns that are written out can be compiled.
 * @throws MockError `invalid_option`
 */
export function checkPatterns(
	node: CelNode,
	re2: { compile(pattern: string): unknown },
	what: string,
): void {
	const pattern = patternOf(node);
	if (pattern !== undefined) {
		try {
			re2.compile(pattern);
		} catch (error) {
			const reason = messageOf(error).slice(0, 200);
			throw refused(what, node, `no regular expression of RE2: ${reason}`);
		}
	}
	for (const inner of nodesIn(node.args)) checkPatterns(inner, re2, what);
}

const WITH_PATTERN: ReadonlySet<string> = new Set([
	"_matchs",
	"find",
	"findAll",
]);

/** The pattern of a call that takes one, where it is written out. */
function patternOf(node: CelNode): string | undefined {
	if (node.op !== "rcall" && node.op !== "call") return undefined;
	if (!WITH_PATTERN.has(node.args[0])) return undefined;
	const pattern = node.op === "call" ? node.args[1][1] : node.args[2][0];
	return pattern?.op === "value" && typeof pattern.args === "string"
		? pattern.args
		: undefined;
}

/**
 * Refuses a choice by a claim, as in `assertion.ref_protected ? "a" : "b"`: CEL's evaluation of it fails, it is found in
 * much that is copied for Google, and nobody says what Google does.
 * @throws MockError `invalid_option`
 */
export function checkChoices(node: CelNode, what: string): void {
	if (node.op === "?:" && selectionOf(node.args[0])) {
		throw refused(
			what,
			node,
			"before ? stands a claim, and claims are texts, not true or false: CEL's evaluation fails, and what the service does then is not documented; compare it, as in assertion.ref_protected == 'true' ? … : …",
		);
	}
	for (const inner of nodesIn(node.args)) checkChoices(inner, what);
}

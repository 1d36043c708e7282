// What no type tells of a CEL expression before it is evaluated: patterns that are none, and a condition that is a text.
import { MockError, messageOf } from "../errors.js";
import { type CelNode, nodesIn, selectionOf } from "./cel-walk.js";

/**
 * @param compile throws for what is no regular expression
 * @throws MockError `invalid_option`
 */
export function checkNode(
	node: CelNode,
	compile: (pattern: string) => unknown,
	what: string,
): void {
	const refuse = (message: string) => {
		const place = `${what}, character ${node.start + 1}`;
		return new MockError("invalid_option", `${place}: ${message}`);
	};
	const pattern = patternOf(node);
	if (pattern !== undefined) {
		try {
			compile(pattern);
		} catch (error) {
			throw refuse(
				`no regular expression of RE2: ${messageOf(error).slice(0, 200)}`,
			);
		}
	}
	if (node.op === "?:" && selectionOf(node.args[0])) {
		throw refuse(
			"before ? stands a claim, and claims are texts, not true or false: CEL's evaluation fails, and what the service does then is not documented; compare it, as in assertion.ref_protected == 'true' ? … : …",
		);
	}
	for (const inner of nodesIn(node.args)) checkNode(inner, compile, what);
}

/** The pattern of a call of matches that is written out. */
function patternOf(node: CelNode): string | undefined {
	if (node.op !== "rcall" && node.op !== "call") return undefined;
	if (node.args[0] !== "_matchs") return undefined;
	const last = (node.op === "call" ? node.args[1] : node.args[2]).at(-1);
	return last?.op === "value" && typeof last.args === "string"
		? last.args
		: undefined;
}

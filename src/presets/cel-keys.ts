// Tables written out, such as `{"22": "app"}[assertion.project_id]`: our library finds the number 22 there too, and CEL does not.
import { type CelNode, nodesIn } from "./cel-walk.js";

/** What the keys go through: it takes texts alone. */
export const TEXT_KEY = "_textkey";

/** The same with each such key made sure of; undefined where there is none. Nodes are those of `serialize` alone. */
export function withTextKeys(node: CelNode): CelNode | undefined {
	return hasTable(node) ? strict(node) : undefined;
}

const isLookUp = (node: CelNode) =>
	(node.op === "[]" || node.op === "[?]") &&
	node.args[0].op === "map" &&
	node.args[0].args.every(
		([key]) => key.op === "value" && typeof key.args === "string",
	);

const hasTable = (node: CelNode): boolean =>
	isLookUp(node) || nodesIn(node.args).some(hasTable);

function strict(node: CelNode): CelNode {
	const args = inside(node.args);
	if (!isLookUp(node)) return remade(node, node.op, args);
	const [table, key] = args as [CelNode, CelNode];
	return remade(node, node.op, [table, remade(key, "call", [TEXT_KEY, [key]])]);
}

const inside = (args: unknown): unknown => {
	if (Array.isArray(args)) return args.map(inside);
	return typeof args === "object" && args !== null && "op" in args
		? strict(args as CelNode)
		: args;
};

const remade = (node: CelNode, op: CelNode["op"], args: unknown) =>
	({ op, args, start: node.start, end: node.end }) as CelNode;

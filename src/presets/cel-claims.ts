// Which claims a CEL expression looks at, also by way of what was made of them: attributes, a user's name.
import type { Part } from "../verdict/policy/expression.js";
import { type CelNode, type Selection, selectionsIn } from "./cel-walk.js";
import { claimPath } from "./claim-path.js";

/** What something is made of. */
export interface Made {
	/** claims */
	reads: readonly string[];
	/** the one claim that it is, unchanged */
	plain?: string | undefined;
}

/**
 * The claims that an expression looks at, and the texts that it compares them with.
 * @param root the variable that holds the claims
 * @param madeOf what a selection of another variable is made of; undefined where that is not known
 */
export function claimsIn(
	node: CelNode,
	root: string,
	madeOf: (selection: Selection) => Made | undefined = () => undefined,
): Pick<Part, "reads" | "named"> {
	const found = selectionsIn(node).map((selection) => {
		const made =
			selection.root === root ? madeOfClaim(selection) : madeOf(selection);
		return { reads: [], ...made, texts: selection.texts };
	});
	return {
		reads: [...new Set(found.flatMap(({ reads }) => reads))],
		named: found.flatMap(({ plain: path, texts }) =>
			path === undefined ? [] : texts.map((text) => ({ path, text })),
		),
	};
}

/** What the value of an expression over `root` alone is made of. */
export function madeBy(node: CelNode, root: string): Made {
	const { reads } = claimsIn(node, root);
	const isSelection = /^[[.]/.test(node.op) && reads.length === 1;
	return { reads, plain: isSelection ? reads[0] : undefined };
}

function madeOfClaim({ names }: Selection): Made {
	const path = claimPath(names);
	return path === undefined ? { reads: [] } : { reads: [path], plain: path };
}

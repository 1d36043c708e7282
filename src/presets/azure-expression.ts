// The claimsMatchingExpression of a flexible federated identity credential as conditions on claims.
import { MockError } from "../errors.js";
import type { Bound } from "./preset.js";

/**
 * Of a token of GitLab, Entra looks at these: "Set up a flexible federated identity credential" has the first two,
 * "Mutable subjects" the others.
 */
const CLAIMS: ReadonlySet<string> = new Set([
	...["sub", "project_id", "namespace_id", "user_id"],
]);

const COMPARISON =
	/^claims\[(?:'([^']*)'|"([^"]*)")\]\s+([A-Za-z]+)\s+'((?:[^']|'')*)'/;
const AND = /^\s+and\s+/;

const refused = (message: string) =>
	new MockError("invalid_option", `Azure claimsMatchingExpression${message}`);

/**
 * Comparisons with `eq` and `matches`, joined by `and`; a quotation mark in a text is doubled.
 *
 * Source: Entra, "Flexible federated identity credentials". Of `matches` it says that `*` stands for many characters
 * and `?` for one; that the whole value is meant, and case counts, is our reading.
 * @throws MockError `invalid_option` with the place, for anything else
 */
export function azureBounds(expression: string): Bound[] {
	const bounds: Bound[] = [];
	let rest = expression.trim();
	const place = () =>
		`, character ${expression.trimEnd().length - rest.length + 1}`;
	for (;;) {
		const found = COMPARISON.exec(rest);
		if (!found) {
			throw refused(
				`${place()}: expected claims['NAME'] eq 'TEXT' or claims['NAME'] matches 'TEXT'`,
			);
		}
		const [whole, single, double, operator = "", quoted = ""] = found;
		bounds.push(boundOf(single ?? double ?? "", operator, quoted, place()));
		rest = rest.slice(whole.length);
		if (rest === "") return bounds;
		const and = AND.exec(rest)?.[0];
		if (and === undefined) {
			throw refused(
				`${place()}: expected " and "; there is no or, and there are no parentheses`,
			);
		}
		rest = rest.slice(and.length);
	}
}

function boundOf(
	claim: string,
	operator: string,
	quoted: string,
	place: string,
): Bound {
	if (!CLAIMS.has(claim)) {
		throw refused(
			`${place}: of a token of GitLab Entra looks at ${[...CLAIMS].join(", ")} alone, not at ${JSON.stringify(claim.slice(0, 60))}`,
		);
	}
	const text = quoted.replaceAll("''", "'");
	switch (operator.toLowerCase()) {
		case "eq":
			return [claim, { equals: text, list: "never" }];
		case "matches":
			return [claim, { like: text, list: "never" }];
		default:
			throw refused(
				`${place}: the operator ${operator.slice(0, 40)} cannot be followed: eq and matches can`,
			);
	}
}

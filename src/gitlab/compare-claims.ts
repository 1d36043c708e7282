// Claims of two tokens of one job held against each other, one by one.
import { isDeepStrictEqual } from "node:util";
import type { Claims } from "./claims.js";

/** One claim that is otherwise. */
export interface ClaimDifference {
	/** its name; `order`: all are there, and stand in another order */
	claim: string;
	/** undefined: it is not there */
	token: unknown;
	ours: unknown;
}

/** What differs, in the order of the token. */
export function compareClaims(token: Claims, ours: Claims): ClaimDifference[] {
	const names = [...new Set([...Object.keys(token), ...Object.keys(ours)])];
	const differences = names
		.filter((name) => !isDeepStrictEqual(token[name], ours[name]))
		.map((claim) => ({ claim, token: token[claim], ours: ours[claim] }));
	const common = (one: Claims, other: Claims) =>
		Object.keys(one).filter((name) => Object.hasOwn(other, name));
	const orders = [common(token, ours), common(ours, token)] as const;
	if (!isDeepStrictEqual(...orders))
		differences.push({ claim: "order", token: orders[0], ours: orders[1] });
	return differences;
}

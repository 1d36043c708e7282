// Which claims a policy binds, and which values of each it names.
import { isMatched } from "../../scenario/near/miss.js";
import type { Condition, Policy } from "../policy/schema.js";

/** A claim that is bound. */
export interface Bound {
	/** its name, or a JSON pointer into it */
	path: string;
	/** texts that the policy names for it: exact ones */
	named: readonly string[];
}

/** The bound claims in the order of the policy; `iss` and `aud` first, since everybody binds them. */
export function boundClaims(policy: Policy): Bound[] {
	const texts = new Map<string, Set<string>>([
		["iss", new Set()],
		["aud", new Set()],
	]);
	const textsOf = (path: string) => {
		const named = texts.get(path) ?? new Set<string>();
		texts.set(path, named);
		return named;
	};
	for (const { claims = {}, required = [] } of [
		policy,
		...(policy.any_of ?? []),
	]) {
		for (const [path, condition] of Object.entries(claims)) {
			const named = textsOf(path);
			for (const text of exactTexts(condition)) named.add(text);
		}
		for (const path of required) textsOf(path);
	}
	for (const { reads, named } of policy.expression?.parts ?? []) {
		for (const path of reads) textsOf(path);
		for (const { path, text } of named) textsOf(path).add(text);
	}
	return [...texts]
		.filter(([path]) => isMatched(path))
		.map(([path, named]) => ({ path, named: [...named] }));
}

/** What a condition takes as it stands; what it forbids, and patterns, are left out. */
function exactTexts(condition: Condition): string[] {
	if (typeof condition === "string") return [condition];
	if (typeof condition !== "object") return [];
	if (Array.isArray(condition)) return condition.flatMap(exactTexts);
	if ("any" in condition) return condition.any.flatMap(exactTexts);
	if ("all" in condition) return condition.all.flatMap(exactTexts);
	return "equals" in condition
		? [condition.equals].flat().flatMap(exactTexts)
		: [];
}

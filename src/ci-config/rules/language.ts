// The languages of rules, ready to read one pipeline's: expressions and patterns, loaded where they are needed.
import type { Budget } from "../budget.js";
import {
	isList,
	isMapping,
	type Mapping,
	memberOf,
	type Value,
} from "../value.js";
import { type Expression, readExpression } from "./expression.js";
import { loadPatterns, NO_PATTERNS } from "./pattern.js";
import type { Language } from "./rule.js";

const KEYWORDS = ["rules", "only", "except"];

/** Whether a text in it may have a pattern: RE2 takes 50 ms to load. */
function mayHavePattern(value: Value | undefined): boolean {
	if (typeof value === "string") return /[=!]~|(?:^|[\s(&|!=])\//.test(value);
	if (isList(value)) return value.some(mayHavePattern);
	return (
		isMapping(value) &&
		[...value.values()].some((member) => mayHavePattern(member.value))
	);
}

/**
 * @param configs what may have rules: without any, nothing is loaded
 * @param version GitLab's
 */
export async function loadLanguage(
	configs: readonly Mapping[],
	complete: boolean,
	version: string,
	budget: Budget,
): Promise<Language> {
	const needed = configs.some((config) =>
		KEYWORDS.some((key) => mayHavePattern(memberOf(config, key)?.value)),
	);
	const patterns = needed ? await loadPatterns(budget) : NO_PATTERNS;
	const read = new Map<string, Expression | string>();
	return {
		patterns,
		complete,
		version,
		expression(text) {
			const known = read.get(text);
			if (known !== undefined) return known;
			budget.spend(1 + Math.ceil(text.length / 16));
			const expression = readExpression(text, version, patterns);
			read.set(text, expression);
			return expression;
		},
	};
}

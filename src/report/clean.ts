// A result whose every text is safe to print: what each report begins with.

import { safeText } from "../safe-text.js";
import type { CheckResult } from "../verdict/result.js";

const LONGEST = 1_000;
/** Longer than any token that a service takes in a header. */
const LONGEST_TOKEN = 20_000;

/**
 * The same result without control characters, tokens and endless texts, wherever they came from.
 * Only a finding's `token`, which whoever ran the check may have asked for, is left as long as it is.
 */
export function cleanResult(result: CheckResult): CheckResult {
	const clean = cleaned(result);
	return {
		...clean,
		findings: clean.findings.map((finding, index) => {
			const token = result.findings[index]?.token ?? null;
			return {
				...finding,
				token: token && safeText(token, LONGEST_TOKEN, { keepTokens: true }),
			};
		}),
	};
}

/** A value whose every text is safe to print. */
export const cleaned = <T>(value: T): T => cleanedValue(value) as T;

function cleanedValue(value: unknown): unknown {
	if (typeof value === "string") return safeText(value, LONGEST);
	if (Array.isArray(value)) return value.map(cleanedValue);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, member]) => [
			safeText(key, LONGEST),
			cleanedValue(member),
		]),
	);
}

// JSON that a user brings from a service, of any shape, against a schema.

import type { z } from "zod";
import { MockError } from "../errors.js";
import { isJsonObject } from "../json-object.js";
import { issueText } from "../scenario/schema-issue.js";

const DEEPEST = 32;
const MOST_VALUES = 20_000;

/**
 * Reads what JSON.parse made.
 * @param what it is called in the message, such as `Vault role`
 * @throws MockError `invalid_option`
 */
export function readGiven<T>(
	given: unknown,
	schema: z.ZodType<T>,
	what: string,
): T {
	const unfit = unfitness(given);
	if (unfit !== undefined) {
		throw new MockError("invalid_option", `${what}: ${unfit}`);
	}
	const result = schema.safeParse(given);
	if (result.success) return result.data;
	throw new MockError(
		"invalid_option",
		`${what}: ${issueText(result.error, "as a whole")}`,
	);
}

/** Own members of an object that is no list; undefined for anything else. */
export const membersOf = (
	value: unknown,
): Record<string, unknown> | undefined =>
	isJsonObject(value) ? value : undefined;

/** What a schema would not see: a `__proto__`, which zod leaves out without a word, and depth, which it follows. */
function unfitness(given: unknown): string | undefined {
	let level: unknown[] = [given];
	let count = 0;
	for (let depth = 0; level.length > 0; depth += 1) {
		if (depth > DEEPEST) return `nested more than ${DEEPEST} deep`;
		count += level.length;
		if (count > MOST_VALUES) return `more than ${MOST_VALUES} values`;
		const next: unknown[] = [];
		for (const value of level) {
			if (typeof value !== "object" || value === null) continue;
			if (Object.hasOwn(value, "__proto__")) {
				return 'a member is called "__proto__", which no service takes';
			}
			for (const inner of Object.values(value)) next.push(inner);
		}
		level = next;
	}
	return undefined;
}

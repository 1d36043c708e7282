// What a running server answers a check, as far as the check relies on it: a server may be anybody's, or of another version.
import { z } from "zod";
import { MockError } from "../errors.js";
import { faultsSchema } from "../scenario/fault.js";
import { issueText } from "../scenario/schema-issue.js";

const members = z.record(z.string(), z.unknown());
const key = z.looseObject({ kid: z.string() });

export const ANSWERS = {
	health: z.object({ issuer: z.string(), gitlab_version: z.string() }),
	scenarios: z.object({
		scenarios: z.array(
			z.looseObject({
				id: z.string(),
				title: z.string(),
				why: z.string(),
				expect: z.enum(["accept", "reject", "policy", "either"]),
				spec: z.array(z.string()),
				instance: z.object({ faults: faultsSchema.optional() }).optional(),
			}),
		),
	}),
	faults: faultsSchema,
	token: z.object({
		token: z.string(),
		scenario: z.string(),
		header: members,
		claims: members,
	}),
	jwks: z.object({ keys: z.array(z.looseObject({})) }),
	keys: z.object({
		keys: z.array(key.extend({ signs: z.array(z.string()) })),
	}),
	clock: z.object({ now: z.number() }),
	requests: z.object({
		requests: z.array(
			z.object({
				id: z.number(),
				time: z.string(),
				method: z.string(),
				path: z.string(),
				status: z.number().nullable(),
			}),
		),
	}),
	instance: z.object({ name: z.string(), issuer: z.string() }),
	/** of which nothing is read */
	done: z.unknown(),
} as const;

/**
 * What a server answered, which `schema` says is needed.
 * @param what was answered, for the error
 * @throws MockError `unreachable` where it is something else
 */
export function checkedAnswer<Schema extends z.ZodType>(
	schema: Schema,
	value: unknown,
	what: string,
): z.infer<Schema> {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	throw new MockError(
		"unreachable",
		`${what} is not what a check needs: ${issueText(result.error, "as a whole")}`,
	);
}

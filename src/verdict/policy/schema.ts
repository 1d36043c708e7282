// What one relying party demands of claims, beyond what every token must satisfy.
import { z } from "zod";
import { messageOf } from "../../errors.js";
import type { Expression } from "./expression.js";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.union([scalar, z.array(scalar).min(1)]);
const texts = z.union([z.string(), z.array(z.string()).min(1)]);

const expression = z.string().superRefine((source, context) => {
	try {
		new RegExp(source);
	} catch (error) {
		// The message quotes the whole expression, which stands in the file beside it.
		const reason = messageOf(error).split(": ").at(-1) ?? "";
		const message = `no regular expression of JavaScript: ${reason.slice(0, 100)}`;
		context.addIssue({ code: "custom", message });
	}
});
const expressions = z.union([expression, z.array(expression).min(1)]);

const missing = z.literal("ok").optional().meta({
	description: "a token without the claim gets in, too",
});
const reading = {
	"ignore-case": z.literal(true).optional().meta({
		description: "upper and lower case are the same",
	}),
	list: z.enum(["never", "only"]).optional().meta({
		description:
			"of a claim that is a list one entry that fits is enough; `never`: a list does not do, `only`: nothing else does",
	}),
	missing,
};

/** How one value is compared. Of several texts or values, one that fits is enough. */
const patternSchema = z
	.union([
		z.strictObject({ equals: values, ...reading }),
		z.strictObject({ glob: texts, ...reading }).meta({
			description: "`*` stands for any text, as in Vault",
		}),
		z.strictObject({ like: texts, ...reading }).meta({
			description: "`*` stands for any text, `?` for one character, as in AWS",
		}),
		z.strictObject({ "starts-with": texts, ...reading }),
		z.strictObject({ "ends-with": texts, ...reading }),
		z.strictObject({ regex: expressions, ...reading }).meta({
			description:
				"a regular expression of JavaScript that matches the whole or a part; a claim of more than 10,000 characters never fits",
		}),
		z.strictObject({ "max-bytes": z.int().min(0), ...reading }).meta({
			description: "a text of at most so many bytes of UTF-8",
		}),
	])
	.meta({ id: "pattern" });
export type Pattern = z.infer<typeof patternSchema>;

const plainSchema = z
	.union([
		scalar.meta({ description: "exactly this value" }),
		z.array(scalar).min(1).meta({ description: "one of these" }),
		patternSchema,
	])
	.meta({ id: "wanted" });
export type Plain = z.infer<typeof plainSchema>;

// What is missing is not compared, and so not negated either.
const MISSING_INSIDE = "`missing` stands beside `not` or `every`, not in it";
const hasNoMissing = (plain: Plain) =>
	typeof plain !== "object" || !("missing" in plain);

const clauseSchema = z
	.union([
		plainSchema,
		z
			.strictObject({ not: plainSchema, missing })
			.refine(({ not }) => hasNoMissing(not), MISSING_INSIDE)
			.meta({ description: "there, and none of these" }),
		z
			.strictObject({ every: plainSchema, missing })
			.refine(({ every }) => hasNoMissing(every), MISSING_INSIDE)
			.meta({
				description: "each entry of the list fits; an empty list does, too",
			}),
	])
	.meta({ id: "clause" });
export type Clause = z.infer<typeof clauseSchema>;

const anySchema = z.strictObject({ any: z.array(clauseSchema).min(1) }).meta({
	description: "one of these conditions holds",
});

/** What a claim must be. A claim that is null counts as missing. */
const conditionSchema = z
	.union([
		clauseSchema,
		anySchema,
		z
			.strictObject({ all: z.array(z.union([clauseSchema, anySchema])).min(1) })
			.meta({ description: "each of these conditions holds" }),
	])
	.meta({ id: "condition" });
export type Condition = z.infer<typeof conditionSchema>;

const claimPath = z
	.string()
	.min(1)
	.refine(
		(path) => !path.startsWith("/") || !/~(?![01])/.test(path),
		'in a JSON pointer "~" is written ~0, and a "/" in a name ~1',
	);

const bound = {
	claims: z.record(claimPath, conditionSchema).optional().meta({
		description:
			"bound claims, by name or JSON pointer (`/a/b`): a value, a list, or `{ glob: … }`, `{ regex: … }`, …",
	}),
	required: z.array(claimPath).optional().meta({
		description: "claims that must be there, with any value",
	}),
};
const demandsSchema = z.strictObject(bound);
export type Demands = z.infer<typeof demandsSchema>;

const seconds = z.number().min(0).max(86_400);

export const policySchema = z.strictObject({
	...bound,
	any_of: z.array(demandsSchema).min(1).max(100).optional().meta({
		description:
			"sets of such demands: one of them must be met, beside what stands above",
	}),
	leeway: z
		.union([
			seconds,
			z.strictObject({
				exp: seconds.optional(),
				nbf: seconds.optional(),
				iat: seconds.optional(),
			}),
		])
		.optional()
		.meta({ description: "seconds by which clocks may differ; default 0" }),
	audience: z.enum(["contains", "single"]).optional().meta({
		description:
			"`contains` (default): ours is in `aud`; `single`: it is the only one",
	}),
	replay: z.enum(["accept", "reject"]).optional().meta({
		description: "whether a token is good more than once; default accept",
	}),
	algorithms: z.array(z.string()).min(1).optional().meta({
		description: "which it takes; default RS256 alone",
	}),
});
/** What a relying party demands. No file can hold an expression: a preset makes it of a service's settings. */
export type Policy = z.infer<typeof policySchema> & {
	expression?: Expression | undefined;
};

// What one relying party demands of claims, beyond what every token must satisfy.
import { z } from "zod";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const texts = z.union([z.string(), z.array(z.string()).min(1)]);
const ignoreCase = z.literal(true).optional().meta({
	description: "upper and lower case are the same",
});

/** What a claim must be. Of a list, one entry that fits is enough; of a claim that is a list, too. */
export const conditionSchema = z.union([
	scalar.meta({ description: "exactly this value" }),
	z.array(scalar).min(1).meta({ description: "one of these" }),
	z.strictObject({
		equals: z.union([scalar, z.array(scalar).min(1)]),
		"ignore-case": ignoreCase,
	}),
	z.strictObject({ glob: texts, "ignore-case": ignoreCase }).meta({
		description: "`*` stands for any text, as in Vault",
	}),
	z.strictObject({ like: texts, "ignore-case": ignoreCase }).meta({
		description: "`*` stands for any text, `?` for one character, as in AWS",
	}),
	z.strictObject({ "starts-with": texts }),
	z.strictObject({ "ends-with": texts }),
	z.strictObject({ regex: texts }).meta({
		description: "a regular expression that matches the whole or a part",
	}),
	z.strictObject({ not: z.union([scalar, z.array(scalar).min(1)]) }).meta({
		description: "there, and none of these",
	}),
]);
export type Condition = z.infer<typeof conditionSchema>;

const seconds = z.number().min(0).max(86_400);

export const policySchema = z.strictObject({
	claims: z.record(z.string(), conditionSchema).optional().meta({
		description:
			"bound claims: a value, a list, or `{ glob: … }`, `{ regex: … }`, …",
	}),
	required: z.array(z.string()).optional().meta({
		description: "claims that must be there, with any value",
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
export type Policy = z.infer<typeof policySchema>;

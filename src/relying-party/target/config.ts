// The forms of a target in a profile: HTTP, a command for each token, or one that reads lines.
import { z } from "zod";

const TEMPLATE =
	"`{token}`, `{issuer}`, `{audience}`, `{scenario}` and `{port}` are filled in";

const statusSchema = z
	.union([z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/)])
	.meta({ description: "a status, or a class such as 2xx" });

const httpTargetSchema = z
	.strictObject({
		url: z
			.string()
			.min(1)
			.meta({ description: `where; ${TEMPLATE}` }),
		method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional().meta({
			description: "default POST with a body, GET without",
		}),
		headers: z
			.record(z.string(), z.string())
			.optional()
			.meta({
				description: `default \`Authorization: Bearer {token}\` where no other part has {token}; ${TEMPLATE}`,
			}),
		json: z
			.json()
			.optional()
			.meta({
				description: `a JSON body; ${TEMPLATE} in its texts`,
			}),
		form: z
			.record(z.string(), z.string())
			.optional()
			.meta({
				description: `a form body; ${TEMPLATE}`,
			}),
		body: z
			.string()
			.optional()
			.meta({
				description: `a body as it stands; ${TEMPLATE}`,
			}),
		accepted: z.array(statusSchema).min(1).optional().meta({
			description: "statuses that mean accepted; default 2xx",
		}),
		rejected: z.array(statusSchema).min(1).optional().meta({
			description:
				"statuses that mean rejected; default 400, 401, 403; so do 413, 414, 431 and 494 where neither list has them, and any other is broken",
		}),
		accepted_body: z.string().optional().meta({
			description: "a regular expression that an accepting answer has as well",
		}),
		rejected_body: z.string().optional().meta({
			description: "a regular expression that a rejecting answer has as well",
		}),
	})
	.refine(
		({ json, form, body }) =>
			[json, form, body].filter((part) => part !== undefined).length <= 1,
		"expected one of json, form and body",
	);
export type HttpTargetConfig = z.infer<typeof httpTargetSchema>;

export const commandSchema = z.union([
	z.string().min(1).meta({ description: "for the shell" }),
	z.array(z.string()).min(1).meta({ description: "program and arguments" }),
]);
export type Command = z.infer<typeof commandSchema>;

/** What the relying party is, and how it is asked. */
export const targetSchema = z.union([
	z.strictObject({ http: httpTargetSchema }),
	z.strictObject({
		command: commandSchema.meta({
			description:
				"run for each token: the token on stdin, the verdict by exit code",
		}),
	}),
	z.strictObject({
		lines: commandSchema.meta({
			description: "run once: a JSON line in for each token, a JSON line out",
		}),
	}),
]);
export type TargetConfig = z.infer<typeof targetSchema>;

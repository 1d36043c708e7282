// The block of a scenario file that is a way of comparing sloppily.
import { z } from "zod";
import { WAY_NAMES } from "./ways.js";

export const nearSchema = z
	.strictObject({
		way: z.enum(WAY_NAMES).meta({
			description: "what it takes for the wanted value",
		}),
	})
	.optional()
	.meta({
		description:
			"instead of `job`, `token` and `instance`: a way of comparing sloppily. `check` makes a token of it for each claim that the policy binds, such as `near/prefix:project_path`: a genuine one where GitLab issues it, else a forged one",
	});

/** Finds fault with a file that has `near` and something else that makes a token. */
export function standsAlone(
	{ near, job, token, instance }: Record<string, unknown>,
	context: z.RefinementCtx,
): void {
	if (near === undefined || (job ?? token ?? instance) === undefined) return;
	context.addIssue({
		code: "custom",
		path: ["near"],
		message: "stands alone, without job, token and instance",
	});
}

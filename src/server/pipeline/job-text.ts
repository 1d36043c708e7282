// How a planned job is told of, over HTTP and by the command.
import { z } from "zod";
import type { JobPlan } from "../../ci-config/plan.js";
import { tierByName } from "../../gitlab/deployment-tier.js";

const audSchema = z.union([z.string(), z.array(z.string())]);

/** A job as it is told of. */
export const jobTextSchema = z.object({
	name: z.string(),
	stage: z.string(),
	id_tokens: z
		.record(z.string(), z.object({ aud: audSchema }))
		.meta({ description: "by the name of the variable, expanded" }),
	hidden_tokens: z
		.array(
			z.object({
				what: z.string().meta({ description: "what in the file implies it" }),
				aud: z.string().nullable().meta({ description: "null: not known" }),
				target_audience: z.string().nullable(),
			}),
		)
		.meta({
			description:
				"tokens that GitLab makes of its own for the job: no variable is one of them",
		}),
	environment: z
		.object({
			name: z.string(),
			action: z.string(),
			deployment_tier: z.string(),
		})
		.nullable(),
	timeout: z.int().nullable().meta({ description: "in seconds" }),
	secrets: z.record(z.string(), z.string().nullable()).meta({
		description: "with which of the ID tokens each secret is fetched",
	}),
	when: z.string().meta({ description: "`on_success`, `manual`, …" }),
	unknown: z.array(z.string()).meta({
		description: "what of its rules nothing here can tell: it counts as held",
	}),
});
export type JobText = z.infer<typeof jobTextSchema>;

/** A plan as it is told of. */
export const jobText = (plan: JobPlan): JobText => ({
	name: plan.name,
	stage: plan.stage,
	id_tokens: Object.fromEntries(
		[...plan.idTokens].map(([name, aud]) => [name, { aud }]),
	),
	hidden_tokens: plan.hidden.map(({ what, aud, targetAudience }) => ({
		what,
		aud,
		target_audience: targetAudience,
	})),
	environment: plan.job.environment && {
		name: plan.job.environment.name,
		action: plan.job.environment.action,
		deployment_tier:
			plan.job.environment.deployment_tier ??
			tierByName(plan.job.environment.name),
	},
	timeout: plan.job.timeout,
	secrets: Object.fromEntries(plan.secrets),
	when: plan.when,
	unknown: [...plan.unknown],
});

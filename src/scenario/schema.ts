// The format of a scenario file, defined once: types, validation, editor schema and table come from here.
import { z } from "zod";
import { jobSchema } from "../gitlab/job.js";
import { PLANS } from "../gitlab/plan.js";
import { isGitLabVersion, OLDEST_VERSION } from "../gitlab/version.js";
import { RULE_IDS } from "../token/rules.js";
import { differencesSchema } from "./differences.js";
import { faultsSchema } from "./fault.js";
import { nearSchema, standsAlone } from "./near/schema.js";
import { CONDITIONS, IMPACTS, LEVELS } from "./severity.js";
import { tokenSchema } from "./token-schema.js";

/** How the instance differs while the scenario runs. */
export const instanceSchema = z.strictObject({
	gitlab_version: z
		.string()
		.refine(
			isGitLabVersion,
			`expected "latest" or a version such as "17.11", ${OLDEST_VERSION} or newer`,
		)
		.optional()
		.meta({
			description: "the GitLab that issues it; default the instance's own",
		}),
	faults: faultsSchema.optional().meta({
		description:
			"which of its paths answer wrongly, late or not at all, as in `PUT /_mock/faults`",
	}),
	plan: z.enum(PLANS).optional().meta({
		description: "the subscription; `free` has no protected environments",
	}),
});

/** How a job differs from another. */
export const jobDifferencesSchema = differencesSchema(jobSchema, {
	fork_of: "project",
});
export type JobDifferences = z.infer<typeof jobDifferencesSchema>;

const BLOCKS = {
	job: jobDifferencesSchema.optional().meta({
		description:
			"differences from the baseline job; the claims are derived from it",
	}),
	token: tokenSchema.optional().meta({
		description: "what is done to the derived token",
	}),
	instance: instanceSchema.optional().meta({
		description: "how the instance differs",
	}),
};

/** What a request may change of a scenario, in the words of a scenario file. */
export const adjustmentSchema = z.strictObject(BLOCKS);
export type Adjustment = z.infer<typeof adjustmentSchema>;

/** A scenario file. */
export const scenarioSchema = z
	.strictObject({
		title: z
			.string()
			.min(1)
			.max(80)
			.meta({ description: "what the token **is**" }),
		expect: z.enum(["accept", "reject", "policy", "either"]).meta({
			description:
				"what a correct RP does; `policy`: genuine, so the RP's own policy decides; `either`: it may reject or accept, as while the instance misbehaves, and neither hangs nor crashes",
		}),
		rule: z.enum(RULE_IDS).optional().meta({
			description:
				"for `reject`, and only there: the one rule that must catch it",
		}),
		level: z.enum(LEVELS).optional().meta({
			description: "the spec's own word for the recipient; default `must`",
		}),
		impact: z.enum(IMPACTS).optional().meta({
			description:
				"what a wrong answer costs. `forgery`: anyone gets in; `escalation`: a genuine job or person gets more; `replay`: a genuine token at the wrong time or place; `robustness`: a crash or hang; `interoperability`: a genuine token refused; `hygiene`: no known way to exploit it. Default `forgery` with `expect: reject`, `escalation` with `policy`, `robustness` with `either`, `interoperability` with `accept`",
		}),
		only_if: z.enum(CONDITIONS).optional().meta({
			description:
				"`gitlab-errs`: the token or answer exists only if GitLab itself errs, as its key signs it or its documents say it",
		}),
		gain: z.string().min(1).optional().meta({
			description:
				"what an attacker gains where it is accepted; default what `impact` says",
		}),
		why: z.string().min(1).meta({
			description: "what goes wrong, or what must keep working",
		}),
		spec: z.array(z.string().min(3)).min(1).meta({
			description: "where that is written, precisely",
		}),
		seen: z.array(z.string().min(3)).optional().meta({
			description: "CVEs and incidents",
		}),
		requires: z
			.array(
				z
					.string()
					.regex(
						/^(cold-cache|policy(\.[a-z_]+)?|gitlab>=\d+\.\d+(\.\d+)?|baseline\.(branch|tag|group|person))$/,
						"expected cold-cache, policy, policy.CLAIM, gitlab>=VERSION or baseline.branch, .tag, .group, .person",
					),
			)
			.optional()
			.meta({
				description:
					"what a run must offer for this to apply; `policy`: one that looks at a job's claims, `policy.CLAIM`: at that one",
			}),
		...BLOCKS,
		near: nearSchema,
	})
	.superRefine(standsAlone)
	.superRefine(({ expect, rule }, context) => {
		if (expect === "reject" && rule === undefined) {
			context.addIssue({
				code: "custom",
				path: ["rule"],
				message: "required with expect: reject",
			});
		}
		if (expect !== "reject" && rule !== undefined) {
			context.addIssue({
				code: "custom",
				path: ["rule"],
				message: `only with expect: reject, not with expect: ${expect}`,
			});
		}
	});

/** What a scenario file says. */
type ScenarioText = z.infer<typeof scenarioSchema>;

/** A scenario: what its file says, and its name. */
export interface Scenario extends ScenarioText {
	/** its path in the catalogue, without the ending */
	id: string;
	/** the file that it was read from */
	file: string;
}

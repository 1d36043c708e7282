// What GitLab ran: the job that a token speaks of, in GitLab's own words.
import { z } from "zod";
import { DEPLOYMENT_TIERS } from "./deployment-tier.js";
import { SUB_COMPONENTS } from "./sub.js";

const id = z.int().min(0);
const text = z.string();

const project = z.strictObject({
	id: id.meta({ description: "the project's number (`project_id`)" }),
	path: text
		.regex(
			/^[^/]+(\/[^/]+)+$/,
			"expected a path with a group or user before its name: group/project",
		)
		.meta({
			description:
				"its full path, group and subgroups included (`project_path`); `namespace_path` is this less the last segment",
		}),
	namespace_id: id.meta({
		description: "the number of its group or user namespace (`namespace_id`)",
	}),
	visibility: z
		.enum(["public", "internal", "private"])
		.meta({ description: "who may see it (`project_visibility`, 16.3+)" }),
});

const user = z.strictObject({
	id: id.meta({ description: "the user's number (`user_id`)" }),
	login: text.meta({ description: "the user's name (`user_login`)" }),
	email: text.nullable().meta({ description: "`user_email`" }),
	access_level: z
		.enum(["guest", "planner", "reporter", "developer", "maintainer", "owner"])
		.nullable()
		.meta({
			description:
				"the highest role in the project (`user_access_level`, 16.9+)",
		}),
	groups_direct: z.array(text).meta({
		description:
			"full paths of the groups with the user as a direct member (`groups_direct`: 16.11 to 17.2, or where the feature is on; left out above 200)",
	}),
	identities: z
		.array(z.strictObject({ provider: text, extern_uid: text }))
		.nullable()
		.meta({
			description:
				"the external identities, if the user lets tokens have them (`user_identities`, 16.0+)",
		}),
});

const environment = z.strictObject({
	name: text.meta({
		description: "its name after variable expansion (`environment`)",
	}),
	action: z
		.enum(["start", "prepare", "stop", "verify", "access"])
		.meta({ description: "`environment_action`, 16.5+" }),
	deployment_tier: z.enum(DEPLOYMENT_TIERS).nullable().meta({
		description:
			"`deployment_tier` (15.2+); null: GitLab guesses it from the name",
	}),
	protected: z.boolean().meta({
		description:
			"whether it is protected (`environment_protected`); the Free plan always says `false`",
	}),
});

/** The full description of a job; a scenario's `job` states differences from the baseline one. */
export const jobSchema = z.strictObject({
	id: id.meta({ description: "the job's number (`job_id`)" }),
	project: project.meta({
		description:
			"the project whose commit is built; in a fork's merge request the fork",
	}),
	fork_of: project.nullable().meta({
		description:
			"the parent of a fork: a merge request pipeline (`pipeline.source: merge_request_event`) runs there, and names it in `job_project_*` (18.4+; before 18.2.2 in `project_*`); `source_project_*` (19.5+) name the fork",
	}),
	user: user.nullable().meta({
		description: "who runs the job; null: nobody (the user was deleted)",
	}),
	ref: text.meta({
		description:
			"branch or tag without `refs/`; in a merge request pipeline the source branch",
	}),
	ref_type: z.enum(["branch", "tag"]),
	ref_protected: z.boolean().meta({
		description:
			'whether the ref is protected; the claim is the string `"true"` or `"false"`',
	}),
	sha: text
		.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
		.meta({ description: "the commit: 40 hex digits, or 64" }),
	pipeline: z
		.strictObject({
			id: id.meta({ description: "the pipeline's number (`pipeline_id`)" }),
			source: text.meta({
				description:
					"why it runs (`pipeline_source`): `push`, `web`, `schedule`, `merge_request_event`, …",
			}),
		})
		.meta({ description: "the pipeline that the job belongs to" }),
	environment: environment.nullable().meta({
		description: "where the job deploys to; null: nowhere",
	}),
	runner: z
		.strictObject({
			id: id.meta({
				description: "`runner_id`, the one id that is a number in the token",
			}),
			environment: z
				.enum(["gitlab-hosted", "self-hosted"])
				.meta({ description: "`runner_environment`" }),
		})
		.nullable()
		.meta({
			description:
				"the runner that has the job; null: none yet (in 16.x both claims are null then)",
		}),
	config: z
		.strictObject({
			path: text.meta({ description: "the pipeline file, `.gitlab-ci.yml`" }),
			project: text.nullable().meta({
				description:
					"full path of the project that has the file; null: the pipeline's own",
			}),
			ref_path: text.nullable().meta({
				description: "the ref that the file was read from; null: the job's",
			}),
			sha: text.nullable().meta({
				description: "the commit that it was read from; null: the job's",
			}),
		})
		.nullable()
		.meta({
			description:
				"where the pipeline's configuration is (`ci_config_ref_uri`, `ci_config_sha`, 16.2+); null: in no repository (Auto DevOps)",
		}),
	policy: z
		.strictObject({
			source: z.enum(["scan_execution_policy", "pipeline_execution_policy"]),
			url: text,
			sha: text,
		})
		.nullable()
		.meta({
			description:
				"the security policy that injected the job (`job_source`, `job_config`, 18.9+)",
		}),
	timeout: z.int().min(1).nullable().meta({
		description:
			"the job's timeout in seconds, which sets `exp`; null: none, which gives 300",
	}),
	target_audience: text.nullable().meta({
		description: "`target_audience` of the Google Cloud integration (16.10+)",
	}),
	sub_components: z.array(z.enum(SUB_COMPONENTS)).min(1).meta({
		description:
			"the project's setting `ci_id_token_sub_claim_components` (17.10+), of which `sub` is made",
	}),
	ci_jwt_groups_direct: z.boolean().nullable().meta({
		description:
			"GitLab's feature flag for `groups_direct`; null: as the version has it (on from 16.11 to 17.2)",
	}),
	ci_job_jwt: z.boolean().meta({
		description:
			"its `CI_JOB_JWT` instead of an ID token (before 17.0): `iss` is a bare host, `sub` is `job_` and its number, and there is no `aud`",
	}),
	reclaimed_path: z.boolean().meta({
		description:
			"whether another project once held the project's path: from 19.1 on no token is issued whose `sub` names it",
	}),
	block_jwt_for_reclaimed_paths: z.boolean().nullable().meta({
		description:
			"GitLab's setting (19.2+) that refuses those tokens; null: as the version has it (on since 19.1)",
	}),
});

export type Job = z.infer<typeof jobSchema>;
export type Project = Job["project"];

/** True for a merge request pipeline that runs in the parent project for a fork's branch. */
export const isForkMergeRequest = (
	job: Job,
): job is Job & { fork_of: Project } =>
	job.fork_of !== null && job.pipeline.source === "merge_request_event";

/** `refs/heads/…` or `refs/tags/…`. */
export const refPathOf = ({
	ref,
	ref_type,
}: {
	ref: string;
	ref_type: string;
}): string => `refs/${ref_type === "tag" ? "tags" : "heads"}/${ref}`;

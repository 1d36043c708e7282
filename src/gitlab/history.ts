// When each thing that a token says came, by GitLab's version, and where that was read.
import { atLeast } from "./version.js";

/** Since when, and how that is known. */
export interface Arrival {
	what: string;
	since: string;
	/** GitLab's merge request (`!`), issue (`#`) or documentation */
	source: string;
	/** why the number may be another: what was read does not say it */
	unsure?: string;
}

const ARRIVALS = {
	deployment_tier: {
		what: "`deployment_tier`",
		since: "15.2",
		source: "#363590",
	},
	ref_path: {
		what: "`ref_path`",
		since: "16.0",
		source: "!119075",
	},
	runner: {
		what: "`runner_id`, `runner_environment`, `sha`",
		since: "16.0",
		source: "!116867",
	},
	user_identities: {
		what: "`user_identities`",
		since: "16.0",
		source: "#387537",
	},
	ci_config: {
		what: "`ci_config_ref_uri`, `ci_config_sha`: null where the project has no such file in its repository",
		since: "16.2",
		source: "!122373, !124647",
	},
	ci_config_left_out: {
		what: "`ci_config_*` left out where the project has no such file in its repository",
		since: "16.3",
		source: "#404722",
		unsure:
			"after 16.2 (!122373 says null), and before !221612, which tells of an empty hash",
	},
	project_visibility: {
		what: "`project_visibility`",
		since: "16.3",
		source: "documentation",
	},
	environment_action: {
		what: "`environment_action`",
		since: "16.5",
		source: "documentation",
	},
	user_access_level: {
		what: "`user_access_level`",
		since: "16.9",
		source: "documentation",
	},
	target_audience: {
		what: "`target_audience`",
		since: "16.10",
		source: "documentation",
	},
	groups_direct: {
		what: "`groups_direct`, up to 200 groups",
		since: "16.11",
		source: "documentation",
	},
	order_of_17: {
		what: "`iss` behind `exp`; without a runner no `runner_*`, which were null; `user_identities` among the claims of the job, no longer last",
		since: "17.0",
		source: "the token in !124647 (16.2), a published one of 17.3",
		unsure: "a commit of 16.x may have done it before",
	},
	no_job_jwt: {
		what: "`CI_JOB_JWT` and `CI_JOB_JWT_V2` are gone",
		since: "17.0",
		source: "documentation",
	},
	groups_direct_off: {
		what: "`groups_direct` only with the feature flag `ci_jwt_groups_direct`",
		since: "17.3",
		source: "documentation",
	},
	sub_components: {
		what: "a project chooses the parts of `sub`: `project_path`, `ref_type`, `ref`",
		since: "17.10",
		source: "!160562",
	},
	issuer_setting: {
		what: "an instance may have another issuer than its own URL: `iss` is the setting's, `ci_config_ref_uri` has the instance's host",
		since: "18.1",
		source: "!188632",
		unsure: "the merge request's milestone was not read",
	},
	fork_named: {
		what: "a fork's merge request: `project_*`, `namespace_*` and `sub` name the fork, no longer the parent",
		since: "18.2.2",
		source: "#548165",
	},
	job_project: {
		what: "`job_project_*`, `job_namespace_*`; `project_*` before `namespace_*`",
		since: "18.4",
		source: "!202241, backport !205700 (patch releases of 18.3)",
	},
	protection_in_sub: {
		what: "`sub` may have `ref_protected`, `environment_protected`, `deployment_tier`",
		since: "18.7",
		source: "documentation",
	},
	job_source: {
		what: "`job_source`, `job_config`",
		since: "18.9",
		source: "#459001",
	},
	ci_config_default: {
		what: "`ci_config_*` are the project's own, with its setting for the file, where it has none in its repository",
		since: "18.9",
		source: "!221612",
		unsure:
			"flag `default_jwt_ci_config_ref_uri`, off by default in 18.9: a self-managed GitLab may have it later",
	},
	project_id_in_sub: {
		what: "`sub` may begin with `project_id`",
		since: "19.0",
		source: "documentation",
	},
	reclaimed_paths: {
		what: "no token whose `sub` names a path that another project held",
		since: "19.1",
		source: "!254058",
	},
	reclaimed_paths_setting: {
		what: "the setting `block_jwt_for_reclaimed_paths` allows those tokens",
		since: "19.2",
		source: "!254058, backport !255969",
		unsure: "19.2 from a patch release on, 19.3 from the first",
	},
	source_project: {
		what: "`source_project_*`, `source_namespace_*`; `sub` may have, and begin with, `job_project_path`, `job_project_id`, `source_project_path`, `source_project_id`",
		since: "19.5",
		source: "!258245, backports !259313 (19.4), !259316 (19.2)",
		unsure:
			"read from the backports, made while 19.4 was the newest; patch releases of 19.2 and 19.4 have it too, which are not emulated; the place among the claims is a guess",
	},
} as const satisfies Record<string, Arrival>;

export type Arriving = keyof typeof ARRIVALS;

/** Everything that came, in the order of the versions. */
export const arrivals: Readonly<Record<Arriving, Arrival>> = ARRIVALS;

/** Whether a GitLab of this version has it. */
export const has = (version: string, what: Arriving): boolean =>
	atLeast(version, ARRIVALS[what].since);

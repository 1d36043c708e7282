// When each thing that a token says came, by GitLab's version, and where that was read.
import { atLeast } from "./version.js";

/** Since when, and how that is known. */
export interface Arrival {
	since: string;
	/** GitLab's merge request (`!`), issue (`#`) or documentation */
	source: string;
	/** why the number may be another: what was read does not say it */
	unsure?: string;
}

const ARRIVALS = {
	deployment_tier: { since: "15.2", source: "#363590" },
	ref_path: { since: "16.0", source: "!119075" },
	runner: { since: "16.0", source: "!116867" },
	user_identities: { since: "16.0", source: "#387537" },
	ci_config: { since: "16.2", source: "!122373, !124647" },
	/** no claim where the file is in no repository; null before */
	ci_config_left_out: {
		since: "16.3",
		source: "#404722",
		unsure: "between 16.2 and 16.3 by the order of the commits",
	},
	project_visibility: { since: "16.3", source: "documentation" },
	environment_action: { since: "16.5", source: "documentation" },
	user_access_level: { since: "16.9", source: "documentation" },
	target_audience: { since: "16.10", source: "documentation" },
	groups_direct: { since: "16.11", source: "documentation" },
	/** `iss` behind `exp`; nothing is null; `user_identities` among the claims of the job */
	order_of_17: {
		since: "17.0",
		source: "published tokens of 16 and 17",
		unsure: "a commit of 16.x may have done it before",
	},
	groups_direct_off: { since: "17.3", source: "documentation" },
	sub_components: { since: "17.10", source: "!160562" },
	fork_named: { since: "18.2.2", source: "#548165" },
	job_project: { since: "18.4", source: "!202241, backport !205700" },
	protection_in_sub: { since: "18.7", source: "documentation" },
	job_source: { since: "18.9", source: "#459001" },
	/** the project's own file where there is none in a repository */
	ci_config_default: {
		since: "18.9",
		source: "!221612",
		unsure:
			"flag `default_jwt_ci_config_ref_uri`, off by default in 18.9: a self-managed GitLab may have it later",
	},
	project_id_in_sub: { since: "19.0", source: "documentation" },
	reclaimed_paths: { since: "19.1", source: "!254058" },
	reclaimed_paths_setting: {
		since: "19.2",
		source: "!254058, backport !255969",
		unsure: "19.2 from a patch release on, 19.3 from the first",
	},
	source_project: {
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

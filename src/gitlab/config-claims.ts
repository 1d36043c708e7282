// Where a token says that the pipeline's configuration is.
import { has } from "./history.js";
import { hostOf } from "./issuer.js";
import type { Job } from "./job.js";
import { runsIn } from "./project-claims.js";

interface Place {
	issuer: string;
	/** the instance's own URL, where `issuer` is another one */
	url?: string | undefined;
	version: string;
}

/**
 * GitLab reads this from the configuration of the pipeline's own repository alone. Of another it says null in 16.2, no
 * claims later, and in the end what the project has as its setting: a file of another project with the place of it.
 * @param refPath `refs/heads/…` or `refs/tags/…` of the job
 */
export function configClaims(
	job: Job,
	{ issuer, url = issuer, version }: Place,
	refPath: string,
): Record<string, string | null> {
	if (!has(version, "ci_config")) return {};
	const { config } = job;
	const own = runsIn(job).path;
	const elsewhere =
		config === null || (config.project !== null && config.project !== own);
	const at = (path: string, ref: string) =>
		`${hostOf(url)}/${own}//${path}@${ref}`;
	if (!elsewhere) {
		return {
			ci_config_ref_uri: at(config.path, config.ref_path ?? refPath),
			ci_config_sha: config.sha ?? job.sha,
		};
	}
	if (has(version, "ci_config_default")) {
		return {
			ci_config_ref_uri: at(settingOf(config), refPath),
			ci_config_sha: job.sha,
		};
	}
	return has(version, "ci_config_left_out")
		? {}
		: { ci_config_ref_uri: null, ci_config_sha: null };
}

/** The project's setting for its configuration: `path@group/project:ref` where another project has the file. */
function settingOf(config: Job["config"]): string {
	if (config === null) return ".gitlab-ci.yml";
	const ref = config.ref_path?.replace(/^refs\/(heads|tags)\//, "");
	return `${config.path}@${config.project}${ref ? `:${ref}` : ""}`;
}

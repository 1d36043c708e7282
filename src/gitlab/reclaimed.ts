// Whether GitLab refuses a token because another project once held a path that `sub` would name.
import { notApplicable } from "../errors.js";
import { has } from "./history.js";
import type { Job } from "./job.js";

const NAMES_A_PATH = /^((job|source)_)?project_path$/;

/**
 * Since 19.1 such a job fails before it runs, unless an administrator has turned the block off.
 * @throws MockError `not_applicable`: there is no such token
 */
export function refuseReclaimed(job: Job, version: string): void {
	if (!job.reclaimed_path || !has(version, "reclaimed_paths")) return;
	const isOff =
		job.block_jwt_for_reclaimed_paths === false &&
		has(version, "reclaimed_paths_setting");
	if (isOff || !job.sub_components.some((name) => NAMES_A_PATH.test(name)))
		return;
	throw notApplicable(
		`GitLab ${version} issues no token here: another project once held a path that sub names, and the job fails with id_token_burned_project_path`,
	);
}

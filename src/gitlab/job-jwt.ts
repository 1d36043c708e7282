// CI_JOB_JWT, which every job had until 17.0: the token before there were audiences.
import { notApplicable } from "../errors.js";
import { arrivals, has } from "./history.js";
import type { Job } from "./job.js";

/** @throws MockError `not_applicable` where the job asks for one and this GitLab has none */
export function refuseJobJwt({ ci_job_jwt }: Job, version: string): void {
	if (ci_job_jwt && has(version, "no_job_jwt"))
		throw notApplicable(
			`GitLab ${version} has no CI_JOB_JWT: it went in ${arrivals.no_job_jwt.since}`,
		);
}

/** The registered claims as it has them: no `aud`, a bare host as `iss`, and the job's number as `sub`. */
export function registeredOfJobJwt(
	{ aud, user_identities, ...registered }: Record<string, unknown>,
	url: string,
	{ id }: Job,
): Record<string, unknown> {
	return { ...registered, iss: new URL(url).hostname, sub: `job_${id}` };
}

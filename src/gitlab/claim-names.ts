// The claims that a job's token of some GitLab has: those of every version, and those that only some jobs have.

const NAMES: ReadonlySet<string> = new Set([
	"namespace_id",
	"namespace_path",
	"project_id",
	"project_path",
	"user_id",
	"user_login",
	"user_email",
	"user_access_level",
	"user_identities",
	"job_project_id",
	"job_project_path",
	"job_namespace_id",
	"job_namespace_path",
	"pipeline_id",
	"pipeline_source",
	"job_id",
	"ref",
	"ref_type",
	"ref_path",
	"ref_protected",
	"groups_direct",
	"environment",
	"environment_protected",
	"deployment_tier",
	"environment_action",
	"runner_id",
	"runner_environment",
	"sha",
	"project_visibility",
	"target_audience",
	"ci_config_ref_uri",
	"ci_config_sha",
	"job_source",
	"job_config",
	"jti",
	"iss",
	"iat",
	"nbf",
	"exp",
	"sub",
	"aud",
]);

/** The names, as a token of the newest version has them first. */
export const claimNames = (): Iterable<string> => NAMES;

/** Whether a job's token of some version can have the claim. */
export const isClaimName = (name: string): boolean => NAMES.has(name);

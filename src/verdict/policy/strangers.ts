// Jobs that have nothing in common but that one GitLab ran them: whom a policy should not let in together.
import { refPathOf } from "../../gitlab/job.js";

const stranger = (
	id: number,
	project: string,
	{ ref, ref_type }: { ref: string; ref_type: string },
	others: Record<string, unknown>,
): Record<string, unknown> => {
	const namespace_path = project.replace(/\/[^/]*$/, "");
	// No two of them end alike either.
	const number = (which: number) => `${id}${(id + which) % 7}`;
	return {
		project_id: number(1),
		project_path: project,
		namespace_id: number(2),
		namespace_path,
		user_id: number(3),
		user_login: `user-${id}`,
		user_email: `user-${id}@${id}.example`,
		job_project_id: number(1),
		job_project_path: project,
		job_namespace_id: number(2),
		job_namespace_path: namespace_path,
		source_project_id: number(1),
		source_project_path: project,
		source_namespace_id: number(2),
		source_namespace_path: namespace_path,
		pipeline_id: number(4),
		job_id: number(5),
		ref,
		ref_type,
		ref_path: refPathOf({ ref, ref_type }),
		sha: String(id).repeat(40).slice(0, 40),
		runner_id: id,
		ci_config_ref_uri: `git.example/${project}//${id}.yml@refs/heads/${ref}`,
		ci_config_sha: String(id).repeat(40).slice(0, 40),
		jti: `00000000-0000-4000-8000-0000000${id}`,
		sub: `project_path:${project}:ref_type:${ref_type}:ref:${ref}`,
		...others,
	};
};

export const STRANGERS: readonly Record<string, unknown>[] = [
	stranger(
		48_611,
		"quince/vole",
		{ ref: "tmp-7", ref_type: "branch" },
		{
			user_access_level: "developer",
			pipeline_source: "push",
			ref_protected: "false",
			runner_environment: "self-hosted",
			project_visibility: "public",
			job_source: "push",
		},
	),
	stranger(
		90_173,
		"heron/isle/kiln",
		{ ref: "9.0", ref_type: "tag" },
		{
			user_access_level: "maintainer",
			pipeline_source: "web",
			ref_protected: "true",
			environment: "production",
			environment_protected: "true",
			deployment_tier: "production",
			environment_action: "start",
			runner_environment: "gitlab-hosted",
			project_visibility: "private",
			job_source: "web",
		},
	),
	stranger(
		26_335,
		"mira/attic",
		{ ref: "draft", ref_type: "branch" },
		{
			user_access_level: "guest",
			pipeline_source: "schedule",
			ref_protected: "true",
			groups_direct: [],
			environment: "review/x",
			environment_protected: "false",
			deployment_tier: "development",
			environment_action: "verify",
			runner_environment: "self-hosted",
			project_visibility: "internal",
			job_source: "schedule",
		},
	),
];

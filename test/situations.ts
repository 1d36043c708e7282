// Profiles of users' jobs, and what the title of each genuine scenario promises of its token beside their control.
import type { JobDifferences } from "../src/scenario/schema.js";
import type { Surroundings } from "./scenario-token.js";

type Claims = Readonly<Record<string, unknown>>;
/** Whether token `t` is what the title says, beside the control `c` of the same profile. */
type Title = (t: Claims, c: Claims) => boolean;

const issuer = "https://gitlab.example.com";
const audience = "https://rp.example.com";
const place = (job: JobDifferences): Surroundings => ({
	issuer,
	audience,
	job,
});

export const PROFILES: Record<string, Surroundings> = {
	"the built-in job": { issuer, audience },
	"a tag release in a protected environment": place({
		project: { id: 90210, path: "acme/payments", namespace_id: 555 },
		ref: "v2.4.0",
		ref_type: "tag",
		environment: {
			name: "production",
			deployment_tier: "production",
			protected: true,
		},
	}),
	"a self-managed GitLab with a port and a relative URL": {
		issuer: "https://gitlab.corp.test:8443/gitlab",
		audience: "vault",
		job: {
			project: { id: 12, path: "platform/api.gateway", namespace_id: 3 },
			ref: "release/2026.1",
			runner: { id: 4, environment: "self-hosted" },
			config: { project: "platform/pipelines", ref_path: "refs/heads/main" },
		},
	},
	"a user's own namespace": place({
		project: { id: 777, path: "jane.doe/dotfiles", namespace_id: 778 },
		user: {
			id: 779,
			login: "jane.doe",
			email: "jane@example.org",
			access_level: "owner",
			groups_direct: [],
		},
	}),
	"a deep subgroup": place({
		project: {
			id: 4300, // the number that another scenario's project once had
			path: "acme/cloud/edge/cdn/purge",
			namespace_id: 880,
			visibility: "internal",
		},
		environment: { name: "eu/prod", protected: false },
	}),
	"a path with dots and capitals": place({
		project: {
			id: 8888,
			path: "Acme.Corp/Web-Team/My.App",
			visibility: "public",
		},
		ref: "Main",
		sub_components: ["project_path", "ref_type", "ref", "ref_protected"],
	}),
	"a scheduled pipeline": place({
		project: { path: "other-group/other-project" },
		pipeline: { source: "schedule" },
		user: { access_level: "developer" },
		timeout: null,
	}),
	"a merge request": place({
		project: { path: "new-group/another-project" },
		ref: "unmerged",
		ref_protected: false,
		pipeline: { source: "merge_request_event" },
		environment: {
			name: "review/unmerged",
			action: "verify",
			deployment_tier: "development",
		},
	}),
	"a bot user": place({
		project: { id: 991, path: "acme/tools/bumper" },
		user: {
			id: 992,
			login: "project_991_bot_ab12",
			email: "project_991_bot_ab12@noreply.gitlab.example.com",
			groups_direct: [],
		},
		ref: "v1.2.3",
		ref_type: "tag",
		ci_jwt_groups_direct: true,
	}),
};

const text = (value: unknown) => String(value);
const lower = (value: unknown) => text(value).toLowerCase();
const groupsOf = (path: unknown) => text(path).split("/").slice(0, -1);
const nameOf = (path: unknown) => text(path).split("/").at(-1);

const is =
	(claim: string, value: unknown): Title =>
	(t) =>
		t[claim] === value;
const changes =
	(claim: string): Title =>
	(t, c) =>
		t[claim] !== c[claim];
const keeps =
	(claim: string): Title =>
	(t, c) =>
		t[claim] === c[claim];
const all =
	(...promises: Title[]): Title =>
	(t, c) =>
		promises.every((promise) => promise(t, c));

const isBranch = all(is("ref_type", "branch"), (t) =>
	text(t.ref_path).startsWith("refs/heads/"),
);
const isTag = all(is("ref_type", "tag"), (t) =>
	text(t.ref_path).startsWith("refs/tags/"),
);
const open = is("ref_protected", "false");
const unprotected = all(isBranch, open);
const atAnotherRef = all(unprotected, changes("ref"), keeps("project_path"));
const stranger = all(
	changes("project_id"),
	changes("project_path"),
	(t, c) => lower(t.project_path) !== lower(c.project_path),
	keeps("ref"),
);
const elsewhere = all(
	stranger,
	changes("namespace_id"),
	changes("namespace_path"),
);
const ours = all(keeps("project_id"), keeps("project_path"), keeps("sub"));
const source = (name: string) => all(is("pipeline_source", name), ours);
const tier = (name: string) => all(is("deployment_tier", name), ours);
const otherEnvironment = (name: string) =>
	all(tier(name), changes("environment"));
const environment = (name: string) => is("environment", name);
const isProtected = is("environment_protected", "true");
const isOpen = is("environment_protected", "false");
const role = (name: string | null) =>
	all(is("user_access_level", name), keeps("user_id"), ours);
const unmerged = all(
	atAnotherRefOr("unmerged"),
	is("pipeline_source", "merge_request_event"),
	keeps("project_id"),
	(t) => t.project_id === t.job_project_id,
);

function atAnotherRefOr(ref: string): Title {
	return all(unprotected, is("ref", ref), keeps("project_path"));
}

/** The parent is ours, and what asks to be merged is a stranger's. */
const fromFork: Title = all(
	unprotected,
	is("pipeline_source", "merge_request_event"),
);
const sub =
	(pattern: RegExp): Title =>
	(t) =>
		pattern.test(text(t.sub));

export const PROMISES: Record<string, Title> = {
	"config/config-at-sha": all(changes("ci_config_sha"), ours),
	"config/config-from-other-project": all(
		(t) =>
			/\/\/release\.yml@[^@]+\/pipelines(-2)?@refs\//.test(
				text(t.ci_config_ref_uri),
			),
		keeps("sha"),
		(t) => t.ci_config_sha === t.sha,
		ours,
	),
	"config/config-from-other-project-untold": all(
		(t, c) =>
			!("ci_config_ref_uri" in t || "ci_config_sha" in t) && c.sha === t.sha,
		ours,
	),
	"config/config-on-other-branch": all(
		(t) => text(t.ci_config_ref_uri).endsWith("@refs/heads/unreviewed"),
		keeps("ref"),
		ours,
	),
	"config/config-ref-uri-null": is("ci_config_ref_uri", null),
	"config/config-sha-missing": (t, c) =>
		"ci_config_sha" in c && !("ci_config_sha" in t),
	"config/odd-path-at-sign-between-names": (t) =>
		text(t.ci_config_ref_uri).includes("//foo.yml@bar.yml@refs/"),
	"config/odd-path-at-sign-in-the-name": (t) =>
		text(t.ci_config_ref_uri).includes("//has-@.yml@refs/"),
	"config/odd-path-many-slashes": (t) =>
		text(t.ci_config_ref_uri).includes("//ci///deep//pipeline.yml@refs/"),
	"environment/action-access": all(is("environment_action", "access"), ours),
	"environment/action-prepare": all(is("environment_action", "prepare"), ours),
	"environment/action-stop": all(is("environment_action", "stop"), ours),
	"environment/action-verify": all(is("environment_action", "verify"), ours),
	"environment/development-tier": otherEnvironment("development"),
	"environment/name-says-development-tier-says-production": all(
		environment("dev-sandbox"),
		tier("production"),
	),
	"environment/name-says-production-tier-says-development": all(
		environment("production"),
		tier("development"),
	),
	"environment/none": (t, c) =>
		"environment" in c && !("environment" in t) && !("deployment_tier" in t),
	"environment/other-tier": otherEnvironment("other"),
	"environment/preprod": all(environment("preprod"), tier("staging")),
	"environment/production-review": all(
		environment("production-review"),
		tier("development"),
	),
	"environment/production-tier": all(
		tier("production"),
		isProtected,
		is("environment_action", "start"),
	),
	"environment/protected": all(
		isProtected,
		(t) => t.deployment_tier !== "production",
		(t) => t.environment !== "production",
	),
	"environment/protected-on-the-free-plan": all(
		isOpen,
		changes("environment"),
		ours,
	),
	"environment/review-app": all(
		isOpen,
		atAnotherRefOr("feature-x"),
		is("deployment_tier", "development"),
		environment("review/feature-x"),
	),
	"environment/staging-tier": otherEnvironment("staging"),
	"environment/testing-tier": otherEnvironment("testing"),
	"environment/unprotected-production": all(isOpen, tier("production")),
	"environment/upper-case-name": all(
		(t, c) => t.environment !== (c.environment ?? "production"),
		(t, c) => lower(t.environment) === lower(c.environment ?? "production"),
	),
	"pipeline/api": source("api"),
	"pipeline/chat": source("chat"),
	"pipeline/external": source("external"),
	"pipeline/external-pull-request": source("external_pull_request_event"),
	"pipeline/injected-job": all(
		is("job_source", "pipeline_execution_policy"),
		(t) => t.job_config !== undefined,
		keeps("pipeline_source"),
	),
	"pipeline/merge-request": unmerged,
	"pipeline/merge-request-from-fork": all(
		fromFork,
		changes("project_id"),
		changes("project_path"),
		changes("user_id"),
		changes("user_login"),
		(t, c) => t.job_project_id === c.project_id,
		(t, c) => t.job_project_path === c.project_path,
		(t, c) => t.job_namespace_id === c.namespace_id,
	),
	"pipeline/merge-request-from-fork-before-18.2.2": all(
		fromFork,
		changes("ref"),
		keeps("project_id"),
		keeps("project_path"),
	),
	"pipeline/merge-request-from-fork-with-our-sub": all(
		fromFork,
		changes("project_id"),
		changes("project_path"),
		keeps("ref"),
		(t) => t.project_path === t.source_project_path,
		(t, c) => t.job_project_path === c.project_path,
		(t, c) =>
			t.sub ===
			`job_project_path:${c.project_path}:ref_type:branch:ref:${c.ref}`,
	),
	"pipeline/merged-result": all(unmerged, changes("sha")),
	"pipeline/multi-project": source("pipeline"),
	"pipeline/on-demand-dast-scan": source("ondemand_dast_scan"),
	"pipeline/parent-child": source("parent_pipeline"),
	"pipeline/push": all(source("push"), (t) => text(t.sha).length === 64),
	"pipeline/schedule": source("schedule"),
	"pipeline/schedule-on-unprotected-branch": all(
		atAnotherRef,
		is("pipeline_source", "schedule"),
	),
	"pipeline/security-orchestration": source("security_orchestration_policy"),
	"pipeline/trigger": source("trigger"),
	"pipeline/web": source("web"),
	"pipeline/webide": source("webide"),
	"project/deep-subgroups": all(
		elsewhere,
		(t) => groupsOf(t.project_path).length === 20,
	),
	"project/dot-in-path": all(stranger, (t, c) =>
		new RegExp(`^${text(c.project_path)}$`).test(text(t.project_path)),
	),
	"project/internal": all(is("project_visibility", "internal"), ours),
	"project/mixed-case": all(
		changes("project_path"),
		keeps("project_id"),
		(t, c) => lower(t.project_path) === lower(c.project_path),
	),
	"project/nested-below": all(elsewhere, (t, c) =>
		text(t.project_path).startsWith(`${c.project_path}/`),
	),
	"project/other-project": all(
		elsewhere,
		(t, c) =>
			lower(groupsOf(t.project_path)[0]) !== lower(groupsOf(c.project_path)[0]),
	),
	"project/parent-group": all(
		elsewhere,
		(t, c) => nameOf(t.project_path) === nameOf(c.project_path),
		(t, c) =>
			text(t.namespace_path) ===
			groupsOf(c.project_path).slice(0, -1).join("/"),
		(t) => t.namespace_path !== "",
	),
	"project/path-prefix": all(
		stranger,
		keeps("namespace_path"),
		keeps("namespace_id"),
		(t, c) => text(t.project_path).startsWith(text(c.project_path)),
	),
	"project/path-suffix": all(elsewhere, (t, c) =>
		text(t.project_path).endsWith(`/${c.project_path}`),
	),
	"project/public": all(is("project_visibility", "public"), ours),
	"project/reclaimed-path": all(
		changes("project_id"),
		changes("namespace_id"),
		keeps("project_path"),
		keeps("sub"),
	),
	"project/reclaimed-path-with-a-sub-by-number": all(
		changes("project_id"),
		changes("namespace_id"),
		keeps("project_path"),
		(t) => text(t.sub).startsWith(`project_id:${t.project_id}:`),
	),
	"project/same-group-other-project": all(
		stranger,
		keeps("namespace_path"),
		keeps("namespace_id"),
	),
	"project/transferred": all(
		keeps("project_id"),
		changes("namespace_id"),
		changes("namespace_path"),
		(t, c) => nameOf(t.project_path) === nameOf(c.project_path),
	),
	"project/user-namespace": all(
		elsewhere,
		(t) => t.namespace_path === t.user_login,
		keeps("user_id"),
	),
	"ref/255-byte-ref": all(
		atAnotherRef,
		(t) => Buffer.byteLength(text(t.ref)) === 255,
	),
	"ref/branch-named-like-a-tag": all(unprotected, is("ref", "v1.2.3")),
	"ref/branch-named-like-our-tag": all(
		unprotected,
		keeps("ref"),
		changes("ref_type"),
	),
	"ref/branch-named-refs-tags": all(atAnotherRef, (t) =>
		text(t.ref).startsWith("refs/tags/"),
	),
	"ref/default-branch": all(
		isBranch,
		is("ref", "master"),
		is("ref_protected", "true"),
	),
	"ref/feature-branch-with-slashes": all(atAnotherRef, (t, c) =>
		text(t.ref).endsWith(`/${c.ref}`),
	),
	"ref/homoglyph-ref": all(
		open,
		changes("ref"),
		keeps("ref_type"),
		(t, c) => [...text(t.ref)].length === [...text(c.ref)].length,
	),
	"ref/protected-branch": all(
		isBranch,
		changes("ref"),
		is("ref_protected", "true"),
	),
	"ref/protected-branch-named-like-a-tag": all(
		isBranch,
		is("ref", "v1.2.3"),
		is("ref_protected", "true"),
		changes("ref_path"),
	),
	"ref/protected-tag": all(
		isTag,
		is("ref_protected", "true"),
		(t, c) => t.ref_path !== c.ref_path || c.ref_protected === "false",
	),
	"ref/ref-with-colons": all(atAnotherRef, (t, c) =>
		text(t.sub).includes(`:ref_type:tag:ref:${c.ref}`),
	),
	"ref/ref-with-glob-characters": all(atAnotherRef, is("ref", "*")),
	"ref/ref-with-newline-escaped": all(
		atAnotherRef,
		(t, c) => t.ref === `x\\n${c.ref}`,
	),
	"ref/ref-with-odd-characters": atAnotherRef,
	"ref/ref-with-regex-characters": all(atAnotherRef, (t, c) =>
		text(t.ref).includes(`(${c.ref}|`),
	),
	"ref/release-branch-prefix": all(atAnotherRef, (t) =>
		text(t.ref).startsWith("release/1"),
	),
	"ref/same-ref-unprotected": all(open, keeps("ref"), keeps("ref_type")),
	"ref/protected-branch-named-like-our-tag": all(
		isBranch,
		is("ref_protected", "true"),
		keeps("ref"),
		changes("ref_type"),
	),
	"ref/protected-tag-named-like-our-branch": all(
		isTag,
		is("ref_protected", "true"),
		keeps("ref"),
		changes("ref_type"),
	),
	"ref/tag-named-like-the-branch": all(isTag, open, keeps("ref")),
	"ref/unicode-ref": all(atAnotherRef, (t) =>
		[...text(t.ref)].some((letter) => (letter.codePointAt(0) ?? 0) > 127),
	),
	"ref/unprotected-branch": all(atAnotherRef),
	"ref/unprotected-tag": all(isTag, open),
	"ref/upper-case-ref": all(
		open,
		changes("ref"),
		keeps("ref_type"),
		(t, c) => lower(t.ref) === lower(c.ref),
	),
	"runner/gitlab-hosted": all(
		is("runner_environment", "gitlab-hosted"),
		is("runner_id", 12270852),
	),
	"runner/no-runner": (t) =>
		!("runner_id" in t) && !("runner_environment" in t),
	"runner/no-runner-null": all(
		is("runner_id", null),
		is("runner_environment", null),
	),
	"runner/self-hosted": is("runner_environment", "self-hosted"),
	"subject/job-project-path-first": sub(
		/^job_project_path:[^:]+:ref_type:[a-z]+:ref:[^:]+$/,
	),
	"subject/source-project-id-first": sub(
		/^source_project_id:\d+:ref_type:[a-z]+:ref:[^:]+$/,
	),
	"subject/path-and-ref": sub(/^project_path:[^:]+:ref:[^:]+$/),
	"subject/project-id-first": sub(/^project_id:\d+:ref_type:[a-z]+:ref:[^:]+$/),
	"subject/project-path-only": sub(/^project_path:[^:]+$/),
	"subject/sub-longer-than-127-bytes": (t) => text(t.sub).length > 127,
	"subject/sub-of-1000-bytes": (t) =>
		text(t.sub).length >= 950 && text(t.sub).length < 1100,
	"subject/with-deployment-tier": sub(
		/:environment_protected:true:deployment_tier:production$/,
	),
	"subject/with-environment-protected": sub(/:environment_protected:true$/),
	"subject/with-ref-protected": sub(/:ref_protected:(true|false)$/),
	"user/bot-user": all(
		changes("user_id"),
		(t, c) => text(t.user_login) === `project_${c.project_id}_bot_3f2a`,
		ours,
	),
	"user/bot-on-unprotected-branch": all(
		atAnotherRef,
		changes("user_id"),
		(t, c) => text(t.user_login) === `project_${c.project_id}_bot_3f2a`,
	),
	"user/developer": role("developer"),
	"user/email-changed": all(changes("user_email"), keeps("user_id"), ours),
	"user/email-of-another-domain-suffix": all(
		changes("user_email"),
		(t, c) => text(t.user_email) === `${c.user_email}.evil.test`,
	),
	"user/groups-direct": (t, c) =>
		text(t.groups_direct) !== text(c.groups_direct) &&
		t.groups_direct !== undefined,
	"user/guest": role("guest"),
	"user/no-access-level": role(null),
	"user/no-user": all(
		is("user_id", ""),
		is("user_login", null),
		is("user_email", null),
	),
	"user/owner": role("owner"),
	"user/owner-on-unprotected-branch": all(
		atAnotherRef,
		is("user_access_level", "owner"),
	),
	"user/planner": role("planner"),
	"user/reporter": role("reporter"),
	"user/same-login-other-id": all(
		changes("user_id"),
		keeps("user_login"),
		ours,
	),
};

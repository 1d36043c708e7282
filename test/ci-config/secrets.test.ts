// `secrets` and `identity`: with which of a job's tokens, or with one that GitLab makes of its own.
import { expect, test } from "vitest";
import { rejection } from "../refusal.js";
import { type Around, claimsOf, jobsOf } from "./project.js";

const secretsOf = async (secrets: string, idTokens = "A, B") => {
	const tokens = idTokens
		.split(", ")
		.filter((name) => name !== "")
		.map((name) => `${name}: { aud: a }`);
	const { jobs, warnings } = await jobsOf(
		`job: { script: x, id_tokens: { ${tokens.join(", ")} }, secrets: { S: { ${secrets} } } }`,
	);
	return [jobs[0]?.secrets.S, warnings.join()];
};

// What BuildRunnerPresenter hands the runner, provider by provider.
test.for<[string, string, string | null, string]>([
	[`vault: a/b@c, token: "\${B}"`, "A, B", "B", ""],
	["vault: a/b@c", "A", "A", ""],
	["azure_key_vault: { name: n }", "A", "A", ""],
	[
		"vault: a/b@c",
		"A, B",
		"A",
		"names no token: of the job's several GitLab takes the first, A",
	],
	["vault: a/b@c", "", null, ""],
	["aws_secrets_manager: { secret_id: i }, token: $A", "A", "A", ""],
	[
		"aws_secrets_manager: { secret_id: i }",
		"A, AWS_ID_TOKEN",
		"AWS_ID_TOKEN",
		"",
	],
	[
		"aws_secrets_manager: { secret_id: i }",
		"A",
		null,
		"needs token, or an ID token of the name AWS_ID_TOKEN",
	],
	["gcp_secret_manager: { name: n }, token: $A", "A", "A", ""],
	["akeyless: { name: n }, token: $A", "A", "A", ""],
	["akeyless: { name: n, akeyless_access_type: aws_iam }", "A", null, ""],
	[
		"vault: a/b@c, token: $C",
		"A",
		null,
		"token is none of the job's id_tokens",
	],
	["vault: a/b@c, token: A", "A", null, "token is none of the job's id_tokens"],
])(
	"{ %s } of a job with %s is fetched with %s",
	async ([secret, idTokens, token, warning]) => {
		const braces = secret.replace("$B", "$" + "{B}");
		expect(await secretsOf(braces, idTokens)).toEqual([
			token,
			warning === ""
				? ""
				: `.gitlab-ci.yml:1: job "job": secrets: S${warning.startsWith("token") ? ":" : ""} ${warning}`,
		]);
	},
);

test.for([
	["{ S: a/b@c }", "S needs a mapping"],
	["[S]", "needs a mapping"],
	[
		"{ S: { file: true } }",
		"S must use exactly one of vault, azure_key_vault, gcp_secret_manager, aws_secrets_manager, akeyless, gitlab_secrets_manager",
	],
	[
		"{ S: { vault: a/b@c, akeyless: { name: n } } }",
		"S must use exactly one of vault, azure_key_vault, gcp_secret_manager, aws_secrets_manager, akeyless, gitlab_secrets_manager",
	],
	["{ S: { valut: a/b@c } }", "S has no key valut; nearest: vault"],
	["{ S: { vault: a/b@c, token: [A] } }", "S: token needs a text"],
	["{ S: { gcp_secret_manager: { name: n } } }", "S needs token"],
] as const)("secrets: %s are refused", async ([secrets, message]) => {
	const text = (value: string) =>
		`job: { script: x, id_tokens: { A: { aud: a } }, secrets: ${value} }`;
	expect(await rejection(jobsOf(text(secrets)))).toEqual({
		code: "invalid_pipeline",
		message: `.gitlab-ci.yml:1: job "job": secrets${message.startsWith("needs") ? "" : ":"} ${message}`,
	});
	expect(await rejection(jobsOf(text("{ S: { vault: a/b@c } }")))).toBe(
		"accepted",
	);
});

const PROVIDER =
	"//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/gitlab";

test("identity: google_cloud has a token for GitLab's broker, which no variable is", async () => {
	const text = `
default: { identity: google_cloud }
deploy: { script: x, id_tokens: { T: { aud: a } } }
without: { script: x, inherit: { default: false } }
`;
	const around: Around = {
		situation: {
			set: [
				`target_audience=${PROVIDER}`,
				'sub_components=["project_id", "ref"]',
			],
		},
		version: "19.1",
	};
	const { jobs } = await jobsOf(text, around);
	expect(jobs.map(({ hidden_tokens }) => hidden_tokens)).toEqual([
		[
			{
				what: "identity: google_cloud",
				aud: "https://auth.gcp.gitlab.com",
				target_audience: PROVIDER,
			},
		],
		[],
	]);
	const issued = await jobsOf(text, around, "deploy");
	expect(Object.keys(issued.tokens)).toEqual(["T"]);
	const own = await claimsOf(issued.tokens.T?.token as string);
	expect(own).not.toHaveProperty("target_audience");
	expect(own.sub).toMatch(/^project_id:\d+:ref:main$/);
	const hidden = issued.hidden_tokens["identity: google_cloud"]?.token;
	expect(await claimsOf(hidden as string)).toMatchObject({
		aud: "https://auth.gcp.gitlab.com",
		target_audience: PROVIDER,
		sub: "project_path:my-group/my-project:ref_type:branch:ref:main",
	});
});

test("identity without the integration, or before its time, has none, and a warning", async () => {
	const text = "job: { script: x, identity: google_cloud }";
	const told = async (around: Around) => {
		const { jobs, warnings } = await jobsOf(text, around);
		expect(jobs[0]?.hidden_tokens).toEqual([]);
		return warnings.join();
	};
	expect(await told({})).toContain(
		"--set target_audience=//iam.googleapis.com/projects/NUMBER/",
	);
	expect(await told({ version: "16.9" })).toContain(
		"identity needs GitLab 16.10, and this is 16.9",
	);
	expect(
		await rejection(jobsOf("job: { script: x, identity: aws }")),
	).toMatchObject({
		message: '.gitlab-ci.yml:1: job "job": identity is "aws", not google_cloud',
	});
});

test("GitLab Secrets Manager has a token of its own, for the instance's OpenBao", async () => {
	const text = `
job:
  script: x
  secrets:
    ONE: { gitlab_secrets_manager: { name: one } }
    TWO: { gitlab_secrets_manager: { name: two, source: group/acme } }
`;
	const { jobs, warnings } = await jobsOf(text);
	const what = "secrets: gitlab_secrets_manager";
	expect(jobs[0]).toMatchObject({
		secrets: { ONE: null, TWO: null },
		hidden_tokens: [{ what, aud: null, target_audience: null }],
	});
	expect(warnings).toEqual([
		'.gitlab-ci.yml:5: job "job": gitlab_secrets_manager: the audience of GitLab\'s own token is the URL of its OpenBao; give it with --secrets-manager URL',
	]);
	const secrets_manager = "https://openbao.example.com";
	const issued = await jobsOf(text, { situation: { secrets_manager } }, "job");
	expect(issued.warnings).toEqual([]);
	expect(issued.tokens).toEqual({});
	const token = issued.hidden_tokens[what]?.token as string;
	expect(await claimsOf(token)).toMatchObject({
		aud: secrets_manager,
		sub: "project_path:my-group/my-project:ref_type:branch:ref:main",
		secrets_manager_scope: "pipeline",
	});
});

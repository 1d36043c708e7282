// Where the pipeline's configuration is said to be: ci_config_ref_uri and ci_config_sha.
import { describe, expect, test } from "vitest";
import type { Job } from "../../src/gitlab/job.js";
import { claims } from "./job.js";

const OWN: NonNullable<Job["config"]> = {
	path: ".gitlab-ci.yml",
	project: null,
	ref_path: null,
	sha: null,
};
const SHA = { job: "a".repeat(40), config: "c".repeat(40) };
const HERE =
	"gitlab.example.com/group/sub/project//.gitlab-ci.yml@refs/heads/main";

describe("ci_config_ref_uri and ci_config_sha", () => {
	test.for<[string, Job["config"], string, string | null, string | null]>([
		["the project's own file", OWN, "19.1", HERE, SHA.job],
		["the project's own file", OWN, "16.2", HERE, SHA.job],
		[
			"the project's own, by its path",
			{ ...OWN, project: "group/sub/project" },
			"17.11",
			HERE,
			SHA.job,
		],
		[
			"a file of another name",
			{ ...OWN, path: "ci/release.yml" },
			"19.1",
			"gitlab.example.com/group/sub/project//ci/release.yml@refs/heads/main",
			SHA.job,
		],
		[
			"a file read elsewhere in the project",
			{ ...OWN, ref_path: "refs/heads/ci", sha: SHA.config },
			"17.11",
			"gitlab.example.com/group/sub/project//.gitlab-ci.yml@refs/heads/ci",
			SHA.config,
		],
		["another project's file", { ...OWN, project: "a/b" }, "16.2", null, null],
		["no file", null, "16.2.9", null, null],
		["no file", null, "18.9", HERE, SHA.job],
		[
			"another project's file",
			{ ...OWN, project: "a/b" },
			"18.9",
			"gitlab.example.com/group/sub/project//.gitlab-ci.yml@a/b@refs/heads/main",
			SHA.job,
		],
		[
			"another project's file at a ref, whose commit is not told",
			{
				...OWN,
				path: "ci/x.yml",
				project: "a/b",
				ref_path: "refs/heads/ci",
				sha: SHA.config,
			},
			"19.5",
			"gitlab.example.com/group/sub/project//ci/x.yml@a/b:ci@refs/heads/main",
			SHA.job,
		],
	])("of %s, in %5$s: %4$s", ([, config, version, uri, sha]) => {
		expect(claims({ config }, { version })).toMatchObject({
			ci_config_ref_uri: uri,
			ci_config_sha: sha,
		});
	});

	test.for([
		["16.3", null],
		["18.8", null],
		["16.3", { ...OWN, project: "a/b" }],
		["18.8", { ...OWN, project: "a/b" }],
	] as const)(
		"are not there in %s where the project has no file",
		([version, config]) => {
			const token = claims({ config }, { version });
			expect(token).not.toHaveProperty("ci_config_ref_uri");
			expect(token).not.toHaveProperty("ci_config_sha");
			expect(claims({}, { version })).toHaveProperty("ci_config_sha");
		},
	);

	test.for([
		["https://gitlab.com", "gitlab.com"],
		["https://gitlab.example.com:8443", "gitlab.example.com:8443"],
		["http://127.0.0.1:8080", "127.0.0.1:8080"],
		["https://example.com/gitlab", "example.com"],
	] as const)("at %s begins with %s", ([issuer, host]) => {
		const { ci_config_ref_uri } = claims({}, { issuer });
		expect(ci_config_ref_uri).toBe(HERE.replace("gitlab.example.com", host));
	});

	test("is the tag's in a tag pipeline", () => {
		expect(claims({ ref: "v1", ref_type: "tag" }).ci_config_ref_uri).toBe(
			HERE.replace("refs/heads/main", "refs/tags/v1"),
		);
	});
});

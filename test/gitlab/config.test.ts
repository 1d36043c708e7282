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
		["another project's file", { ...OWN, project: "a/b" }, "17.11", null, null],
		[
			"another project's file, whose ref and commit are not told",
			{
				...OWN,
				project: "a/b",
				ref_path: "refs/heads/ci",
				sha: SHA.config,
			},
			"18.0",
			HERE,
			SHA.job,
		],
		["no file", null, "17.11", null, null],
		["no file", null, "18.0", HERE, SHA.job],
	])("of %s, in %5$s: %4$s", ([, config, version, uri, sha]) => {
		expect(claims({ config }, { version })).toMatchObject({
			ci_config_ref_uri: uri,
			ci_config_sha: sha,
		});
	});

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

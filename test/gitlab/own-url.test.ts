// An instance whose issuer is not its own URL: iss is the issuer, and the configuration has the instance's host.
import { expect, test } from "vitest";
import { ownUrl } from "../../src/gitlab/own-url.js";
import { refusal } from "../refusal.js";
import { claims } from "./job.js";

const issuer = "https://bucket.example/oidc";
const gitlabUrl = "https://gitlab.corp.test:8443/gitlab";

test("iss is the setting's, ci_config_ref_uri has the instance's host", () => {
	expect(claims({}, { issuer, url: gitlabUrl })).toMatchObject({
		iss: issuer,
		ci_config_ref_uri:
			"gitlab.corp.test:8443/group/sub/project//.gitlab-ci.yml@refs/heads/main",
	});
	expect(claims({}, { issuer }).ci_config_ref_uri).toMatch(
		/^bucket\.example\//,
	);
});

test.for([
	[{ issuer, gitlabUrl }, "18.1", "accepted"],
	[{ issuer }, "16.0", "accepted"],
	[{ issuer, gitlabUrl }, "18.0", "GitLab 18.0 has no setting for its issuer"],
	[{ gitlabUrl }, "18.1", "give the issuer too"],
	[{ issuer, gitlabUrl: "gitlab" }, "18.1", '"gitlab" is no issuer'],
] as const)("%o in %s: %s", ([options, version, said]) => {
	const found = refusal(() => ownUrl(options, version));
	if (said === "accepted") expect(found).toBe(said);
	else
		expect(found).toMatchObject({
			code: "invalid_option",
			message: expect.stringContaining(said),
		});
});

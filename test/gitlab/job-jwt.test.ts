// CI_JOB_JWT: the order and the form of the token that rgl/gitlab-ci-validate-jwt published, of a later GitLab.
import { expect, test } from "vitest";
import { refusal } from "../refusal.js";
import { claims, claimsIn } from "./job.js";

test.for(["14.7", "15.7", "16.11"])(
	"is a job's and nobody's in %s",
	(version) => {
		const token = claimsIn(version, { ci_job_jwt: true });
		expect(token).toMatchObject({ iss: "gitlab.example.com", sub: "job_11" });
		expect(Object.keys(token).slice(-6).join(" ")).toBe(
			"jti iss iat nbf exp sub",
		);
		for (const name of ["aud", "runner_id", "sha", "ci_config_sha"])
			expect(token).not.toHaveProperty(name);
		expect(claimsIn(version)).toHaveProperty("aud");
	},
);

test("has the claims of its time, in order", () => {
	expect(Object.keys(claimsIn("14.7", { ci_job_jwt: true })).join(" ")).toBe(
		"namespace_id namespace_path project_id project_path user_id user_login user_email pipeline_id pipeline_source job_id ref ref_type ref_protected jti iss iat nbf exp sub",
	);
});

test("names the host alone, of the GitLab itself", () => {
	const job = { ci_job_jwt: true };
	const issuer = "https://gitlab.example.com:8443/gitlab";
	expect(claims(job, { version: "16.0", issuer }).iss).toBe(
		"gitlab.example.com",
	);
});

test("is gone since 17.0", () => {
	expect(refusal(() => claimsIn("17.0", { ci_job_jwt: true }))).toEqual({
		code: "not_applicable",
		message: "GitLab 17.0 has no CI_JOB_JWT: it went in 17.0",
	});
	expect(refusal(() => claimsIn("17.0"))).toBe("accepted");
});

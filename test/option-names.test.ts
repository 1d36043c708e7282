// The library takes camelCase alone, files and requests snake_case.
import { expect, test } from "vitest";
import { openCheck } from "../src/harness/check-relying-party.js";
import { type CheckOptions, startGitLab, vectors } from "../src/index.js";

const verify = () => true;

test("options of a check are those of a profile", async () => {
	await using gitlab = await startGitLab();
	const knownFailures = [{ id: "time/expired", because: "4711" }];
	const anyOf = [{ claims: { ref: "main" } }];
	const job = { ref: "v1", ref_type: "tag" } as const; // a job is GitLab's, in GitLab's words
	const { setup, close } = await openCheck({
		...{ verify, gitlab, knownFailures, job },
		policy: { anyOf, claims: { project_path: "acme/app" } },
		issuer: { gitlabVersion: "17.11" },
	});
	expect(setup.profile).toMatchObject({
		known_failures: knownFailures,
		policy: { any_of: anyOf, claims: { project_path: "acme/app" } },
		issuer: { gitlab_version: "17.11" },
		job,
	});
	await close();
	const beside = await gitlab.instance({ gitlabVersion: "16.0" });
	const { claims } = await beside.mint();
	expect(claims).not.toHaveProperty("job_source");
});

test.for([
	[{ known_failures: [] }, "options.known_failures: ", "knownFailures"],
	[{ policy: { any_of: [{}] } }, "options.policy.any_of: ", "anyOf"],
	[
		{ issuer: { gitlab_version: "16.0" } },
		"options.issuer.gitlab_version: ",
		"gitlabVersion",
	],
] as const)(
	"%o is refused, with its name here",
	async ([options, where, name]) => {
		const given: object = { verify, ...options };
		await expect(openCheck(given as CheckOptions)).rejects.toMatchObject({
			code: "invalid_option",
			message: `${where}unknown key; the library calls it ${name}`,
		});
	},
);

test("an option that there is not is refused, with the one that is meant", async () => {
	const misspelt = { audince: "https://rp.test" } as object;
	await expect(startGitLab(misspelt)).rejects.toMatchObject({
		code: "invalid_option",
		message: "startGitLab: there is no option audince; did you mean audience?",
	});
	await expect(vectors({ onyl: ["valid"] } as object)).rejects.toThrow(
		"vectors: there is no option onyl; did you mean only?",
	);
	await using gitlab = await startGitLab({ audience: "https://rp.test" });
	const situation = { merge_request: true } as object;
	await expect(
		gitlab.jobTokens(".gitlab-ci.yml", "deploy", situation),
	).rejects.toThrow("did you mean mergeRequest?");
	expect((await gitlab.mint()).claims.aud).toBe("https://rp.test");
});

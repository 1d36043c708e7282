// The file that describes a relying party: what it is, what it demands, and how it is asked.
import { z } from "zod";
import { MockError, messageOf } from "../errors.js";
import { isGitLabVersion } from "../gitlab/version.js";
import { commandSchema, targetSchema } from "../relying-party/target/config.js";
import { problemLine } from "../scenario/problem.js";
import { jobDifferencesSchema } from "../scenario/schema.js";
import { issueText, withNearest } from "../scenario/schema-issue.js";
import { readYaml } from "../scenario/yaml.js";
import { isMissing, readTextFile } from "../text-file.js";
import { LIBRARIES } from "../verdict/cause/library-lines.js";
import type { Expression } from "../verdict/policy/expression.js";
import { type Policy, policySchema } from "../verdict/policy/schema.js";
import { claimProblems, targetProblems } from "./profile-problems.js";

const seconds = (most: number) => z.number().min(0.1).max(most);

const limitsSchema = z.strictObject({
	timeout: seconds(600).optional().meta({
		description:
			"seconds to wait for an answer, after which the RP counts as hung; default 10",
	}),
	start: seconds(600).optional().meta({
		description:
			"seconds until the RP's port answers after `start`; default 30",
	}),
	refresh: seconds(3600).optional().meta({
		description:
			"seconds within which a new key must be accepted, and the RP be itself again after an outage; default 60",
	}),
});

const membersSchema = z.strictObject({
	target: targetSchema.optional().meta({
		description: "how the check sends a token to the RP",
	}),
	start: commandSchema.optional().meta({
		description:
			"starts the RP, with OIDC_ISSUER, OIDC_JWKS_URI, OIDC_AUDIENCE, OIDC_CA_FILE and PORT in its environment; the check stops it afterwards, and restarts it where a scenario needs an empty cache",
	}),
	audience: z.string().min(1).optional().meta({
		description: "the RP's name in `aud`; default https://rp.example.com",
	}),
	issuer: z
		.strictObject({
			host: z.string().min(1).optional().meta({
				description:
					"the host name by which the RP reaches the check's issuer; default 127.0.0.1",
			}),
			port: z.int().min(0).max(65_535).optional().meta({
				description: "its port; default a free one",
			}),
			url: z.string().optional().meta({
				description:
					"`iss`, where it is not the URL that it listens on; the RP must reach it there",
			}),
			tls: z.boolean().optional().meta({
				description: "https, with a certificate of its own authority",
			}),
			gitlab_version: z
				.string()
				.refine(
					isGitLabVersion,
					'expected "latest" or a version such as "17.11"',
				)
				.optional(),
		})
		.optional()
		.meta({ description: "the issuer that the check brings up" }),
	server: z.string().optional().meta({
		description: "a running server to use instead, URL",
	}),
	job: jobDifferencesSchema.optional().meta({
		description:
			"a job that the RP accepts, as differences from the built-in job: your project, your ref",
	}),
	policy: policySchema.optional().meta({
		description:
			"the values of claims that the RP requires, beyond the checks that hold for every token",
	}),
	library: z.enum(LIBRARIES).optional().meta({
		description:
			"the library with which the RP verifies tokens: reports then show a line of code that fixes a cause",
	}),
	limits: limitsSchema.optional(),
	known_failures: z
		.array(
			z.strictObject({
				id: z.string().min(1).meta({ description: "scenario or probe" }),
				because: z.string().min(1).meta({ description: "why it is tolerated" }),
				kind: z.enum(["dangerous", "broken", "too-strict"]).optional().meta({
					description:
						"the worst that is tolerated: dangerous (the default), too-strict, or broken; a crash, a hang or no clear answer is tolerated only with broken",
				}),
			}),
		)
		.max(1000)
		.optional()
		.meta({
			description:
				"known failures: they do not fail the run; one that passes does",
		}),
});

export const profileSchema = membersSchema.superRefine((profile, context) => {
	for (const problem of targetProblems(profile))
		context.addIssue({ code: "custom", ...problem });
});

/** A file's own policy; what a service's settings bind is not the user's spelling. */
const fileSchema = profileSchema.superRefine((profile, context) => {
	for (const problem of claimProblems(profile.policy))
		context.addIssue({ code: "custom", ...problem });
});

/** A relying party, as its owner describes it. */
export type Profile = Omit<z.infer<typeof profileSchema>, "policy"> & {
	policy?: Policy | undefined;
};

const LARGEST = 256 * 1024; // bytes

/**
 * Reads a profile.
 * @throws MockError `file` where it cannot be read, `invalid_option` where it is no profile
 */
export async function readProfile(file: string): Promise<Profile> {
	const text = await readTextFile(file, {
		largest: LARGEST,
		name: `the profile ${file}`,
	}).catch((error) => {
		throw isMissing(error)
			? new MockError(
					"file",
					`${messageOf(error)}; \`check --init\` writes one`,
					{ cause: error },
				)
			: error;
	});
	const read = readYaml(file, text, fileSchema, LARGEST);
	if ("value" in read) return read.value;
	throw new MockError(
		"invalid_option",
		read.problems.map(problemLine).join("\n"),
	);
}

/**
 * Checks a profile that was made in code.
 * @param expression what its policy demands beside what a file can say
 * @throws MockError `invalid_option`
 */
export function checkedProfile(
	profile: unknown,
	expression?: Expression,
): Profile {
	const result = profileSchema.safeParse(profile, withNearest);
	if (result.success) {
		const { data } = result;
		return expression
			? { ...data, policy: { ...data.policy, expression } }
			: data;
	}
	throw new MockError("invalid_option", issueText(result.error, "profile"));
}

// The schema of an instance, as a request or a configuration file describes it.
import { z } from "zod";
import { MockError } from "../../errors.js";
import { ISSUER_FORM, isIssuer } from "../../gitlab/issuer.js";
import { PLANS } from "../../gitlab/plan.js";
import { isGitLabVersion, OLDEST_VERSION } from "../../gitlab/version.js";
import { faultsSchema } from "../../scenario/fault.js";
import { jobDifferencesSchema } from "../../scenario/schema.js";
import { issueText } from "../../scenario/schema-issue.js";

const RESERVED = ["_mock", "oauth", "users", "api", "-"];

/** What an instance is to be like; what is left out is as at the root. */
export const instanceConfigSchema = z
	.strictObject({
		name: z
			.string()
			.regex(
				/^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$/,
				"expected lower-case letters, digits, dots and dashes",
			)
			.refine(
				(name) => !RESERVED.includes(name),
				"this name is GitLab's or the mock's own",
			)
			.optional()
			.meta({
				description:
					"it lives below /NAME, as a relative-URL GitLab does; default a name of its own",
			}),
		host: z
			.string()
			.regex(
				/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/,
				"expected a host name in lower case, without a port",
			)
			.max(253)
			.optional()
			.meta({ description: "it answers to this host name, instead of a path" }),
		issuer: z.string().refine(isIssuer, ISSUER_FORM).optional().meta({
			description:
				"a custom issuer (GitLab's ci_id_tokens_issuer_url); default the URL that it is called by",
		}),
		gitlab_url: z.string().refine(isIssuer, ISSUER_FORM).optional().meta({
			description:
				"its own URL, where `issuer` is another one; tokens have its host in `ci_config_ref_uri`",
		}),
		gitlab_version: z
			.string()
			.refine(
				isGitLabVersion,
				`expected "latest" or a version such as "17.11", ${OLDEST_VERSION} or newer`,
			)
			.optional(),
		plan: z.enum(PLANS).optional(),
		audience: z
			.string()
			.optional()
			.meta({ description: "`aud` of tokens whose request names none" }),
		baseline: jobDifferencesSchema.optional().meta({
			description:
				"how its baseline job differs from the built-in one, as in `job` of a scenario: your project, your ref",
		}),
		faults: faultsSchema.optional().meta({ description: "on from the start" }),
		scenario: z.string().optional().meta({
			description:
				"plays the `instance` block of this scenario; a request for a token that names none gets its token",
		}),
	})
	.refine(
		({ name, host }) => name === undefined || host === undefined,
		"name and host exclude each other",
	);

export type InstanceConfig = z.infer<typeof instanceConfigSchema>;

/** A configuration file. */
export const configSchema = z.strictObject({
	instances: z.array(instanceConfigSchema).max(1000).optional().meta({
		description: "GitLabs beside the one at the root",
	}),
});

export type Config = z.infer<typeof configSchema>;

/**
 * Checks what a caller wants of an instance.
 * @throws MockError `invalid_request`
 */
export function checkedConfig(config: InstanceConfig): InstanceConfig {
	const result = instanceConfigSchema.safeParse(config);
	if (result.success) return result.data;
	throw new MockError("invalid_request", issueText(result.error, "instance"));
}

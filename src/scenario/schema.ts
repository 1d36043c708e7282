// The format of a scenario file, defined once: types, validation, editor schema and table come from here.
import { z } from "zod";
import { jobSchema } from "../gitlab/job.js";
import { PLANS } from "../gitlab/plan.js";
import { isGitLabVersion, OLDEST_VERSION } from "../gitlab/version.js";
import { BROUGHT_KEYS } from "../token/brought-key.js";
import {
	ENCODINGS,
	type Encoding,
	HEADER_ENCODINGS,
	type HeaderEncoding,
} from "../token/encode.js";
import { MANGLES, type Mangle } from "../token/forge.js";
import { HMAC_SECRETS, type HmacSecret } from "../token/hmac.js";
import { BARE_SIGNATURES } from "../token/make.js";
import { KEY_NAMES } from "../token/named-keys.js";
import { RULE_IDS } from "../token/rules.js";
import { RSA_ALGORITHMS, type RsaAlgorithm } from "../token/sign.js";
import { differencesSchema } from "./differences.js";
import { memberSchema, timeSchema } from "./edit.js";
import { faultsSchema } from "./fault.js";

const namesOf = <Name extends string>(table: Record<Name, unknown>) =>
	Object.keys(table) as [Name, ...Name[]];

const members = z.record(z.string(), memberSchema);

/** What is done to the derived token, in the order of the keys. */
export const tokenSchema = z.strictObject({
	issued: timeSchema.optional().meta({
		description:
			"when GitLab issued it, such as `now-2h`; `iat`, `nbf` and `exp` follow",
	}),
	claims: members.optional().meta({
		description:
			"claims that are set or edited: a value (`null` too), or one of `append`, `prepend`, `replace`, `upper-case`, `swap-case`, `as-list`, `as-member`, `of` (another claim), `remove: true`, `value`; in `exp`, `nbf` and `iat` a time such as `now-1h`",
	}),
	header: members
		.optional()
		.meta({ description: "JOSE header members, in the same way" }),
	sign: z
		.union([
			z.strictObject({
				key: z
					.enum(KEY_NAMES)
					.optional()
					.meta({ description: "which key signs; `kid` follows it" }),
				alg: z
					.enum(namesOf<RsaAlgorithm>(RSA_ALGORITHMS))
					.optional()
					.meta({ description: "how it signs, whatever the header says" }),
				kid_of: z
					.enum(KEY_NAMES)
					.optional()
					.meta({ description: "whose `kid` the header has instead" }),
				bring: z.enum(BROUGHT_KEYS).optional().meta({
					description:
						"the header member that brings the attacker's key, or leads to it",
				}),
			}),
			z.strictObject({
				hmac: z
					.enum(namesOf<HmacSecret>(HMAC_SECRETS))
					.meta({ description: "an HMAC under something that is public" }),
			}),
			z.enum(BARE_SIGNATURES).meta({
				description:
					"an empty signature, one of another token, or one made with the public half of the key",
			}),
		])
		.optional()
		.meta({
			description:
				"what signs it: `{ key: …, alg: RS256 | …, kid_of: …, bring: … }`, `{ hmac: … }`, `none`, `another-token` or `public-exponent`; default the CI key with RS256",
		}),
	encode: z.enum(namesOf<Encoding>(ENCODINGS)).optional().meta({
		description: "how the payload is written, before it is signed",
	}),
	encode_header: z
		.enum(namesOf<HeaderEncoding>(HEADER_ENCODINGS))
		.optional()
		.meta({ description: "how the header is written, in the same way" }),
	mangle: z
		.array(
			z.union([
				z.enum(namesOf<Mangle>(MANGLES)),
				z.strictObject({
					claims: members.meta({
						description: "claims changed after signing",
					}),
				}),
				z.strictObject({
					header: members.meta({
						description: "header members changed after signing",
					}),
				}),
			]),
		)
		.optional()
		.meta({
			description:
				"named edits of the finished token, or `{ claims: … }` changed after signing",
		}),
});

/** How the instance differs while the scenario runs. */
export const instanceSchema = z.strictObject({
	gitlab_version: z
		.string()
		.refine(
			isGitLabVersion,
			`expected "latest" or a version such as "17.11", ${OLDEST_VERSION} or newer`,
		)
		.optional()
		.meta({
			description: "the GitLab that issues it; default the instance's own",
		}),
	faults: faultsSchema.optional().meta({
		description:
			"which of its paths answer wrongly, late or not at all, as in `PUT /_mock/faults`",
	}),
	plan: z.enum(PLANS).optional().meta({
		description: "the subscription; `free` has no protected environments",
	}),
});

/** How a job differs from another. */
export const jobDifferencesSchema = differencesSchema(jobSchema, {
	fork_of: "project",
});
export type JobDifferences = z.infer<typeof jobDifferencesSchema>;

const BLOCKS = {
	job: jobDifferencesSchema.optional().meta({
		description:
			"differences from the baseline job; the claims are derived from it",
	}),
	token: tokenSchema.optional().meta({
		description: "what is done to the derived token",
	}),
	instance: instanceSchema.optional().meta({
		description: "how the instance differs",
	}),
};

/** What a request may change of a scenario, in the words of a scenario file. */
export const adjustmentSchema = z.strictObject(BLOCKS);
export type Adjustment = z.infer<typeof adjustmentSchema>;

/** A scenario file. */
export const scenarioSchema = z
	.strictObject({
		title: z
			.string()
			.min(1)
			.max(80)
			.meta({ description: "what the token **is**" }),
		expect: z.enum(["accept", "reject", "policy", "either"]).meta({
			description:
				"what a correct RP does; `policy`: genuine, so the RP's own policy decides; `either`: while the instance misbehaves, it rejects, or accepts by what it knows, and neither hangs nor crashes",
		}),
		rule: z.enum(RULE_IDS).optional().meta({
			description:
				"for `reject`, and only there: the one rule that must catch it",
		}),
		level: z.enum(["must", "should", "may"]).optional().meta({
			description: "the spec's own word; default `must`",
		}),
		why: z.string().min(1).meta({
			description: "what goes wrong, or what must keep working",
		}),
		spec: z.array(z.string().min(3)).min(1).meta({
			description: "where that is written, precisely",
		}),
		seen: z.array(z.string().min(3)).optional().meta({
			description: "CVEs and incidents",
		}),
		requires: z
			.array(
				z
					.string()
					.regex(
						/^(cold-cache|policy\.[a-z_]+|gitlab>=\d+\.\d+(\.\d+)?|baseline\.(branch|tag|group|person))$/,
						"expected cold-cache, policy.CLAIM, gitlab>=VERSION or baseline.branch, .tag, .group, .person",
					),
			)
			.optional()
			.meta({ description: "what a run must offer for this to apply" }),
		...BLOCKS,
	})
	.superRefine(({ expect, rule }, context) => {
		if (expect === "reject" && rule === undefined) {
			context.addIssue({
				code: "custom",
				path: ["rule"],
				message: "required with expect: reject",
			});
		}
		if (expect !== "reject" && rule !== undefined) {
			context.addIssue({
				code: "custom",
				path: ["rule"],
				message: `only with expect: reject, not with expect: ${expect}`,
			});
		}
	});

/** What a scenario file says. */
export type ScenarioText = z.infer<typeof scenarioSchema>;

/** A scenario: what its file says, and its name. */
export interface Scenario extends ScenarioText {
	/** its path in the catalogue, without the ending */
	id: string;
	/** the file that it was read from */
	file: string;
}

// The document of test vectors, as data. Version 1.
import { z } from "zod";
import { RULE_IDS } from "../../token/rules.js";
import { CONDITIONS, IMPACTS, LEVELS } from "../severity.js";

const jwksSchema = z.strictObject({
	keys: z.array(z.record(z.string(), z.json())),
});

const vectorSchema = z.strictObject({
	id: z.string().meta({ description: "the scenario, such as `time/expired`" }),
	title: z.string().meta({ description: "what the token is" }),
	expect: z.enum(["accept", "reject", "policy", "either"]).meta({
		description:
			"what a correct verifier does; `policy`: the token is genuine, so a policy on its claims decides; `either`: both are in order, as long as it neither hangs nor crashes",
	}),
	rule: z.enum(RULE_IDS).nullable().meta({
		description: "the one rule that it breaks; null where it is genuine",
	}),
	level: z.enum(LEVELS).meta({
		description: "the spec's own word for the recipient",
	}),
	impact: z.enum(IMPACTS).meta({ description: "what a wrong answer costs" }),
	only_if: z.enum(CONDITIONS).nullable().meta({
		description:
			"`gitlab-errs`: only if GitLab itself errs is there such a token",
	}),
	why: z.string().meta({
		description: "what goes wrong, or what must keep working",
	}),
	spec: z.array(z.string()).meta({ description: "where that is written" }),
	seen: z.array(z.string()).meta({ description: "CVEs and incidents" }),
	requires: z.array(z.string()).meta({
		description:
			"for which verifiers it is meant: `policy.CLAIM`, those whose policy looks at that claim; `cold-cache`, those that have no keys yet",
	}),
	differs: z
		.array(
			z.strictObject({
				claim: z.string(),
				baseline: z.json().optional().meta({
					description: "the honest job's value; absent where it has none",
				}),
				value: z.json().optional().meta({
					description: "this token's value; absent where it has none",
				}),
			}),
		)
		.meta({
			description:
				"for `policy`: how its claims differ from those of the honest job, so that a policy of one's own can be held against it",
		}),
	random: z
		.strictObject({
			part: z.enum(["signature", "token"]).meta({
				description:
					"what differs each time it is made: the third part, or all but the header",
			}),
			why: z.string(),
		})
		.nullable()
		.meta({
			description: "null: the token is the same each time, byte for byte",
		}),
	jwks: jwksSchema.nullable().meta({
		description: "the issuer's keys for this token alone; null: the document's",
	}),
	token: z.string().meta({
		description: "the token, byte for byte: it may have spaces and line feeds",
	}),
});

/** The document. Its members are in the order in which a reader needs them. */
export const vectorsSchema = z.strictObject({
	format: z.literal(1).meta({
		description: "the version of this format; a reader refuses others",
	}),
	generator: z.string().meta({ description: "what made it, with its version" }),
	warning: z.string(),
	reproducible: z.boolean().meta({
		description:
			"whether its keys are from a file: the same file and options make the same document, but for what is `random`",
	}),
	gitlab_version: z.string().meta({
		description:
			"the emulated GitLab, of which single vectors may have another",
	}),
	verifier: z
		.strictObject({
			issuer: z.string(),
			audience: z.string(),
			algorithms: z.array(z.string()),
			leeway: z.int().meta({ description: "seconds that clocks may differ" }),
			now: z.int().meta({
				description: "the time to judge at, in seconds since the epoch",
			}),
			time: z.string().meta({ description: "the same, as ISO 8601" }),
		})
		.meta({ description: "how to set up the verifier that is tested" }),
	discovery: z.record(z.string(), z.json()).meta({
		description: "the issuer's OpenID Connect discovery document",
	}),
	jwks: jwksSchema.meta({
		description: "the issuer's keys, for every vector that has none of its own",
	}),
	rules: z
		.partialRecord(
			z.enum(RULE_IDS),
			z.strictObject({ title: z.string(), spec: z.array(z.string()) }),
		)
		.meta({ description: "the checks that a verifier owes" }),
	count: z.strictObject({
		vectors: z.int(),
		accept: z.int(),
		reject: z.int(),
		policy: z.int(),
		either: z.int(),
		left_out: z.int(),
	}),
	vectors: z.array(vectorSchema),
	left_out: z
		.array(z.strictObject({ id: z.string(), reason: z.string() }))
		.meta({
			description: "scenarios and probes that no document can hold, and why",
		}),
});

/** One token, and what a verifier is to do with it. */
export type Vector = z.infer<typeof vectorSchema>;

/** Tokens at a fixed time, with all that a verifier needs to judge them without a server. */
export type Vectors = z.infer<typeof vectorsSchema>;

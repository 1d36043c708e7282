// What a check found, as data: every report is made from it, and the JSON report is it. Version 1.
import { z } from "zod";
import { CONDITIONS, IMPACTS, LEVELS } from "../scenario/severity.js";
import { RULE_IDS } from "../token/rules.js";
import { KINDS } from "./kinds.js";

/**
 * What the relying party did with a token. `broken`: its answer was neither yes nor no. `hung`: no whole answer within
 * the limit. `crashed`: its process or the connection ended without one.
 */
const OUTCOMES = ["accepted", "rejected", "broken", "hung", "crashed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why it was not asked: it cannot be asked here, it was left out by choice, or the run ended before. */
export const UNASKED = ["not-applicable", "skipped", "not-reached"] as const;
export type Unasked = (typeof UNASKED)[number];

/** Whether an outcome says that the relying party was asked. */
export const wasAsked = (outcome: string): boolean =>
	!UNASKED.some((one) => one === outcome);

const level = z.enum(LEVELS).meta({ description: "the spec's own word" });
const impact = z
	.enum(IMPACTS)
	.meta({ description: "what a wrong answer costs" });

const scenarioResultSchema = z.strictObject({
	id: z.string().meta({ description: "the scenario, such as `time/expired`" }),
	title: z.string().meta({ description: "what the token is" }),
	level,
	impact,
	rule: z
		.enum([...RULE_IDS, "policy"])
		.nullable()
		.meta({
			description: "why it is to be rejected; null where it is not",
		}),
	breaks: z.array(z.string()).meta({
		description:
			"the checks that its token breaks: rules, and `claim:NAME` for what the policy binds",
	}),
	expected: z.enum(["accepted", "rejected", "either"]).nullable().meta({
		description:
			"what a correct RP with this policy does; `either` where both are in order, as while the instance misbehaves; null where it was not sent",
	}),
	outcome: z
		.enum([...OUTCOMES, ...UNASKED])
		.meta({ description: "what this RP did, or that it was not asked" }),
	detail: z.string().meta({
		description:
			"what it answered, or why it was not asked; without tokens and control characters",
	}),
	earlier: z.array(z.string()).meta({
		description:
			"answers that were neither yes nor no, after which it was asked again, alone",
	}),
	duration: z.number().min(0).meta({ description: "of the answer, seconds" }),
	passed: z
		.boolean()
		.meta({ description: "asked, and as expected or left open" }),
	known: z.boolean().meta({ description: "listed as a known failure" }),
});
export type ScenarioResult = z.infer<typeof scenarioResultSchema>;

const probeResultSchema = z.strictObject({
	id: z.string().meta({ description: "such as `probe/rotation`" }),
	title: z.string().meta({ description: "what the RP should do" }),
	level,
	impact,
	outcome: z.enum(["passed", "failed", "reported", ...UNASKED]),
	detail: z.string().meta({ description: "what it did" }),
	measured: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
	evidence: z
		.array(z.string())
		.meta({ description: "requests that the issuer got, a line each" }),
	duration: z.number().min(0).meta({ description: "seconds" }),
	known: z.boolean(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;

const findingSchema = z.strictObject({
	id: z.string().meta({ description: "the scenario or probe" }),
	kind: z.enum(KINDS),
	level,
	impact,
	only_if: z.enum(CONDITIONS).nullable().meta({
		description:
			"`gitlab-errs`: only if GitLab itself errs is there such a token, or such an answer",
	}),
	fails: z.boolean().meta({
		description: "whether it fails the run, given --level, --strict, --fail-on",
	}),
	title: z.string().meta({ description: "what the token is" }),
	rule: z.string().nullable(),
	expected: z.string().meta({ description: "in words" }),
	actual: z.string().meta({ description: "in words" }),
	why: z.string().meta({ description: "the scenario's own reason" }),
	gain: z.string().meta({
		description: "what an attacker gains, or a user loses",
	}),
	remedy: z.string().meta({ description: "what the owner does about it" }),
	spec: z.array(z.string()),
	seen: z.array(z.string()).meta({ description: "CVEs and incidents" }),
	reproduce: z.string().nullable().meta({
		description:
			"the command, or the call in code, that makes such a token again, for the same RP to trust",
	}),
	token: z.string().nullable().meta({
		description: "the token, cut unless it was asked for",
	}),
	link: z
		.string()
		.meta({ description: "what to read about it: a page of this package" }),
});
/** One thing that is wrong with the relying party. */
export type CheckFinding = z.infer<typeof findingSchema>;

const causeSchema = z.strictObject({
	id: z.string().meta({
		description:
			"stable: a mistake such as `audience-prefix`, or a finding that fits none",
	}),
	kind: z.enum(KINDS),
	level,
	impact,
	fails: z.boolean().meta({ description: "whether it fails the run" }),
	sentence: z.string().meta({ description: "what is wrong" }),
	attack: z.string().meta({ description: "what an attacker does with it" }),
	remedy: z.string().meta({ description: "what to change" }),
	code: z.string().optional().meta({
		description:
			"the same as a line of code, where the profile says which `library` the RP uses and one is known",
	}),
	example: z.string().meta({ description: "its worst finding" }),
	findings: z
		.array(z.string())
		.meta({ description: "the findings that it explains, the worst first" }),
});
/** One mistake in the relying party, which explains one or more findings. */
export type Cause = z.infer<typeof causeSchema>;

/** The result of a check, version 1. */
export const resultSchema = z.strictObject({
	version: z.literal(1),
	tool: z.strictObject({ name: z.string(), version: z.string() }),
	started: z.string().meta({ description: "ISO 8601" }),
	duration: z.number().min(0).meta({ description: "seconds" }),
	target: z.string().meta({ description: "what was asked, in one line" }),
	issuer: z.string(),
	audience: z.string(),
	service: z.string().nullable().meta({
		description:
			"which service it is, where it is known what that does whatever its user configures",
	}),
	conclusion: z
		.enum(["conforms", "no-findings", "findings", "proves-nothing"])
		.meta({
			description:
				"`conforms`: all that applies was asked, and nothing that fails was found; `no-findings`: the same of a selection",
		}),
	reason: z.string().nullable().meta({
		description: "why the run proves nothing, or could not go on",
	}),
	notes: z.array(z.string()).meta({
		description:
			"what the reader has to know, such as a policy that lets all in",
	}),
	controls: z
		.strictObject({ sent: z.int(), accepted: z.int() })
		.meta({ description: "the honest token, sent again and again" }),
	causes: z
		.array(causeSchema)
		.meta({ description: "what is wrong in the relying party, worst first" }),
	findings: z.array(findingSchema).meta({ description: "worst first" }),
	scenarios: z.array(scenarioResultSchema),
	probes: z.array(probeResultSchema),
});
export type CheckResult = z.infer<typeof resultSchema>;

// How an endpoint misbehaves: the same words in a scenario's `instance` block and over HTTP.
import { z } from "zod";
import { DURATION, parseDuration } from "../clock.js";
import { JWKS_CHANGES } from "../token/jwks.js";
import { EXTRA_KEYS } from "../token/named-keys.js";
import { memberSchema } from "./edit.js";
import { oneOf } from "./words.js";

const LONGEST = 300; // seconds

const duration = z
	.union([
		z.number().min(0).max(LONGEST),
		z
			.string()
			.regex(DURATION, "expected a duration such as 500s or 1h30m")
			.refine((text) => {
				const seconds = DURATION.test(text) ? parseDuration(text) : 0;
				return seconds >= 0 && seconds <= LONGEST;
			}, `expected at most ${LONGEST} seconds`),
	])
	.meta({ description: `seconds, or text such as 2s; at most ${LONGEST} s` });

/** What happens to requests of one path. */
export const faultSchema = z.strictObject({
	status: z.int().min(200).max(599).optional().meta({
		description: "answer with this status",
	}),
	body: z
		.union([z.string(), z.json()])
		.optional()
		.meta({ description: "answer with this text, or JSON" }),
	headers: z
		.record(
			z
				.string()
				.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "expected the name of a header")
				.regex(/^(?!trailer$)/i, "node sends no trailers"),
			z.string().regex(/^[\t\x20-\x7e]*$/, "expected printable ASCII"),
		)
		.optional()
		.meta({ description: "set these headers" }),
	redirect: z
		.string()
		.regex(/^[\x21-\x7e]+$/)
		.optional()
		.meta({
			description:
				"answer 302 to this URL; `{issuer}` and `{attacker}` are filled in",
		}),
	delay: duration.optional().meta({ description: "wait before the answer" }),
	drip: z
		.strictObject({
			bytes: z
				.int()
				.min(1)
				.max(65_536)
				.meta({ description: "as many at a time" }),
			every: duration.meta({ description: "with such a pause between" }),
		})
		.optional()
		.meta({ description: "send the body slowly" }),
	truncate: z.int().min(0).optional().meta({
		description: "break off after so many bytes of the body",
	}),
	reset: z.literal(true).optional().meta({
		description: "close the connection without an answer",
	}),
	members: z.record(z.string(), memberSchema).optional().meta({
		description:
			"edit the members of the JSON object that is the honest answer, as in `token.claims`; `{issuer}` and `{attacker}` in texts are filled in",
	}),
	publish: z.array(oneOf(EXTRA_KEYS)).optional().meta({
		description: "keys that the JWKS has beside its own",
	}),
	keys: oneOf(JWKS_CHANGES)
		.optional()
		.meta({ description: "how the list of keys in the JWKS differs" }),
	size: z
		.int()
		.min(1)
		.max(64 * 1024 * 1024)
		.optional()
		.meta({
			description:
				"make the body so many bytes large with spaces before its end, streamed",
		}),
	times: z.int().min(1).optional().meta({
		description: "so many times, then no more; default until it is removed",
	}),
	probability: z.number().min(0).max(1).optional().meta({
		description: "for this share of the requests only",
	}),
	seed: z.union([z.int(), z.string()]).optional().meta({
		description: "makes the choice the same in each run; default 0",
	}),
});

export type Fault = z.infer<typeof faultSchema>;

/** Faults by path, as GitLab has it: `/oauth/discovery/keys`. A path may end in `*`. */
export const faultsSchema = z.record(
	z
		.string()
		.regex(
			/^\/(?!_mock\/)[\x21-\x7e]{0,500}$/,
			"expected a path below the instance, such as /oauth/discovery/keys",
		),
	faultSchema,
);

export type FaultMap = z.infer<typeof faultsSchema>;

// What a scenario file may do to the token that is derived from its job.
import { z } from "zod";
import { BROUGHT_KEYS } from "../token/brought-key.js";
import { ENCODINGS, HEADER_ENCODINGS } from "../token/encode.js";
import { MANGLES } from "../token/forge.js";
import { HMAC_SECRETS } from "../token/hmac.js";
import { BARE_SIGNATURES } from "../token/make.js";
import { NAMED_KEYS } from "../token/named-keys.js";
import { RSA_ALGORITHMS } from "../token/sign.js";
import { memberSchema, timeSchema } from "./edit.js";
import { oneOf } from "./words.js";

const members = z.record(z.string(), memberSchema);

/** What is done to the derived token, in the order of the keys. */
export const tokenSchema = z.strictObject({
	issued: timeSchema.optional().meta({
		description:
			"when GitLab issued it, such as `now-2h`; `iat`, `nbf` and `exp` follow",
	}),
	claims: members.optional().meta({
		description:
			"claims that are set or edited: a value (`null` too), or one of `append`, `prepend`, `replace`, `upper-case`, `as-list`, `rename`, `inherit`, `remove: true`, `value`; in `exp`, `nbf` and `iat` a time such as `now-1h`",
	}),
	header: members
		.optional()
		.meta({ description: "JOSE header members, in the same way" }),
	sign: z
		.union([
			z.strictObject({
				key: oneOf(NAMED_KEYS)
					.optional()
					.meta({ description: "which key signs; `kid` follows it" }),
				alg: oneOf(RSA_ALGORITHMS)
					.optional()
					.meta({ description: "how it signs, whatever the header says" }),
				kid_of: oneOf(NAMED_KEYS)
					.optional()
					.meta({ description: "whose `kid` the header has instead" }),
				bring: oneOf(BROUGHT_KEYS).optional().meta({
					description:
						"the header member that brings the attacker's key, or leads to it",
				}),
			}),
			z.strictObject({
				hmac: oneOf(HMAC_SECRETS).meta({
					description: "an HMAC under something that is public",
				}),
			}),
			oneOf(BARE_SIGNATURES).meta({
				description:
					"an empty signature, one of another token, one made with the public half of the key, or one whose padding is too short",
			}),
		])
		.optional()
		.meta({
			description:
				"what signs it: `{ key: …, alg: RS256 | …, kid_of: …, bring: … }`, `{ hmac: … }`, `none`, `another-token`, `public-exponent` or `short-padding`; default the CI key with RS256",
		}),
	encode: oneOf(ENCODINGS).optional().meta({
		description: "how the payload is written, before it is signed",
	}),
	encode_header: oneOf(HEADER_ENCODINGS)
		.optional()
		.meta({ description: "how the header is written, in the same way" }),
	mangle: z
		.array(
			z.union([
				oneOf(MANGLES),
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

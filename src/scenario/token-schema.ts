// What a scenario file may do to the token that is derived from its job.
import { z } from "zod";
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
import { RSA_ALGORITHMS, type RsaAlgorithm } from "../token/sign.js";
import { memberSchema, timeSchema } from "./edit.js";

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
			"claims that are set or edited: a value (`null` too), or one of `append`, `prepend`, `replace`, `upper-case`, `as-list`, `rename`, `inherit`, `remove: true`, `value`; in `exp`, `nbf` and `iat` a time such as `now-1h`",
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
					"an empty signature, one of another token, one made with the public half of the key, or one whose padding is too short",
			}),
		])
		.optional()
		.meta({
			description:
				"what signs it: `{ key: …, alg: RS256 | …, kid_of: …, bring: … }`, `{ hmac: … }`, `none`, `another-token`, `public-exponent` or `short-padding`; default the CI key with RS256",
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

// A Kubernetes AuthenticationConfiguration: the authenticator of one issuer, as it is written.
import { z } from "zod";
import { MockError } from "../errors.js";
import { readGiven } from "./given-json.js";

const text = z.string().min(1);

/** A claim as it stands, with a text before it, or CEL. */
const mappingSchema = z
	.strictObject({
		claim: text.optional(),
		prefix: z.string().nullish(),
		expression: text.optional(),
	})
	.refine(
		({ claim, expression, prefix }) =>
			(claim === undefined) !== (expression === undefined) &&
			(expression === undefined || !prefix),
		"expected claim (with prefix) or expression",
	);
export type Mapping = z.infer<typeof mappingSchema>;

const authenticatorSchema = z.looseObject({
	issuer: z.looseObject({
		url: text,
		audiences: z.array(text).min(1),
		audienceMatchPolicy: z.enum(["MatchAny", ""]).optional(),
	}),
	claimValidationRules: z
		.array(
			z
				.looseObject({
					claim: text.optional(),
					requiredValue: z.string().optional(),
					expression: text.optional(),
				})
				.refine(
					({ claim, expression }) =>
						(claim === undefined) !== (expression === undefined),
					"expected claim (with requiredValue) or expression",
				),
		)
		.optional(),
	claimMappings: z.looseObject({
		username: mappingSchema,
		groups: mappingSchema.optional(),
		uid: mappingSchema.optional(),
		extra: z
			.array(z.looseObject({ key: text, valueExpression: text }))
			.optional(),
	}),
	userValidationRules: z.array(z.looseObject({ expression: text })).optional(),
});
export type Authenticator = z.infer<typeof authenticatorSchema>;

const configSchema = z.looseObject({
	kind: z.literal("AuthenticationConfiguration").optional(),
	jwt: z.array(authenticatorSchema).min(1),
});

const WHAT = "Kubernetes authentication configuration";

/**
 * The authenticator of an issuer; of the only one where none is named.
 * @throws MockError `invalid_option`
 */
export function authenticatorOf(
	given: unknown,
	issuer: string | undefined,
): Authenticator {
	const { jwt } = readGiven(given, configSchema, WHAT);
	const found =
		issuer === undefined
			? jwt
			: jwt.filter(({ issuer: { url } }) => url === issuer);
	const [only] = found;
	if (only !== undefined && found.length === 1) return only;
	const trusted = jwt.map(({ issuer: { url } }) => url).join(", ");
	throw new MockError(
		"invalid_option",
		issuer === undefined
			? `${WHAT}: it trusts several issuers (${trusted}): say which`
			: `${WHAT}: it does not trust ${issuer}, or twice; it trusts ${trusted}`,
	);
}

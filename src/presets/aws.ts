// AWS STS, or a server that speaks like it, as a relying party: a role's trust policy as a policy.
import { z } from "zod";
import { MockError } from "../errors.js";
import type { Demands } from "../verdict/policy/schema.js";
import { type ConditionContext, demandsOf } from "./aws-condition.js";
import { awsPolicy } from "./aws-policy.js";
import { membersOf, readGiven } from "./given-json.js";
import { bodyPattern, type Preset, serviceUrl } from "./preset.js";

export interface AwsOptions {
	/** of STS, such as `https://sts.eu-west-1.amazonaws.com` */
	url: string;
	roleArn: string;
	/** the trust policy, or what `aws iam get-role` prints */
	trustPolicy: unknown;
	/** the identity provider without its scheme; default the one that the trust policy names */
	provider?: string | undefined;
	/** `aud` of the tokens; default what the trust policy says */
	audience?: string | undefined;
	/** default `gitlab-oidc-mock` */
	sessionName?: string | undefined;
	/** default `documented`; `all` for servers that make every claim a condition key */
	claims?: "documented" | "all" | undefined;
}

const ACTION = "sts:AssumeRoleWithWebIdentity";

const listed = <T extends z.ZodType>(one: T) =>
	z.union([one.transform((value) => [value]), z.array(one).min(1)]);
const textList = listed(z.string());
const conditionValue = listed(z.union([z.string(), z.boolean()]));

const statementSchema = z.looseObject({
	Effect: z.enum(["Allow", "Deny"]),
	Action: textList.optional(),
	NotAction: textList.optional(),
	Principal: z.union([z.string(), z.record(z.string(), textList)]).optional(),
	NotPrincipal: z.unknown().optional(),
	Condition: z
		.record(z.string(), z.record(z.string(), conditionValue))
		.optional(),
});
const trustPolicySchema = z.looseObject({ Statement: listed(statementSchema) });
type Statement = z.infer<typeof statementSchema>;

const refused = (message: string) =>
	new MockError("invalid_option", `AWS trust policy: ${message}`);

/**
 * The preset for AssumeRoleWithWebIdentity.
 *
 * Source: STS API Reference, AssumeRoleWithWebIdentity, and the IAM User Guide on conditions.
 * 200 with credentials is accepted; 400 InvalidIdentityToken, ExpiredTokenException, IDPRejectedClaim
 * and a WebIdentityToken out of its 4 to 20,000 characters, and 403 AccessDenied, are rejected; 400
 * IDPCommunicationError, any other 400 and 5xx are broken.
 * @throws MockError `invalid_option` where the trust policy cannot be followed to the end
 */
export function awsPreset(options: AwsOptions): Preset {
	const { roleArn, sessionName = "gitlab-oidc-mock" } = options;
	if (!/^arn:[^\s{}]{1,2000}$/.test(roleArn)) {
		throw new MockError(
			"invalid_option",
			"AWS role: expected an ARN such as arn:aws:iam::123456789012:role/deploy",
		);
	}
	if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
		throw new MockError(
			"invalid_option",
			"AWS session name: expected 2 to 64 letters, digits and _+=,.@-",
		);
	}
	const statements = trusting(options.trustPolicy);
	const provider = providerOf(statements, options.provider);
	const own = statements.filter(({ Principal }) =>
		federatedIn(Principal).includes(provider),
	);
	const notes: string[] = [];
	const claims = options.claims ?? "documented";
	const context: ConditionContext = { provider, claims, notes };
	const demands = own.map(({ Condition = {} }) =>
		demandsOf(Condition, context),
	);
	const audience = options.audience ?? audienceOf(demands);
	if (audience === undefined) {
		notes.push(
			`No condition says which aud it takes: the tokens have https://${provider}, which must be one of the provider's client IDs in IAM.`,
		);
	}
	notes.push(
		"AWS takes a token until five minutes after its exp, and does not say how far clocks may differ else: the policy allows no other leeway.",
	);
	return {
		target: {
			http: {
				url: `${serviceUrl(options.url, "AWS URL")}/`,
				method: "POST",
				form: {
					Action: "AssumeRoleWithWebIdentity",
					Version: "2011-06-15",
					RoleArn: roleArn,
					RoleSessionName: sessionName,
					WebIdentityToken: "{token}",
				},
				accepted: [200],
				accepted_body: bodyPattern(["AccessKeyId"]),
				rejected: [400, 403],
				rejected_body: bodyPattern(
					[
						...["InvalidIdentityToken", "ExpiredToken", "IDPRejectedClaim"],
						...["AccessDenied", "webIdentityToken"],
					],
					["IDPCommunicationError"],
				),
			},
		},
		policy: awsPolicy(demands),
		audience: audience ?? `https://${provider}`,
		service: { name: "AWS", ways: [], settings: "the trust policy" },
		notes,
	};
}

/** The statements that let tokens in. */
function trusting(given: unknown): Statement[] {
	const outer = membersOf(given);
	const role = membersOf(outer?.Role) ?? outer;
	const document = role?.AssumeRolePolicyDocument ?? role;
	const { Statement } = readGiven(
		document,
		trustPolicySchema,
		"AWS trust policy",
	);
	const about = Statement.filter((statement) => {
		const number = Statement.indexOf(statement) + 1;
		if (statement.NotAction || statement.NotPrincipal !== undefined) {
			throw refused(
				`statement ${number} has NotAction or NotPrincipal, which cannot be followed: name the action and the principal`,
			);
		}
		if (!(statement.Action ?? []).some(means)) return false;
		if (statement.Effect === "Deny") {
			throw refused(
				`statement ${number} denies ${ACTION}, which cannot be followed: check a role without it`,
			);
		}
		if (typeof statement.Principal === "string") {
			throw refused(
				`statement ${number} has the principal "${statement.Principal.slice(0, 40)}", and not one identity provider: name it under Federated`,
			);
		}
		return federatedIn(statement.Principal).length > 0;
	});
	if (about.length > 0) return about;
	throw refused(
		`no statement allows ${ACTION} to an identity provider (Principal.Federated)`,
	);
}

/** Whether an action, which may have wildcards and is the same in upper and lower case, is that of web identities. */
const means = (action: string): boolean =>
	action === "*" ||
	["sts:*", "sts:assumerole*", ACTION.toLowerCase()].includes(
		action.toLowerCase(),
	) ||
	unknownWildcard(action);

function unknownWildcard(action: string): boolean {
	if (/^sts:.*[*?]/i.test(action)) {
		throw refused(
			`the action ${action.slice(0, 60)} has a wildcard that cannot be followed: write ${ACTION}`,
		);
	}
	return false;
}

const PROVIDER_ARN = /^arn:[^:]*:iam::[^:]*:oidc-provider\/(.+)$/;

/** The OIDC providers that a principal names, without scheme. */
function federatedIn(principal: Statement["Principal"]): string[] {
	if (typeof principal !== "object") return [];
	return (principal.Federated ?? []).flatMap(
		(name) => PROVIDER_ARN.exec(name)?.[1] ?? [],
	);
}

function providerOf(
	statements: readonly Statement[],
	wanted: string | undefined,
): string {
	const named = [
		...new Set(statements.flatMap(({ Principal }) => federatedIn(Principal))),
	];
	const [only] = named;
	const provider = wanted?.replace(/^https?:\/\//, "") ?? only;
	if (provider === undefined || !named.includes(provider)) {
		throw refused(
			`it does not trust ${provider}; it trusts ${named.join(", ")}`,
		);
	}
	if (wanted === undefined && named.length > 1) {
		throw refused(
			`it trusts several identity providers (${named.join(", ")}): say which with the provider option`,
		);
	}
	return provider;
}

/** The first text that a statement wants as `aud`. */
function audienceOf(demands: readonly Demands[]): string | undefined {
	for (const { claims = {} } of demands) {
		const aud = claims.aud;
		if (typeof aud !== "object" || Array.isArray(aud)) continue;
		const clauses = "all" in aud ? aud.all : [aud];
		for (const clause of clauses) {
			if (typeof clause !== "object" || !("equals" in clause)) continue;
			const [first] = [clause.equals].flat();
			if (typeof first === "string") return first;
		}
	}
	return undefined;
}

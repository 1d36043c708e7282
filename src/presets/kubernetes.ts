// A Kubernetes API server as a relying party: the authenticator of an issuer as a policy.
import { MockError } from "../errors.js";
import type { TargetConfig } from "../relying-party/target/config.js";
import { expressionOf, type Part } from "../verdict/policy/expression.js";
import { type CelCompiler, loadCel } from "./cel.js";
import { claimsIn } from "./cel-claims.js";
import { type Authenticator, authenticatorOf } from "./kubernetes-config.js";
import { type UserMapping, userMapping } from "./kubernetes-user.js";
import { bodyPattern, type Preset, serviceUrl } from "./preset.js";

export interface KubernetesOptions {
	/** of the API server */
	url: string;
	/** the AuthenticationConfiguration, as YAML or JSON has it */
	configuration: unknown;
	/** which of its issuers; default the only one */
	issuer?: string | undefined;
	/** who may create TokenReviews; default: each token reviews itself by SelfSubjectReview, which needs nobody */
	reviewerToken?: string | undefined;
}

// Authenticating, "structured authentication configuration": every asymmetric algorithm of RFC 7518.
const ALGORITHMS = [
	...["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
	...["PS256", "PS384", "PS512"],
];

// go-oidc's verify.go, which the API server has: nbf may be five minutes ahead, exp is exact, iat is not looked at.
const LEEWAY = { exp: 0, nbf: 300 };

/**
 * The preset for an API server's authentication.
 *
 * Sources: Kubernetes, "Authenticating" and "Structured authentication configuration"; authentication.k8s.io/v1.
 * A SelfSubjectReview with a user that is not anonymous is accepted, 401 Unauthorized or an anonymous user rejected; a
 * TokenReview is accepted where it says authenticated, rejected where not. Another 403, and any other status, is broken.
 * @throws MockError `invalid_option` where the configuration cannot be followed
 */
export async function kubernetesPreset(
	options: KubernetesOptions,
): Promise<Preset> {
	const authenticator = authenticatorOf(options.configuration, options.issuer);
	const [own, users] = await Promise.all([
		loadCel(["claims"], "kubernetes"),
		loadCel(["user"], "kubernetes"),
	]);
	const user = userMapping(authenticator.claimMappings, own);
	const { audiences, url: issuer } = authenticator.issuer;
	const [audience = ""] = audiences;
	return {
		target: targetOf(options),
		policy: {
			claims: { iss: { equals: issuer, list: "never" } },
			algorithms: ALGORITHMS,
			leeway: LEEWAY,
			expression: expressionOf([
				...claimRules(authenticator, own),
				...user.parts,
				...userRules(authenticator, users, user),
			]),
		},
		audience,
		notes: notesOn(authenticator),
	};
}

function claimRules(
	{ claimValidationRules = [] }: Authenticator,
	cel: CelCompiler,
): Part[] {
	return claimValidationRules.flatMap(
		({ claim, requiredValue = "", expression }, index): Part[] => {
			if (claim !== undefined) {
				return [
					{
						wants: `${claim} to be ${JSON.stringify(requiredValue)}`,
						reads: [claim],
						named: [{ path: claim, text: requiredValue }],
						holds: (claims) =>
							Object.hasOwn(claims, claim) &&
							(claims[claim] ?? "") === requiredValue,
					},
				];
			}
			const what = `Kubernetes claimValidationRules[${index}].expression`;
			return ruleParts(cel, expression ?? "", what).map((part) => ({
				wants: part.source,
				...claimsIn(part.node, "claims"),
				holds: (claims) => part.holds({ claims }),
			}));
		},
	);
}

function userRules(
	{ userValidationRules = [] }: Authenticator,
	cel: CelCompiler,
	user: UserMapping,
): Part[] {
	return userValidationRules.flatMap(({ expression }, index) =>
		ruleParts(
			cel,
			expression,
			`Kubernetes userValidationRules[${index}].expression`,
		).map(
			(part): Part => ({
				wants: part.source,
				...claimsIn(part.node, "claims", ({ root, names }) =>
					root === "user" ? user.madeOf(names[0]) : undefined,
				),
				holds(claims) {
					try {
						return part.holds({ user: user.userOf(claims) });
					} catch {
						return false;
					}
				},
			}),
		),
	);
}

function ruleParts(cel: CelCompiler, source: string, what: string) {
	const rule = cel.compile(source, what);
	if (rule.type === "bool" || rule.type === "dyn") return cel.conjuncts(rule);
	throw new MockError(
		"invalid_option",
		`${what}: it is ${rule.type}, not true or false`,
	);
}

const API = "authentication.k8s.io/v1";

function targetOf({ url, reviewerToken }: KubernetesOptions): TargetConfig {
	const base = `${serviceUrl(url, "Kubernetes URL")}/apis/${API}`;
	if (reviewerToken === undefined) {
		return {
			http: {
				url: `${base}/selfsubjectreviews`,
				method: "POST",
				headers: { Authorization: "Bearer {token}" },
				json: { apiVersion: API, kind: "SelfSubjectReview" },
				accepted: [200, 201],
				accepted_body: bodyPattern(['"username"'], [ANONYMOUS]),
				rejected: [200, 201, 401, 403],
				rejected_body: bodyPattern(['"Unauthorized"', ANONYMOUS]),
			},
		};
	}
	if (!/^[\w.~+/-]+=*$/.test(reviewerToken)) {
		throw new MockError(
			"invalid_option",
			"Kubernetes reviewer: expected a bearer token and nothing else",
		);
	}
	return {
		http: {
			url: `${base}/tokenreviews`,
			method: "POST",
			headers: { Authorization: `Bearer ${reviewerToken}` },
			json: {
				apiVersion: API,
				kind: "TokenReview",
				spec: { token: "{token}" },
			},
			accepted: [200, 201],
			accepted_body: AUTHENTICATED,
			rejected: [200, 201],
			rejected_body: `^(?!${AUTHENTICATED.slice(1)})${bodyPattern(['"TokenReview"']).slice(1)}`,
		},
	};
}

const ANONYMOUS = "system:anonymous";
const AUTHENTICATED = '^[\\s\\S]*"authenticated"\\s*:\\s*true';

function notesOn({
	issuer: { audiences },
	claimValidationRules,
	userValidationRules,
}: Authenticator): string[] {
	const notes = [
		"Everybody who is let in is in system:authenticated; what else they may do is RBAC's, and is not asked.",
	];
	if (!claimValidationRules?.length && !userValidationRules?.length) {
		notes.push(
			"There is no rule on claims or on the user: every job of every project is let in, under the name that the mapping gives it.",
		);
	}
	if (audiences.length > 1) {
		notes.push(
			`There are ${audiences.length} audiences: the tokens are made for the first.`,
		);
	}
	return notes;
}

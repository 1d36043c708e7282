// The statements of an AWS trust policy as one policy, with what no document says of it.
import { claimAt } from "../scenario/claim-path.js";
import { isMet } from "../verdict/policy/judge.js";
import type { Policy } from "../verdict/policy/schema.js";
import type { BlockDemands } from "./aws-condition.js";

// IAM User Guide, "Create an OpenID Connect identity provider": RSA and, since November 2024, ECDSA.
const ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

// IAM User Guide, "OIDC federation": "up to five minutes after exp".
const LEEWAY = { exp: 300 };

/** The policy of a role: one statement that lets a token in is enough. */
export function awsPolicy(statements: readonly BlockDemands[]): Policy {
	const demands = statements.map(
		({ single: _single, ...demanded }) => demanded,
	);
	const [first, ...others] = demands;
	return {
		...(others.length === 0 ? first : { any_of: demands }),
		algorithms: ALGORITHMS,
		leeway: LEEWAY,
		expression: {
			holds: () => true,
			parts: [],
			unsettled: (claims) => unsettled(statements, claims),
		},
	};
}

/** A list under an operator that is for one value: what AWS makes of it is written nowhere. */
function unsettled(
	statements: readonly BlockDemands[],
	claims: Readonly<Record<string, unknown>>,
): string | undefined {
	const isList = (path: string) => Array.isArray(claimAt(claims, path));
	if (!statements.some(({ single }) => single.some(isList))) return undefined;
	const lists = statements
		.filter((demands) => isMet(claims, demands))
		.map(({ single }) => single.find(isList));
	if (lists.includes(undefined)) return undefined;
	const [path] = lists;
	return (
		path &&
		`${path} is a list, and AWS does not say what an operator without ForAnyValue or ForAllValues makes of it`
	);
}

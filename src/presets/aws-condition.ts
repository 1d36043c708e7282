// The Condition block of an AWS trust policy as conditions on claims.
import { MockError } from "../errors.js";
import type { Clause, Demands, Pattern } from "../verdict/policy/schema.js";
import { type Bound, claimsOf } from "./preset.js";

/** A Condition block: operators, each with keys and their values. */
export type ConditionBlock = Readonly<
	Record<string, Readonly<Record<string, readonly (string | boolean)[]>>>
>;

export interface ConditionContext {
	/** the identity provider without its scheme, which begins every key */
	provider: string;
	/** `documented`: only the keys that AWS has; `all`: every claim, as servers that imitate AWS have it */
	claims: "documented" | "all";
	notes: string[];
}

// IAM User Guide, "Available keys for AWS OIDC federation", default tab. GitLab has none of its own there.
const DOCUMENTED: ReadonlySet<string> = new Set(["aud", "sub", "amr", "email"]);

const OPERATOR = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/i;

interface Comparison {
	negated: boolean;
	pattern: (values: readonly string[]) => Pattern;
}

const like = (values: readonly string[]) => ({ like: [...values] });
const equals = (values: readonly string[]) => ({ equals: [...values] });
const ignoringCase = (values: readonly string[]) => ({
	equals: [...values],
	"ignore-case": true as const,
});
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
	["stringequals", { negated: false, pattern: equals }],
	["stringnotequals", { negated: true, pattern: equals }],
	["stringequalsignorecase", { negated: false, pattern: ignoringCase }],
	["stringnotequalsignorecase", { negated: true, pattern: ignoringCase }],
	["stringlike", { negated: false, pattern: like }],
	["stringnotlike", { negated: true, pattern: like }],
]);

const refused = (message: string) =>
	new MockError("invalid_option", `AWS trust policy: ${message}`);

/**
 * What a Condition block demands. All of it must hold; of a key's values one is enough.
 *
 * Source: IAM User Guide, "Condition operators" and "Set operators for multivalued context keys":
 * a key that is missing meets an operator with Not, IfExists or ForAllValues, and no other.
 * @throws MockError `invalid_option` for an operator or a key that cannot be followed
 */
export function demandsOf(
	block: ConditionBlock,
	context: ConditionContext,
): Demands {
	const bounds: Bound[] = [];
	const required: string[] = [];
	for (const [operator, keys] of Object.entries(block)) {
		for (const [key, values] of Object.entries(keys)) {
			const claim = claimOfKey(key, operator, context.provider);
			if (operator.toLowerCase() === "null") {
				if (!values.every((value) => String(value) === "false")) {
					throw refused(
						`Null with "true" for ${key} lets in only tokens without the claim, and cannot be followed: leave it out`,
					);
				}
				required.push(claim);
				continue;
			}
			const texts = values.map((value) => checkedText(value, operator, key));
			const clause = clauseOf(operator, key, texts);
			if (context.claims === "all" || DOCUMENTED.has(claim)) {
				bounds.push([claim, clause]);
			} else {
				context.notes.push(unseen(clause, { operator, key, claim }));
			}
		}
	}
	for (const claim of required) {
		if (context.claims === "documented" && !DOCUMENTED.has(claim)) {
			throw refused(neverThere("Null", claim));
		}
	}
	return {
		claims: claimsOf(bounds),
		...(required.length > 0 && { required }),
	};
}

/** The claim of a key such as `gitlab.example.com:sub`. Keys are the same in upper and lower case. */
function claimOfKey(key: string, operator: string, provider: string): string {
	const prefix = `${provider}:`.toLowerCase();
	const claim = key.slice(prefix.length);
	if (!key.toLowerCase().startsWith(prefix) || claim === "") {
		throw refused(
			`${operator} looks at ${key}, which is not a claim of ${provider}: it depends on the request and not on the token, and cannot be followed; check a role without it`,
		);
	}
	const lower = claim.toLowerCase();
	return DOCUMENTED.has(lower) || lower === "oaud" ? lower : claim;
}

function checkedText(
	value: string | boolean,
	operator: string,
	key: string,
): string {
	if (typeof value === "boolean") return String(value);
	if (!value.includes("${")) return value;
	throw refused(
		`${operator} for ${key} has a policy variable, \${…}, which depends on the request and cannot be followed: write the value out`,
	);
}

function clauseOf(
	operator: string,
	key: string,
	values: readonly string[],
): Clause {
	const [, set = "", name = "", ifExists] = OPERATOR.exec(operator) ?? [];
	const comparison = COMPARISONS.get(name.toLowerCase());
	if (!comparison) {
		throw refused(
			`the operator ${operator} for ${key} cannot be followed: use StringEquals, StringLike or one of their kin`,
		);
	}
	const { negated, pattern } = comparison;
	const forAny = set.toLowerCase() === "foranyvalue";
	const forAll = set.toLowerCase() === "forallvalues";
	if (forAny && (negated || ifExists)) {
		throw refused(
			`${operator} for ${key} cannot be followed: AWS does not say what it means for a claim that is missing or is one text; use ${name}${ifExists ?? ""}`,
		);
	}
	const base = pattern(values);
	if (negated) return { not: base, missing: "ok" };
	if (forAll) return { every: base, missing: "ok" };
	return ifExists ? { ...base, missing: "ok" } : base;
}

/** What a condition means on a key that AWS never has: nothing is let in, or it is as good as not there. */
function unseen(
	clause: Clause,
	{ operator, key, claim }: { operator: string; key: string; claim: string },
): string {
	const holds =
		typeof clause === "object" &&
		!Array.isArray(clause) &&
		clause.missing === "ok";
	if (!holds) throw refused(neverThere(operator, claim));
	return `${operator} for ${key} restricts nothing: of a GitLab token AWS knows only aud, sub, amr and email, so that ${claim} is always missing, and with that the condition holds.`;
}

const neverThere = (operator: string, claim: string) =>
	`${operator} wants ${claim}, and of a GitLab token AWS knows only aud, sub, amr and email: it lets nobody in. Bind sub, which GitLab can make of more claims (ci_id_token_sub_claim_components); for a server that knows every claim, give claims: all`;

// The Condition block of an AWS trust policy as conditions on claims.
import { MockError } from "../errors.js";
import { literally } from "../regexp-literal.js";
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

// IAM User Guide, "IAM and AWS STS condition context keys": the default tab, and since May 2026 that of gitlab.com.
const OF_EVERY_PROVIDER = ["aud", "sub", "amr", "email"];
const OF_GITLAB_COM = [
	...["namespace_id", "pipeline_source", "project_id", "ref_protected"],
	...["runner_environment", "user_access_level", "user_email", "user_id"],
	"user_login",
];

const keysOf = (provider: string): readonly string[] =>
	provider.toLowerCase() === "gitlab.com"
		? [...OF_EVERY_PROVIDER, ...OF_GITLAB_COM]
		: OF_EVERY_PROVIDER;

/** What a Condition block demands. */
export interface BlockDemands extends Demands {
	/** claims that are compared by an operator that says nothing of lists */
	single: readonly string[];
}

const OPERATOR = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/i;

interface Comparison {
	negated: boolean;
	pattern: (values: readonly string[]) => Pattern;
}

const like = (values: readonly string[]) =>
	values.some((value) => value.includes("${"))
		? { regex: values.map(wildcardExpression) }
		: { like: [...values] };
const equals = (values: readonly string[]) => ({
	equals: values.map(withoutEscapes),
});
const ignoringCase = (values: readonly string[]) => ({
	...equals(values),
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
): BlockDemands {
	const bounds: Bound[] = [];
	const required: string[] = [];
	const single: string[] = [];
	const keys = keysOf(context.provider);
	const isKey = (claim: string) =>
		context.claims === "all" || keys.includes(claim);
	for (const [operator, tested] of Object.entries(block)) {
		for (const [key, values] of Object.entries(tested)) {
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
			if (isKey(claim)) {
				bounds.push([claim, clause]);
				if (!operator.includes(":")) single.push(claim);
			} else {
				context.notes.push(unseen(clause, { operator, key, claim, keys }));
			}
		}
	}
	for (const claim of required) {
		if (!isKey(claim)) throw refused(neverThere("Null", claim, keys));
	}
	return {
		claims: claimsOf(bounds),
		...(required.length > 0 && { required }),
		single,
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
	return keysOf(provider).includes(lower) || lower === "oaud" ? lower : claim;
}

/** `${*}`, `${?}` and `${$}` mean the signs themselves; any other variable depends on the request. */
const ESCAPE = /\$\{([*?$])\}/g;

const withoutEscapes = (text: string) => text.replace(ESCAPE, "$1");

/** A pattern with escapes: any text for `*`, one character for `?`. */
const wildcardExpression = (pattern: string) => {
	const parts = pattern.split(/(\$\{[*?$]\}|[*?])/).map((part) => {
		if (part === "*") return "[\\s\\S]*";
		if (part === "?") return "[\\s\\S]";
		return literally(withoutEscapes(part));
	});
	return `^${parts.join("")}$`;
};

function checkedText(
	value: string | boolean,
	operator: string,
	key: string,
): string {
	if (typeof value === "boolean") return String(value);
	if (!value.replace(ESCAPE, "").includes("${")) return value;
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

interface Unseen {
	operator: string;
	key: string;
	claim: string;
	keys: readonly string[];
}

/** What a condition means on a key that AWS never has: nothing is let in, or it is as good as not there. */
function unseen(
	clause: Clause,
	{ operator, key, claim, keys }: Unseen,
): string {
	const holds =
		typeof clause === "object" &&
		!Array.isArray(clause) &&
		clause.missing === "ok";
	if (!holds) throw refused(neverThere(operator, claim, keys));
	return `${operator} for ${key} restricts nothing: of a token of this GitLab AWS knows only ${listed(keys)}, so that ${claim} is always missing, and with that the condition holds.`;
}

const neverThere = (
	operator: string,
	claim: string,
	keys: readonly string[],
) => {
	const forAll = "for a server that knows every claim, give claims: all";
	return `${operator} wants ${claim}, and of a token of this GitLab AWS knows only ${listed(keys)}: it lets nobody in. Bind sub, which GitLab can make of more claims (ci_id_token_sub_claim_components); ${forAll}`;
};

const listed = (names: readonly string[]) =>
	`${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

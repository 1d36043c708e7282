// What a workload identity provider demands of a token, as one expression: each attribute of its mapping, then its condition.
import { MockError } from "../errors.js";
import type { Expression, Part } from "../verdict/policy/expression.js";
import type { CelCompiler, CelExpression, CelVariables } from "./cel.js";
import { claimsIn, type Made, madeBy } from "./cel-claims.js";
import type { Selection } from "./cel-walk.js";
import type { MappedAttribute } from "./gcp-mapping.js";

type Claims = Readonly<Record<string, unknown>>;

const LONGEST_SUBJECT = 127; // bytes
const LONGEST_CONDITION = 4096; // characters
const CONDITION = "GCP attribute condition";

/**
 * The demands of a provider. A claim that is missing makes CEL's evaluation fail, and Google refuse the token.
 * @throws MockError `invalid_option`
 */
export function gcpExpression(
	mapping: readonly MappedAttribute[],
	condition: string | undefined,
	cel: CelCompiler,
): Expression {
	const mapped = mapping.map((one) => mappedPart(one));
	if (condition === undefined || condition.trim() === "") {
		return {
			holds: (claims) => mapped.every((part) => part.holds(claims)),
			parts: mapped,
		};
	}
	if (condition.length > LONGEST_CONDITION) {
		throw refused(`longer than ${LONGEST_CONDITION} characters`);
	}
	const whole = cel.compile(condition, CONDITION);
	if (whole.type !== "bool" && whole.type !== "dyn") {
		throw refused(`it is ${whole.type}, not true or false`);
	}
	const looksAt = ({ node }: CelExpression) =>
		claimsIn(node, "assertion", (selection) => madeOf(selection, mapping));
	looksAt(whole); // names attributes that are not there, wherever they stand
	const parts = cel.conjuncts(whole).map(
		(part): Part => ({
			wants: part.source,
			...looksAt(part),
			holds: (claims) => part.holds(variablesOf(claims, mapping)),
		}),
	);
	return {
		holds: (claims) =>
			mapped.every((part) => part.holds(claims)) &&
			whole.holds(variablesOf(claims, mapping)),
		parts: [...mapped, ...parts],
	};
}

const refused = (message: string) =>
	new MockError("invalid_option", `${CONDITION}: ${message}`);

/** "must be of type STRING", says Google's refusal; a subject is short, too. */
function mappedPart({ attribute, expression }: MappedAttribute): Part {
	const isSubject = attribute === "google.subject";
	const isGroups = attribute === "google.groups";
	const kind = isSubject
		? `a text of at most ${LONGEST_SUBJECT} bytes`
		: isGroups
			? "a text or a list of texts"
			: "a text";
	const { reads } = madeBy(expression.node, "assertion");
	return {
		wants: `${attribute} = ${expression.source} to be ${kind}`,
		reads,
		named: [],
		holds(claims) {
			const value = mappedValue(expression, claims);
			if (isGroups && Array.isArray(value)) return value.every(isText);
			if (!isText(value)) return false;
			return !isSubject || Buffer.byteLength(value) <= LONGEST_SUBJECT;
		},
	};
}

const isText = (value: unknown): value is string => typeof value === "string";

/** What an attribute is; undefined where the evaluation fails. */
function mappedValue(expression: CelExpression, assertion: Claims): unknown {
	try {
		return expression.evaluate({ assertion });
	} catch {
		return undefined;
	}
}

function variablesOf(
	assertion: Claims,
	mapping: readonly MappedAttribute[],
): CelVariables {
	const attributes: Record<string, Record<string, unknown>> = {
		google: {},
		attribute: {},
	};
	for (const { attribute, expression } of mapping) {
		const [root = "", name = ""] = attribute.split(".");
		const value = mappedValue(expression, assertion);
		const members = attributes[root];
		if (members && value !== undefined) members[name] = value;
	}
	return { assertion, ...attributes };
}

/** What an attribute is made of. */
function madeOf(
	{ root, names: [name] }: Selection,
	mapping: readonly MappedAttribute[],
): Made | undefined {
	if (name === undefined) return undefined;
	const attribute = `${root}.${name}`;
	const made = mapping.find((one) => one.attribute === attribute);
	if (made) return madeBy(made.expression.node, "assertion");
	if (root !== "google" && root !== "attribute") return undefined;
	throw refused(`${attribute.slice(0, 100)} is not in the mapping`);
}

// The attribute mapping of a workload identity provider: which attributes, and the CEL that makes each.
import { z } from "zod";
import { MockError } from "../errors.js";
import type { CelCompiler, CelExpression } from "./cel.js";
import { readGiven } from "./given-json.js";

/** An attribute, such as `google.subject`, and what makes it of the assertion. */
export interface MappedAttribute {
	/** `google.subject`, `google.groups` or `attribute.NAME` */
	attribute: string;
	expression: CelExpression;
}

const ATTRIBUTE = /^(?:google\.(?:subject|groups)|attribute\.[a-z\d_]{1,100})$/;
const LONGEST = 2048; // characters of one expression
const MOST = 50; // attributes

const refused = (message: string) =>
	new MockError("invalid_option", `GCP attribute mapping: ${message}`);

/**
 * Reads a mapping as gcloud takes it, or as it prints it.
 * @throws MockError `invalid_option`
 */
export function readMapping(
	given: string | Readonly<Record<string, string>>,
	cel: CelCompiler,
): MappedAttribute[] {
	const entries =
		typeof given === "string"
			? entriesOf(given)
			: Object.entries(
					readGiven(
						given,
						z.record(z.string(), z.string()),
						"GCP attribute mapping",
					),
				);
	if (entries.length > MOST) throw refused(`more than ${MOST} attributes`);
	const mapping = new Map<string, CelExpression>();
	for (const [attribute, source] of entries) {
		if (!ATTRIBUTE.test(attribute)) {
			throw refused(
				`${JSON.stringify(attribute.slice(0, 60))} is no attribute: google.subject, google.groups and attribute.NAME are`,
			);
		}
		const what = `GCP attribute mapping, ${attribute}`;
		if (source.length > LONGEST) {
			throw refused(`${attribute} is longer than ${LONGEST} characters`);
		}
		const expression = cel.compile(source, what);
		if (!MAY_BE_TEXT.test(expression.type)) {
			throw refused(
				`${attribute} is made by ${source.slice(0, 100)}, which is ${expression.type} and no text`,
			);
		}
		mapping.set(attribute, expression);
	}
	if (!mapping.has("google.subject")) {
		throw refused("google.subject is not in it, and Google demands it");
	}
	return [...mapping].map(([attribute, expression]) => ({
		attribute,
		expression,
	}));
}

const MAY_BE_TEXT = /^(?:string|dyn|list.*)$/;

/** A comma between two attributes, not one in an expression; gcloud's other way is `^;^a=b;c=d`. */
const BETWEEN = /,(?=\s*[A-Za-z]\w*\.\w+\s*=(?!=))/;

function entriesOf(given: string): [string, string][] {
	const [, sign, rest = given] = /^\^([^^]+)\^([\s\S]*)$/.exec(given) ?? [];
	return rest.split(sign ?? BETWEEN).map((entry) => {
		const [, attribute, source] =
			/^\s*([^=]+?)\s*=(?!=)([\s\S]*)$/.exec(entry) ?? [];
		if (attribute !== undefined && source !== undefined) {
			return [attribute, source.trim()];
		}
		throw refused(
			`${JSON.stringify(entry.trim().slice(0, 60))} is no ATTRIBUTE=EXPRESSION, such as google.subject=assertion.sub`,
		);
	});
}

// `only` and `except`: read, and refused where GitLab refuses them.
import { type Place, pipelineError, shown } from "../place.js";
import {
	type Entry,
	isList,
	isMapping,
	memberOf,
	scalarTexts,
	type Value,
} from "../value.js";
import type { Expression } from "./expression.js";
import type { PathClause } from "./path-clause.js";
import type { Pattern } from "./pattern.js";
import type { Language } from "./rule.js";

/** One ref of a policy: a keyword, a name or a pattern, of one project perhaps. */
export interface RefPattern {
	/** as it is written */
	text: string;
	name: string;
	pattern?: Pattern;
	project?: string;
}

/** `only`, all of which must hold, or `except`, none of which may. */
export interface Policy {
	place: Place;
	/** undefined: not asked */
	refs?: readonly RefPattern[];
	variables?: readonly Expression[];
	changes?: PathClause;
	/** `active` */
	kubernetes?: boolean;
}

/** @throws MockError `invalid_pipeline` */
export function readPolicy(
	key: "only" | "except",
	{ value, place }: Entry,
	language: Language,
	job: string,
): Policy {
	const fail = (at: Place, message: string) =>
		pipelineError(at, `${key} ${message}`, job);
	if (isList(value))
		return { place, refs: refsOf({ value, place }, language, fail) };
	if (!isMapping(value) || value.size === 0)
		throw fail(
			place,
			"needs a list of refs, or a mapping with refs, variables, changes, kubernetes",
		);
	for (const [name, member] of value) {
		if (!["refs", "variables", "changes", "kubernetes"].includes(name))
			throw fail(
				member.place,
				`has refs, variables, changes and kubernetes, and no ${shown(name)}`,
			);
	}
	const refs = memberOf(value, "refs");
	const variables = memberOf(value, "variables");
	const changes = memberOf(value, "changes");
	const kubernetes = memberOf(value, "kubernetes");
	if (kubernetes && kubernetes.value !== "active")
		throw fail(kubernetes.place, "takes kubernetes: active alone");
	return {
		place,
		...(refs && { refs: refsOf(refs, language, fail) }),
		...(variables && {
			variables: textsOf(variables, "variables", fail).map((text) =>
				expressionOf(text, variables.place, language, fail),
			),
		}),
		...(changes && {
			changes: {
				place: changes.place,
				paths: textsOf(changes, "changes", fail),
			},
		}),
		...(kubernetes && { kubernetes: true }),
	};
}

type Fail = (place: Place, message: string) => Error;

function textsOf(
	{ value, place }: Entry,
	what: string,
	fail: Fail,
): readonly string[] {
	const texts =
		isList(value) && value.every(isText) ? scalarTexts(value) : undefined;
	if (texts) return texts;
	throw fail(place, `needs a list of texts as its ${what}`);
}

const isText = (value: Value) => typeof value === "string";

function refsOf(entry: Entry, { patterns }: Language, fail: Fail) {
	return textsOf(entry, "refs", fail).map((text): RefPattern => {
		const at = text.indexOf("@");
		const name = at < 0 ? text : text.slice(0, at);
		const project = at < 0 ? undefined : text.slice(at + 1);
		const pattern = patterns.read(name);
		if (/^\/.*\/[ismU]*$/.test(text) && !patterns.read(text))
			throw fail(entry.place, `has no pattern of RE2's: ${shown(text)}`);
		return {
			text,
			name,
			...(pattern && { pattern }),
			...(project !== undefined && { project }),
		};
	});
}

function expressionOf(
	text: string,
	place: Place,
	language: Language,
	fail: Fail,
): Expression {
	const expression = language.expression(text);
	if (typeof expression !== "string") return expression;
	throw fail(
		place,
		`variables: that is no expression of GitLab's: ${shown(expression)} (${shown(text)})`,
	);
}

// `rules` of a job, of workflow and of an include: read, and refused where GitLab refuses them.
import type { Variable } from "../expand.js";
import { type Place, pipelineError, shown } from "../place.js";
import { parseTimeout } from "../timeout.js";
import {
	type Entry,
	isList,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	type Value,
} from "../value.js";
import { readVariables } from "../variables.js";
import type { Expression } from "./expression.js";
import { readNeeds } from "./needs.js";
import { type PathClause, readChanges, readExists } from "./path-clause.js";
import type { Patterns } from "./pattern.js";

/** One of the rules. All that it asks must hold. */
export interface Rule {
	place: Place;
	if?: Expression;
	exists?: PathClause;
	changes?: PathClause;
	when?: string;
	variables: ReadonlyMap<string, Variable>;
	/** instead of the job's own */
	needs?: readonly string[];
	/** it was in a file that was not followed */
	missing?: boolean;
}

/** `rules`, and where they are. */
export interface Rules {
	place: Place;
	list: readonly Rule[];
}

/** What reading rules needs. */
export interface Language {
	patterns: Patterns;
	/** an expression, or what is wrong with it */
	expression(text: string): Expression | string;
	/** false: what is missing may be in a file that was not followed */
	complete: boolean;
	/** GitLab's, on which some keys depend */
	version: string;
}

/** What the rules of one keyword may say. */
export interface Kind {
	/** how errors call it */
	name: string;
	keys: readonly string[];
	when: readonly string[];
}

const CLAUSES = ["if", "exists", "changes", "when"];

export const JOB_WHEN = [
	"on_success",
	"on_failure",
	"always",
	"manual",
	"delayed",
];
export const JOB_RULES: Kind = {
	name: "rules",
	keys: [
		...CLAUSES,
		"start_in",
		"allow_failure",
		"variables",
		"needs",
		"interruptible",
	],
	when: [...JOB_WHEN, "never"],
};
export const WORKFLOW_RULES: Kind = {
	name: "workflow: rules",
	keys: [
		...CLAUSES,
		"start_in",
		"allow_failure",
		"variables",
		"needs",
		"auto_cancel",
	],
	when: ["always", "never"],
};
export const INCLUDE_RULES: Kind = {
	name: "include: rules",
	keys: CLAUSES,
	when: ["always", "never"],
};

const DEEPEST = 10; // lists in lists, as !reference makes them
const LONGEST_DELAY = 604_800; // seconds: a week

/** @throws MockError `invalid_pipeline` */
export function readRules(
	{ value, place }: Entry,
	kind: Kind,
	language: Language,
	job?: string,
): Rules {
	if (!isList(value))
		throw pipelineError(place, `${kind.name} needs a list`, job);
	if (value.length === 0)
		throw pipelineError(place, `${kind.name} needs a rule: it is empty`, job);
	return {
		place,
		list: flat(value, DEEPEST).map((entry) => {
			if (entry === null && !language.complete)
				return { place, variables: new Map(), missing: true };
			if (isMapping(entry) && entry.size > 0)
				return readRule(entry, place, kind, language, job);
			throw pipelineError(
				place,
				`${kind.name} needs mappings, each with if, changes, exists, when or more`,
				job,
			);
		}),
	};
}

const flat = (list: readonly Value[], depth: number): Value[] =>
	list.flatMap((entry) =>
		isList(entry) && depth > 0 ? flat(entry, depth - 1) : [entry],
	);

function readRule(
	rule: Mapping,
	around: Place,
	kind: Kind,
	language: Language,
	job: string | undefined,
): Rule {
	const fail = (at: Place, message: string) =>
		pipelineError(at, `${kind.name}: ${message}`, job);
	for (const [key, { place }] of rule) {
		if (!kind.keys.includes(key))
			throw fail(
				place,
				`there is no key ${shown(key)}, only ${kind.keys.join(", ")}`,
			);
	}
	for (const key of ["allow_failure", "interruptible"]) {
		const member = memberOf(rule, key);
		if (member && typeof member.value !== "boolean")
			throw fail(member.place, `${key} is true or false`);
	}
	const when = memberOf(rule, "when");
	if (when && !kind.when.includes(String(when.value)))
		throw fail(
			when.place,
			`when is ${shown(String(scalarText(when.value)))}, not one of ${kind.when.join(", ")}`,
		);
	const place = [...rule.values()][0]?.place ?? around;
	checkDelay(rule, when?.value === "delayed", place, fail);
	const condition = memberOf(rule, "if");
	const exists = memberOf(rule, "exists");
	const changes = memberOf(rule, "changes");
	const needs = readNeeds(memberOf(rule, "needs"));
	return {
		place,
		...(condition && { if: conditionOf(condition, language, fail) }),
		...(exists && { exists: readExists(exists, language.version, fail) }),
		...(changes && { changes: readChanges(changes, language.version, fail) }),
		...(when && { when: String(when.value) }),
		...(needs && { needs }),
		variables: readVariables(memberOf(rule, "variables"), job),
	};
}

/** Makes the error of a rule. */
type Fail = (place: Place, message: string) => Error;

function conditionOf(
	{ value, place }: Entry,
	language: Language,
	fail: Fail,
): Expression {
	const expression =
		typeof value === "string" ? language.expression(value) : "it needs a text";
	if (typeof expression !== "string") return expression;
	throw fail(
		place,
		`if is no expression of GitLab's: ${shown(expression)}${typeof value === "string" ? ` (${shown(value)})` : ""}`,
	);
}

function checkDelay(
	rule: Mapping,
	delayed: boolean,
	place: Place,
	fail: Fail,
): void {
	const delay = memberOf(rule, "start_in");
	if (!delay && !delayed) return;
	if (!delayed)
		throw fail(delay?.place ?? place, "start_in needs when: delayed");
	const seconds = parseTimeout(scalarText(delay?.value) ?? "");
	if (seconds === undefined || seconds > LONGEST_DELAY)
		throw fail(
			delay?.place ?? place,
			"when: delayed needs start_in, a duration of at most a week",
		);
}

// Expands `$VAR`, `${VAR}` and `%VAR%` in what a pipeline file says, as GitLab does.
import { MockError } from "../errors.js";
import type { Budget } from "./budget.js";

/** A CI/CD variable. */
export interface Variable {
	value: string;
	/** false: its value is taken as it is (`expand: false`) */
	expand: boolean;
}

/** Variables by their names. */
export interface Variables {
	get(name: string): Variable | undefined;
	/** the one that `get` hides: what a variable that names itself means */
	below?(name: string): Variable | undefined;
	/** whether some of them lead back to themselves through others: GitLab expands none then */
	circular?(): boolean;
}

/** Variables of several places, the first counting most. Nothing is copied: there may be many, for many jobs. */
export function layered(...layers: readonly Variables[]): Variables {
	function nth(name: string, index: number): Variable | undefined {
		let passed = 0;
		for (const layer of layers) {
			const variable = layer.get(name);
			if (variable && passed++ === index) return variable;
		}
		return undefined;
	}
	return {
		get: (name) => nth(name, 0),
		below: (name) => nth(name, 1),
	};
}

/** Variables that are made when one is first asked for: most jobs name none. */
export function whenAsked(make: () => Variables): Variables {
	let made: Variables | undefined;
	return {
		get(name) {
			made ??= make();
			return made.get(name);
		},
	};
}

/** GitLab's expression for a text: `$$` is no escape there. */
const IN_TEXT = /\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)\}|%([a-zA-Z_]\w*)%/g;

/** And for a variable's value, where `$$` and `%%` stay as they are, and so does what follows them. */
const IN_VALUE =
	/\$\$|%%|\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)?\}|%([a-zA-Z_]\w*)%/g;

const nameIn = (groups: readonly unknown[]): string | undefined =>
	(groups[0] ?? groups[1] ?? groups[2]) as string | undefined;

/** The names of the variables that a variable's value has. */
export const referencesOf = ({ value, expand }: Variable): string[] =>
	expand && /[$%]/.test(value)
		? [...value.matchAll(IN_VALUE)].flatMap(
				([, ...groups]) => nameIn(groups) ?? [],
			)
		: [];

const LONGEST = 64 * 1024; // characters of a result
const MOST_STEPS = 10_000; // variables put in, those in other variables' values included

export interface ExpandOptions {
	/** is told the name of a variable that there is not; it expands to nothing */
	unknown?: (name: string) => void;
	/** puts values in as they are, and leaves what there is not as it is written: `expand_vars` of an input */
	shallow?: boolean;
}

/** Makes the function that puts values in, within what one text may take. */
function replacer() {
	let steps = 0;
	return (
		source: string,
		references: RegExp,
		find: (name: string, whole: string) => string,
	): string => {
		let length = source.length;
		return source.replace(references, (whole, ...groups) => {
			const name = nameIn(groups);
			const value = name === undefined ? whole : find(name, whole);
			length += value.length;
			if (length > LONGEST || ++steps > MOST_STEPS) {
				throw new MockError(
					"too_large",
					`variables make a text longer than ${LONGEST} characters, or use one another more than ${MOST_STEPS} times`,
				);
			}
			return value;
		});
	};
}

/**
 * `text` with the variables' values.
 * @throws MockError `too_large` where the values make more than 64 KiB, or use one another too often
 */
function expandText(
	text: string,
	variables: Variables,
	{ unknown = () => {}, shallow = false }: ExpandOptions = {},
): string {
	const replaced = replacer();
	let nested: boolean | undefined;
	const done = new Map<string, string>(); // the values of variables, expanded
	return replaced(text, IN_TEXT, (name, whole) => {
		const variable = variables.get(name);
		if (shallow) return variable?.value ?? whole;
		if (!isNested(variable)) return plainValue(name, variable);
		nested ??= variables.circular?.() !== true;
		return nested ? expanded(name) : variable.value;
	});

	function plainValue(name: string, variable: Variable | undefined): string {
		if (!variable) unknown(name);
		return variable?.value ?? "";
	}

	/** Those that a variable names come first, without the stack of calls: a chain may be long. */
	function expanded(start: string): string {
		const open = [start];
		const begun = new Set<string>();
		for (let name = open.at(-1); name !== undefined; name = open.at(-1)) {
			const variable = variables.get(name) as Variable;
			const next = begun.has(name)
				? []
				: referencesOf(variable).filter(
						(other) =>
							!done.has(other) &&
							!begun.has(other) &&
							other !== name &&
							isNested(variables.get(other)),
					);
			begun.add(name);
			open.push(...next);
			if (next.length > 0) continue;
			open.pop();
			if (!done.has(name)) done.set(name, valueWith(name, variable));
		}
		return done.get(start) ?? "";
	}

	/** One that names itself means the one that it hides, if there is any. */
	function valueWith(own: string, { value }: Variable): string {
		return replaced(value, IN_VALUE, (name) => {
			if (name === own) return variables.below?.(name)?.value ?? "";
			const variable = variables.get(name);
			return isNested(variable)
				? (done.get(name) ?? "")
				: plainValue(name, variable);
		});
	}
}

const STEPS = 5; // of the budget's, that finding a variable takes

/**
 * The same within a pipeline's budget: a few variables, in the texts of many jobs, are much work.
 * @throws MockError `too_large`
 */
export function expandWithin(
	budget: Budget,
	text: string,
	variables: Variables,
	options?: ExpandOptions,
): string {
	const counted: Variables = {
		...variables,
		get(name) {
			budget.spend(STEPS);
			return variables.get(name);
		},
	};
	const expanded = expandText(text, counted, options);
	budget.spend(1 + Math.ceil(expanded.length / 16));
	return expanded;
}

/** Whether there may be variables in a variable's value. */
const isNested = (variable: Variable | undefined): variable is Variable =>
	variable?.expand === true && /[$%]/.test(variable.value);

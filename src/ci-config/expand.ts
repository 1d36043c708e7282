// Expands `$VAR`, `${VAR}` and `%VAR%` in what a pipeline file says, as GitLab does.
import { MockError } from "../errors.js";

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

/**
 * `text` with the variables' values.
 * @throws MockError `too_large` where the values make more than 64 KiB, or use one another too often
 */
export function expandText(
	text: string,
	variables: Variables,
	{ unknown = () => {}, shallow = false }: ExpandOptions = {},
): string {
	let steps = 0;
	let nested: boolean | undefined;
	return replace(text, IN_TEXT, []);

	function replace(
		source: string,
		references: RegExp,
		above: readonly string[],
	): string {
		let length = source.length;
		return source.replace(references, (whole, ...groups) => {
			const name = nameIn(groups);
			const value = name === undefined ? whole : valueNamed(name, whole, above);
			length += value.length;
			if (length > LONGEST || ++steps > MOST_STEPS) {
				throw new MockError(
					"too_large",
					`variables make a text longer than ${LONGEST} characters, or use one another more than ${MOST_STEPS} times`,
				);
			}
			return value;
		});
	}

	function valueNamed(
		name: string,
		whole: string,
		above: readonly string[],
	): string {
		// One that names itself means the one that it hides, if there is any.
		const depth = above.filter((outer) => outer === name).length;
		const variable = [() => variables.get(name), () => variables.below?.(name)][
			depth
		]?.();
		if (!variable) {
			if (shallow) return whole;
			if (depth === 0) unknown(name);
			return "";
		}
		if (shallow || !variable.expand || !/[$%]/.test(variable.value))
			return variable.value;
		nested ??= variables.circular?.() !== true;
		return nested
			? replace(variable.value, IN_VALUE, [...above, name])
			: variable.value;
	}
}

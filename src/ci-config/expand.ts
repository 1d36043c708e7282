// Expands `$VAR`, `${VAR}`, `%VAR%` and `$$` in what a pipeline file says.
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
}

/** Variables of several places, the first counting most. Nothing is copied: there may be many, for many jobs. */
export const layered = (...layers: readonly Variables[]): Variables => ({
	get(name) {
		for (const layer of layers) {
			const variable = layer.get(name);
			if (variable) return variable;
		}
		return undefined;
	},
});

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

/** GitLab's expression, and `$$` for a dollar sign. */
const REFERENCE =
	/\$\$|\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)\}|%([a-zA-Z_]\w*)%/g;

const LONGEST = 64 * 1024; // characters of a result
const MOST_STEPS = 10_000; // variables put in, those in other variables' values included

/**
 * `text` with the variables' values.
 * @param unknown is told the name of a variable that there is not; it expands to nothing
 * @throws MockError `too_large` where the values make more than 64 KiB, or use one another too often
 */
export function expandText(
	text: string,
	variables: Variables,
	unknown: (name: string) => void = () => {},
): string {
	let steps = 0;
	return expand(text, []);

	function expand(source: string, above: readonly string[]): string {
		let length = source.length;
		return source.replace(REFERENCE, (whole, ...groups) => {
			const value = replacement(whole, groups, above);
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

	function replacement(
		whole: string,
		groups: readonly unknown[],
		above: readonly string[],
	): string {
		if (whole === "$$") return "$";
		const name = String(groups[0] ?? groups[1] ?? groups[2]);
		// One that leads back to itself stays as it is written, as in GitLab.
		if (above.includes(name)) return whole;
		const variable = variables.get(name);
		if (variable === undefined) unknown(name);
		return variable?.expand
			? expand(variable.value, [...above, name])
			: (variable?.value ?? "");
	}
}

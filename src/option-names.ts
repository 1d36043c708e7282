// The library's options are in camelCase, and the same ones in files and requests in snake_case: here they meet.
import { MockError } from "./errors.js";
import { nearest } from "./nearest.js";
import { safeText } from "./safe-text.js";

type Camel<Name> = Name extends `${infer Head}_${infer Tail}`
	? `${Head}${Capitalize<Camel<Tail>>}`
	: Name;

/** The same options with the library's names. What an option holds stays as it is: claims, a job, a fault. */
export type InCamelCase<Options> = {
	[Name in keyof Options as Camel<Name>]: Options[Name];
};

/**
 * The same options with the names of files.
 * @param what they are, such as `options.policy`
 * @throws MockError `invalid_option` where one has the name of files already
 */
export function inSnakeCase<Options extends object>(
	options: InCamelCase<Options>,
	what: string,
): Options {
	const written = Object.entries(options).map(([name, value]) => {
		if (/[a-z]_[a-z]/.test(name)) {
			const ours = name.replace(/_([a-z])/g, (_, letter) =>
				letter.toUpperCase(),
			);
			throw new MockError(
				"invalid_option",
				`${what}.${name}: unknown key; the library calls it ${ours}`,
			);
		}
		const theirs = name.replace(
			/[A-Z]/g,
			(letter) => `_${letter.toLowerCase()}`,
		);
		return [theirs, value];
	});
	return Object.fromEntries(written) as Options;
}

/**
 * Refuses an option that there is not: a misspelt one would be as if it were not given.
 * @param known the names of all there are
 * @param what they are, such as `startGitLab`
 * @throws MockError `invalid_option` with the nearest name
 */
export function refuseUnknown(
	options: object,
	known: Readonly<Record<string, true>>,
	what: string,
): void {
	for (const name of Object.keys(options)) {
		if (Object.hasOwn(known, name)) continue;
		const [near] = nearest(name, Object.keys(known));
		throw new MockError(
			"invalid_option",
			`${what}: there is no option ${safeText(name, 100)}${near === undefined ? "" : `; did you mean ${near}?`}`,
		);
	}
}

// The names that somebody may have meant.
import { distance } from "fastest-levenshtein";

const MOST = 3;
const LONGEST = 255; // characters that are compared

/**
 * Up to three of `names` that are like `name`, the nearest first.
 * @param spelled the part of a name that people write
 */
export function nearest(
	name: string,
	names: Iterable<string>,
	spelled: (name: string) => string = (whole) => whole,
): string[] {
	const wanted = name.toLowerCase().slice(0, LONGEST);
	return [...names]
		.map((other) => ({ other, like: spelled(other).toLowerCase() }))
		.filter(({ like }) => like.length <= LONGEST)
		.map(({ other, like }) => ({ other, like, far: distance(wanted, like) }))
		.filter(
			({ like, far }) =>
				far <= Math.max(2, wanted.length / 2) ||
				(wanted !== "" && like.includes(wanted)),
		)
		.sort((a, b) => a.far - b.far)
		.slice(0, MOST)
		.map(({ other }) => other);
}

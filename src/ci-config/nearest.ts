// The names that somebody may have meant.
import { distance } from "fastest-levenshtein";
import { shown } from "./place.js";

const MOST = 3;
const LONGEST = 255; // characters of a job's name, in GitLab

/** `; nearest: a, b`, or nothing where no name is like `name`. */
export function nearestNames(name: string, names: readonly string[]): string {
	const wanted = name.toLowerCase().slice(0, LONGEST);
	const near = names
		.filter((other) => other.length <= LONGEST)
		.map((other) => ({ other, far: distance(wanted, other.toLowerCase()) }))
		.filter(
			({ other, far }) =>
				far <= Math.max(2, wanted.length / 2) ||
				(wanted !== "" && other.toLowerCase().includes(wanted)),
		)
		.sort((a, b) => a.far - b.far)
		.slice(0, MOST);
	return near.length === 0
		? ""
		: `; nearest: ${near.map(({ other }) => shown(other)).join(", ")}`;
}

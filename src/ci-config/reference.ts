// Follows `!reference [job, key]`: after the includes are merged and `extends` is done, as GitLab does.
import type { Budget } from "./budget.js";
import { type Place, pipelineError, shown } from "./place.js";
import {
	isList,
	isMapping,
	isReference,
	type Mapping,
	type Reference,
	type Value,
} from "./value.js";

const MOST_LEVELS = 10; // of references that lead to references

/**
 * The configuration without references.
 * @param missing is told of a reference to what an include may have that was not followed; without it that is an error
 * @throws MockError `invalid_pipeline` for a reference to nothing, to itself, or nested too deeply
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share what has been followed
export function followReferences(
	config: Mapping,
	budget: Budget,
	missing?: (place: Place, message: string) => void,
): Mapping {
	const done = new Map<Reference, Value>();
	const resolved = new Map<Mapping, Mapping>(); // jobs that extend one share what it has

	function follow(
		reference: Reference,
		above: readonly Reference[],
		job: string | undefined,
	): Value {
		const known = done.get(reference);
		if (known !== undefined) return known;
		const { place } = reference;
		const name = `!reference [${reference.reference.map(shown).join(", ")}]`;
		if (above.includes(reference))
			throw pipelineError(place, `${name} leads back to itself`, job);
		if (above.length >= MOST_LEVELS)
			throw pipelineError(
				place,
				`${name} is nested deeper than ${MOST_LEVELS} levels`,
				job,
			);
		const target = targetOf(reference);
		if (target === undefined || target === null || target === false) {
			const message = `${name} is a reference to nothing: there is no such key`;
			if (!missing) throw pipelineError(place, message, job);
			missing(place, message);
			return null;
		}
		const value = resolve(target, [...above, reference], job);
		done.set(reference, value);
		return value;
	}

	function targetOf({ reference }: Reference): Value | undefined {
		let value: Value | undefined = config;
		for (const step of reference) {
			value = isMapping(value) ? value.get(step)?.value : undefined;
		}
		return value;
	}

	function resolve(
		value: Value,
		above: readonly Reference[],
		job: string | undefined,
	): Value {
		budget.spend(1);
		if (isReference(value)) return follow(value, above, job);
		if (isList(value)) return value.map((item) => resolve(item, above, job));
		return isMapping(value) ? resolveAll(value, above, job) : value;
	}

	function resolveAll(
		mapping: Mapping,
		above: readonly Reference[],
		job?: string,
	): Mapping {
		const known = resolved.get(mapping);
		if (known) return known;
		const made = new Map(
			[...mapping].map(([key, { value, place }]) => [
				key,
				{ value: resolve(value, above, job ?? key), place },
			]),
		);
		resolved.set(mapping, made);
		return made;
	}

	return resolveAll(config, []);
}

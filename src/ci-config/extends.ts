// `extends`: a job laid over its parents, over theirs, up to eleven levels.
import type { Budget } from "./budget.js";
import { deepMerge } from "./merge.js";
import { nearestText, type Place, pipelineError, shown } from "./place.js";
import {
	type Entry,
	isMapping,
	type Mapping,
	memberOf,
	scalarTexts,
} from "./value.js";

const MOST_LEVELS = 11; // the job itself included

interface Extended {
	merged: Mapping;
	/** how many jobs it is made of, one above the other */
	levels: number;
}

/**
 * The configuration with every job, hidden ones too, laid over what it extends.
 * @param missing is told of a parent that an include may have that was not followed; without it that is an error
 * @throws MockError `invalid_pipeline` for a loop, a parent that is missing, or too many levels
 */
export function extendAll(
	config: Mapping,
	budget: Budget,
	missing?: (place: Place, message: string, job: string) => void,
): Mapping {
	const done = new Map<string, Extended>();

	function extended(name: string, below: readonly string[]): Extended {
		const own = config.get(name)?.value;
		if (!isMapping(own)) return { merged: new Map(), levels: 1 };
		const member = memberOf(own, "extends");
		if (!member) return { merged: own, levels: 1 };
		const path = [...below, name];
		const job = path[0] as string;
		if (below.includes(name)) {
			const loop = path.slice(path.indexOf(name)).map(shown).join(" → ");
			throw pipelineError(member.place, `extends goes round: ${loop}`, job);
		}
		const made = done.get(name) ?? merge(name, own, member, path);
		if (below.length + made.levels > MOST_LEVELS) {
			throw pipelineError(
				member.place,
				`extends goes deeper than ${MOST_LEVELS} levels: ${path.map(shown).join(" → ")}`,
				job,
			);
		}
		done.set(name, made);
		return made;
	}

	function merge(
		name: string,
		own: Mapping,
		{ value, place }: Entry,
		path: readonly string[],
	): Extended {
		const parents = scalarTexts(value);
		if (!parents) {
			throw pipelineError(
				place,
				"extends needs a name or a list of names",
				path[0],
			);
		}
		let [merged, levels]: [Mapping, number] = [new Map(), 0];
		for (const parent of parents) {
			if (isMapping(config.get(parent)?.value)) {
				const above = extended(parent, path);
				levels = Math.max(levels, above.levels);
				merged = deepMerge(merged, above.merged, budget);
			} else {
				unknown(place, name, parent);
			}
		}
		return { merged: deepMerge(merged, own, budget), levels: levels + 1 };
	}

	function unknown(place: Place, name: string, parent: string): void {
		const message = `extends "${shown(parent)}", which there is not`;
		if (!missing) {
			const nearest = nearestText(parent, [...config.keys()]);
			throw pipelineError(place, `${message}${nearest}`, name);
		}
		missing(place, message, name);
	}

	return new Map(
		[...config].map(([name, entry]) => [
			name,
			isMapping(entry.value)
				? { value: extended(name, []).merged, place: entry.place }
				: entry,
		]),
	);
}

// `parallel`: the jobs that GitLab makes of one, by number or by matrix.
import { type Place, pipelineError } from "./place.js";
import {
	isList,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	scalarTexts,
	type Value,
} from "./value.js";

/** One of the jobs that run in parallel. */
export interface ParallelJob {
	/** `deploy: [aws, eu]` or `test 1/5`; the job's own name where there is but one */
	name: string;
	/** counts from 1 */
	index: number;
	total: number;
	/** of the matrix, without expansion */
	variables: ReadonlyMap<string, string>;
}

const MOST = 200; // GitLab's limit

/**
 * None for an empty matrix, which GitLab takes: the job is in no pipeline then.
 * @throws MockError `invalid_pipeline`
 */
export function readParallel(config: Mapping, job: string): ParallelJob[] {
	const member = memberOf(config, "parallel");
	if (!member) return [single(job)];
	const { value, place } = member;
	if (typeof value === "number") {
		if (!Number.isInteger(value) || value < 1 || value > MOST)
			throw pipelineError(place, `parallel goes from 1 to ${MOST}`, job);
		return Array.from({ length: value }, (_, index) => ({
			name: `${job} ${index + 1}/${value}`,
			index: index + 1,
			total: value,
			variables: NONE,
		}));
	}
	const matrix = isMapping(value) ? memberOf(value, "matrix") : undefined;
	if (!matrix || !isList(matrix.value)) {
		throw pipelineError(
			place,
			"parallel needs a number, or matrix with a list",
			job,
		);
	}
	const rows = matrix.value.flatMap((entry) =>
		product(entry, matrix.place, job),
	);
	if (rows.length > MOST) throw tooMany(matrix.place, job);
	return rows.map((variables, index) => ({
		name: `${job}: [${[...variables.values()].join(", ")}]`,
		index: index + 1,
		total: rows.length,
		variables,
	}));
}

const NONE: ReadonlyMap<string, string> = new Map();

const single = (job: string): ParallelJob => ({
	name: job,
	index: 1,
	total: 1,
	variables: NONE,
});

const tooMany = (place: Place, job: string) =>
	pipelineError(place, `parallel:matrix makes more than ${MOST} jobs`, job);

/** Every combination of an entry's values, the first variable slowest. */
function product(
	entry: Value,
	place: Place,
	job: string,
): ReadonlyMap<string, string>[] {
	if (!isMapping(entry) || entry.size === 0)
		throw pipelineError(place, "parallel:matrix needs mappings", job);
	let rows: ReadonlyMap<string, string>[] = [new Map()];
	for (const [name, { value, place: at }] of entry) {
		const texts = isList(value) ? scalarTexts(value) : [scalarText(value)];
		if (!texts?.every((text) => text !== undefined))
			throw pipelineError(
				at,
				"parallel:matrix needs texts, or lists of them",
				job,
			);
		if (rows.length * texts.length > MOST) throw tooMany(at, job);
		rows = rows.flatMap((row) =>
			texts.map((text) => new Map([...row, [name, text as string]])),
		);
	}
	return rows;
}

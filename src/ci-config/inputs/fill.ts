// A parsed file with its inputs filled in.
import type { Budget } from "../budget.js";
import type { ParsedFile } from "../parse.js";
import { type Place, pipelineError, shown } from "../place.js";
import type { Mapping, Value } from "../value.js";
import { type Context, interpolate } from "./interpolate.js";
import { readHeader } from "./spec.js";
import { inputValues } from "./values.js";

/** What a component may say of itself: `component: [name, version]`. */
export type ComponentFacts = Readonly<Record<string, string | undefined>>;

export interface Filling {
	/** as the include has them, or the user for the pipeline's own file */
	given: Mapping;
	/** where they were given: what is wrong with them is told there */
	place: Place;
	component: ComponentFacts;
	/** whether inputs may be described in a file that was not followed */
	partial: boolean;
	budget: Budget;
	expandVars(text: string, place: Place): string;
	warn(place: Place, message: string): void;
	/** what to do about an input that is missing, if anything can be done besides writing it */
	advice(input: string): string;
}

const MOST_ERRORS = 3; // GitLab shows no more

/**
 * Without a header nothing is filled in: `$[[` is text then, as in GitLab.
 * @throws MockError `invalid_pipeline` in GitLab's words
 */
export async function fillIn(
	{ header, content }: ParsedFile,
	filling: Filling,
): Promise<Mapping> {
	const { given, place, budget, warn } = filling;
	if (!header) {
		if (given.size === 0) return content;
		throw pipelineError(
			place,
			"given inputs are not defined in the spec section of the configuration file",
		);
	}
	const { inputs, component } = readHeader(header);
	for (const input of inputs.filter(({ rules }) => rules)) {
		warn(
			input.place,
			`spec: inputs: ${shown(input.name)}: its rules are not evaluated`,
		);
	}
	const elsewhere = filling.partial
		? [...given.keys()].filter((name) =>
				inputs.every((input) => input.name !== name),
			)
		: [];
	const described = new Map(
		[...given].filter(([name]) => !elsewhere.includes(name)),
	);
	const { values, errors } = resultOf(
		await inputValues(inputs, described, budget),
	);
	if (errors.length > 0) {
		const missing = inputs.find(
			({ name, default: standard }) =>
				standard === undefined && !given.get(name),
		);
		const told = errors.slice(0, MOST_ERRORS).join(", ");
		throw pipelineError(
			place,
			`${told}${missing ? filling.advice(missing.name) : ""}`,
		);
	}
	const context: Context = new Map([
		[
			"inputs",
			new Map([
				...elsewhere.map(
					(name) => [name, given.get(name)?.value ?? null] as const,
				),
				...values,
			]),
		],
		["component", componentValues(component, filling)],
	]);
	return interpolate(
		content,
		context,
		(text) => filling.expandVars(text, place),
		budget,
		filling.partial,
	);
}

const resultOf = (
	result: Awaited<ReturnType<typeof inputValues>>,
): { values: ReadonlyMap<string, Value>; errors: readonly string[] } =>
	"values" in result
		? { values: result.values, errors: [] }
		: { values: new Map(), errors: result.errors };

function componentValues(
	names: readonly string[],
	{ component, place, warn }: Filling,
): ReadonlyMap<string, Value> {
	return new Map(
		names.map((name) => {
			const value = component[name];
			if (value === undefined)
				warn(
					place,
					`component.${shown(name)} is not known here, so it is empty`,
				);
			return [name, value ?? ""];
		}),
	);
}

// `spec: inputs` of a file's header: which inputs the file takes.
import { type Place, pipelineError, shown } from "../place.js";
import {
	isList,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	type Value,
} from "../value.js";

const INPUT_TYPES = ["array", "boolean", "number", "string"] as const;
type InputType = (typeof INPUT_TYPES)[number];

/** One input as a header describes it. */
export interface InputSpec {
	name: string;
	place: Place;
	type: InputType;
	/** undefined: none, so that a value is required */
	default: Value | undefined;
	options: readonly Value[] | undefined;
	regex: string | undefined;
	/** whether `rules` say more, which are not evaluated */
	rules: boolean;
}

/** What a header says. */
export interface Header {
	inputs: readonly InputSpec[];
	/** which of `$[[ component.… ]]` the file may use */
	component: readonly string[];
}

const MOST_OPTIONS = 50;
const KEYS = ["default", "description", "options", "regex", "type", "rules"];

/** @throws MockError `invalid_pipeline` for what GitLab's headers have not */
export function readHeader(header: Mapping): Header {
	onlyKeys(header, ["spec"], "the header");
	const spec = memberOf(header, "spec");
	if (!spec) return { inputs: [], component: [] };
	const members = mappingOf(spec.value, spec.place, "spec");
	onlyKeys(members, ["inputs", "component"], "spec");
	const inputs = memberOf(members, "inputs");
	const component = memberOf(members, "component")?.value;
	return {
		inputs: inputs
			? [...mappingOf(inputs.value, inputs.place, "spec: inputs")].map(
					([name, { value, place }]) => readInput(name, value, place),
				)
			: [],
		component: isList(component)
			? component.flatMap((name) => scalarText(name) ?? [])
			: [],
	};
}

function readInput(name: string, value: Value, place: Place): InputSpec {
	const what = `spec: inputs: ${shown(name)}`;
	const given = value === null ? new Map() : mappingOf(value, place, what);
	onlyKeys(given, KEYS, what);
	const type = memberOf(given, "type");
	const known = INPUT_TYPES.find((word) => word === (type?.value ?? "string"));
	if (known === undefined) {
		throw pipelineError(
			type?.place ?? place,
			`${what}: type is "${shown(scalarText(type?.value) ?? "")}", not one of ${INPUT_TYPES.join(", ")}`,
		);
	}
	const options = memberOf(given, "options");
	if (
		options &&
		(!isList(options.value) || options.value.length > MOST_OPTIONS)
	)
		throw pipelineError(
			options.place,
			`${what}: options needs a list of at most ${MOST_OPTIONS}`,
		);
	const regex = memberOf(given, "regex");
	if (regex && typeof regex.value !== "string")
		throw pipelineError(regex.place, `${what}: regex needs a text`);
	return {
		name,
		place,
		type: known,
		default: given.get("default")?.value,
		options: options?.value as readonly Value[] | undefined,
		regex: regex?.value as string | undefined,
		rules: memberOf(given, "rules") !== undefined,
	};
}

function mappingOf(value: Value, place: Place, what: string): Mapping {
	if (isMapping(value)) return value;
	throw pipelineError(place, `${what} needs a mapping`);
}

function onlyKeys(
	mapping: Mapping,
	keys: readonly string[],
	what: string,
): void {
	for (const [key, { place }] of mapping) {
		if (!keys.includes(key))
			throw pipelineError(place, `${what} has no key ${shown(key)}`);
	}
}

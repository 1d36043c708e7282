// One entry of `include`: what it names, with its variables expanded.
import { type Place, pipelineError, shown } from "./place.js";
import {
	type Entry,
	isList,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	scalarTexts,
	type Value,
} from "./value.js";

/** What an entry includes; a list of files is as many. */
export type Included =
	| { kind: "local"; path: string }
	| { kind: "project"; project: string; ref: string | undefined; path: string }
	| { kind: "component"; address: string; written: string }
	| { kind: "remote"; url: string }
	| { kind: "template"; name: string };

export interface IncludeEntry {
	included: readonly Included[];
	/** `inputs`; empty without them */
	inputs: Mapping;
	place: Place;
	rules: Entry | undefined;
}

const KEYS = ["local", "project", "component", "remote", "template"] as const;

/** The entries of `include`, which may be one or a list. */
export const entriesOf = (value: Value): readonly Value[] =>
	isList(value) ? value : [value];

/**
 * @param at where `include` is: a list does not know its entries' lines, but a mapping in it knows its keys'
 * @returns undefined for what is none of GitLab's kinds, or an artifact
 * @throws MockError `invalid_pipeline`
 */
export function readEntry(
	entry: Value,
	at: Place,
	expand: (text: string, place: Place) => string,
): IncludeEntry | undefined {
	if (!isMapping(entry)) {
		const text = scalarText(entry);
		if (text === undefined) return undefined;
		const path = expand(text, at);
		const included: Included = /^https?:\/\//i.test(path)
			? { kind: "remote", url: path }
			: { kind: "local", path };
		return {
			included: [included],
			inputs: new Map(),
			place: at,
			rules: undefined,
		};
	}
	const [first] = entry.values();
	const place = first?.place ?? at;
	const kinds = KEYS.filter((key) => memberOf(entry, key));
	const [kind] = kinds;
	if (kind === undefined) return undefined;
	if (kinds.length > 1)
		throw pipelineError(place, `include: ${kinds.join(" and ")} in one entry`);
	const inputs = memberOf(entry, "inputs") ?? memberOf(entry, "with");
	if (inputs && !isMapping(inputs.value))
		throw pipelineError(inputs.place, "include: inputs needs a mapping");
	return {
		included: includedBy(entry, kind, place, expand),
		inputs: (inputs?.value ?? new Map()) as Mapping,
		place,
		rules: memberOf(entry, "rules"),
	};
}

function includedBy(
	entry: Mapping,
	kind: (typeof KEYS)[number],
	place: Place,
	expand: (text: string, place: Place) => string,
): Included[] {
	const text = (key: string): string => {
		const written = scalarText(memberOf(entry, key)?.value);
		if (written !== undefined) return written;
		throw pipelineError(place, `include: ${key} needs a text`);
	};
	const named = expand(text(kind), place);
	if (kind === "local") return [{ kind, path: named }];
	if (kind === "remote") return [{ kind, url: named }];
	if (kind === "template") return [{ kind, name: named }];
	if (kind === "component")
		return [{ kind, address: named, written: text(kind) }];
	const files = memberOf(entry, "file");
	const paths = files && scalarTexts(files.value);
	if (!paths)
		throw pipelineError(
			files?.place ?? place,
			`include: project "${shown(named)}" needs file, a path or a list of paths`,
		);
	const ref = memberOf(entry, "ref") ? expand(text("ref"), place) : undefined;
	return paths.map((path) => ({
		kind,
		project: named,
		ref,
		path: expand(path, place),
	}));
}

// `include`: the files are read and merged beneath the file, those that there is no copy of are reported.
import { entriesOf, readEntry } from "./include-entry.js";
import { type FoundFile, fileFinder, type Reading } from "./include-files.js";
import { fillIn } from "./inputs/fill.js";
import { deepMerge } from "./merge.js";
import { type ParsedFile, parsePipelineFile } from "./parse.js";
import { type Place, pipelineError, placeText, shown } from "./place.js";
import {
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
	type Value,
} from "./value.js";

const MOST_INCLUDES = 150; // GitLab's default, of all files together

/** A file that is read, what it is given and where, and the files that include it. */
interface Source extends FoundFile {
	inputs: Mapping;
	place: Place;
	above: readonly string[];
}

/** The file with everything that it includes. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share what one pipeline has included so far
export function includer(reading: Reading) {
	const { budget } = reading;
	const { localFiles, copied } = fileFinder(reading);
	const parsed = new Map<string, ParsedFile & { text: string }>();
	let count = 0;

	async function load(source: Source): Promise<Mapping> {
		const { above } = source;
		const file = parse(source);
		const { header, partial } = await headerOf(file, source);
		const config = await fillIn(
			{ ...file, header },
			{
				partial,
				given: source.inputs,
				place: source.place,
				component: source.component,
				budget,
				expandVars: reading.expandVars,
				warn: (place, message) =>
					reading.warn(`${placeText(place)}: ${message}`),
				advice: (input) =>
					above.length === 0 ? `; give it: --input ${shown(input)}=…` : "",
			},
		);
		const include = memberOf(config, "include");
		if (!include) return config;
		let merged: Mapping = new Map();
		for (const value of entriesOf(include.value)) {
			for (const included of await sourcesOf(value, include.place, source))
				merged = deepMerge(merged, await load(included), budget);
		}
		const own = new Map(config);
		own.delete("include");
		return deepMerge(merged, own, budget);
	}

	/** The header with the inputs of the files that it includes beneath its own. */
	async function headerOf({ header }: ParsedFile, source: Source) {
		const spec = memberOf(header, "spec");
		const include =
			spec && isMapping(spec.value)
				? memberOf(spec.value, "include")
				: undefined;
		if (!header || !spec || !isMapping(spec.value) || !include)
			return { header, partial: false };
		let [beneath, partial]: [Mapping, boolean] = [new Map(), false];
		for (const value of entriesOf(include.value)) {
			const found = await sourcesOf(value, include.place, source);
			if (found.length === 0) partial = true;
			for (const one of found) {
				const members = inputsOnly(parse(one).content, one.label);
				beneath = deepMerge(beneath, members, budget);
			}
		}
		const own = new Map(spec.value);
		own.delete("include");
		const value = deepMerge(beneath, own, budget);
		return {
			header: new Map([["spec", { value, place: spec.place }]]),
			partial,
		};
	}

	/** A file may be included often. */
	function parse({ label, text }: Source): ParsedFile {
		const known = parsed.get(label);
		if (known?.text === text) return known;
		const file = { ...parsePipelineFile(label, text, budget), text };
		parsed.set(label, file);
		return file;
	}

	async function sourcesOf(
		value: Value,
		at: Place,
		from: Source,
	): Promise<Source[]> {
		const entry = readEntry(value, at, reading.expand);
		if (!entry) {
			reading.skipped(
				`${placeText(at)}: include not followed: ${described(value)}`,
			);
			return [];
		}
		const { included, inputs, place, rules } = entry;
		if (rules && !(await reading.holds(rules, from.files !== reading.files)))
			return [];
		const sources: Source[] = [];
		for (const one of included) {
			const found = await (one.kind === "local"
				? localFiles(one.path, place, from)
				: copied(one, place));
			for (const file of found) {
				const above = [...from.above, from.label];
				checkRound(file.label, place, above);
				if (++count > MOST_INCLUDES)
					throw pipelineError(place, `more than ${MOST_INCLUDES} includes`);
				sources.push({ ...file, inputs, place, above });
			}
		}
		return sources;
	}

	/** @param file what the pipeline's own file is called */
	return (file: string, text: string): Promise<Mapping> =>
		load({
			label: file,
			text,
			files: reading.files,
			prefix: "",
			inputs: reading.inputs,
			place: { file, line: 1 },
			above: [],
			component: {},
		});
}

/** What a header includes has `inputs`, and nothing else; some write `spec` above it. */
function inputsOnly(content: Mapping, label: string): Mapping {
	const spec = memberOf(content, "spec");
	const members = spec && isMapping(spec.value) ? spec.value : content;
	for (const [key, { place }] of members) {
		if (key !== "inputs")
			throw pipelineError(
				place,
				`${shown(label)} is included by a header, and has more than inputs: ${shown(key)}`,
			);
	}
	return members;
}

function checkRound(
	label: string,
	place: Place,
	above: readonly string[],
): void {
	if (above.includes(label)) {
		throw pipelineError(
			place,
			`include goes round: ${[...above, label].map(shown).join(" → ")}`,
		);
	}
}

const described = (entry: Value): string =>
	isMapping(entry) && memberOf(entry, "artifact")
		? `artifact ${shown(scalarText(memberOf(entry, "artifact")?.value) ?? "")}`
		: "an entry of no known kind";

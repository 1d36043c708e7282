// Fills in `$[[ inputs.x ]]`: in what the YAML has been read to, so that no value changes the file's structure.
import type { Budget } from "../budget.js";
import { type Place, pipelineError, shown } from "../place.js";
import {
	type Entry,
	isList,
	isMapping,
	type Mapping,
	scalarText,
	type Value,
} from "../value.js";
import { blocksIn } from "./blocks.js";
import { applyFunctions } from "./functions.js";
import { rubyText } from "./values.js";

/** What blocks may name, such as `inputs` with their values. */
export type Context = ReadonlyMap<string, ReadonlyMap<string, Value>>;

const MOST_BLOCKS = 10_000;
const LONGEST = 1024 * 1024; // characters of a text
const LONGEST_ACCESS = 1024;

/**
 * The file with its blocks filled in: as they are where a block is all of a text, as text within one.
 * @param partial whether there may be inputs that are not known: their blocks stay as they are
 * @throws MockError `invalid_pipeline` in GitLab's words
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the blocks that are done
export function interpolate(
	content: Mapping,
	context: Context,
	expandVars: (text: string) => string,
	budget: Budget,
	partial = false,
): Mapping {
	const done = new Map<string, Value>();

	function blockValue(block: string, data: string, place: Place): Value {
		const known = done.get(block);
		if (known !== undefined) return known;
		const fail = (message: string) =>
			pipelineError(place, `${shown(block)}: ${message}`);
		if (done.size >= MOST_BLOCKS) throw fail("too many interpolation blocks");
		const [access = "", ...functions] = data
			.split("|")
			.map((part) => part.trim());
		const key = /^inputs\.(.*)$/.exec(access)?.[1];
		if (partial && key !== undefined && !context.get("inputs")?.has(key))
			return block;
		const made = applyFunctions(accessed(access, fail), functions, expandVars);
		if ("error" in made) throw fail(made.error);
		done.set(block, made.value);
		return made.value;
	}

	function accessed(access: string, fail: (message: string) => Error): Value {
		if (access.length > LONGEST_ACCESS)
			throw fail("maximum interpolation expression size exceeded");
		const [object = "", key, ...more] = access.split(".");
		if (key === undefined) throw fail("invalid interpolation access pattern");
		const members = context.get(object);
		const missing = members ? (members.has(key) ? more[0] : key) : object;
		if (missing !== undefined)
			throw fail(
				`unknown interpolation key: \`${shown(missing)}\`${object === "component" && missing === key ? `; a header must ask for it: component: [${shown(key)}] in spec` : ""}`,
			);
		return members?.get(key) ?? null;
	}

	function filled(text: string, place: Place): Value {
		if (!text.includes("$[[")) return text;
		const blocks = blocksIn(text);
		const [first] = blocks;
		if (!first) return text;
		const values = new Map(
			blocks.map(({ whole, data }) => [whole, blockValue(whole, data, place)]),
		);
		if (blocks.length === 1 && first.whole === text)
			return values.get(text) ?? null;
		let made = text;
		for (const [block, value] of values) {
			made = made.replaceAll(block, () => rubyText(value));
			budget.spend(1 + Math.ceil(made.length / 16));
			if (made.length > LONGEST)
				throw pipelineError(place, "inputs make a text of more than 1 MiB");
		}
		return made;
	}

	function replaced(value: Value, place: Place): Value {
		budget.spend(1);
		if (typeof value === "string") return filled(value, place);
		if (isMapping(value)) return replacedMapping(value);
		if (!isList(value)) return value;
		return value.flatMap((item) => {
			const made = replaced(item, place);
			// A list that stands for an item becomes its items.
			return typeof item === "string" && isList(made) ? made : [made];
		});
	}

	function replacedMapping(mapping: Mapping): Mapping {
		const made = new Map<string, Entry>();
		for (const [key, { value, place }] of mapping) {
			const name = scalarText(filled(key, place));
			if (name === undefined)
				throw pipelineError(place, "an input that is a key must be a text");
			made.set(name, { value: replaced(value, place), place });
		}
		return made;
	}

	return replacedMapping(content);
}

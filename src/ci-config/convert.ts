// The nodes of a parsed file to values: aliases, merge keys and tags as Ruby and GitLab take them.
import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { DEEPEST } from "../yaml-depth.js";
import type { Budget } from "./budget.js";
import { type Place, pipelineError, shown } from "./place.js";
import { type Scalar as PlainScalar, plainScalar } from "./scalar.js";
import {
	type Entry,
	isList,
	isMapping,
	type Mapping,
	scalarText,
	type Value,
} from "./value.js";

/** A converted node, and how many values it would be if no alias were shared. */
interface Sized {
	value: Value;
	size: number;
}

/** Where a node begins. */
export const startOf = (node: unknown): number =>
	(node as Node | undefined)?.range?.[0] ?? 0;

/** @throws MockError where it is no list of names */
function referenceOf(steps: readonly Value[], place: Place): Value {
	if (steps.length > 0 && steps.every((step) => typeof step === "string"))
		return { reference: steps as string[], place };
	throw pipelineError(
		place,
		"!reference needs a list of names, such as [.job, key]",
	);
}

/** Converts nodes, in the order of the text: an alias is of an anchor before it. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the anchors of one file
export function converter(placeAt: (offset: number) => Place, budget: Budget) {
	const anchors = new Map<string, Sized | undefined>();

	function convert(node: Node | null, depth: number): Sized {
		budget.spend(1);
		if (depth > DEEPEST) {
			throw pipelineError(
				placeAt(startOf(node)),
				`nested deeper than ${DEEPEST} levels`,
				undefined,
				"too_large",
			);
		}
		if (isAlias(node)) return aliased(node.source, placeAt(startOf(node)));
		const anchor = (node as { anchor?: string } | null)?.anchor;
		if (anchor !== undefined) anchors.set(anchor, undefined);
		const made = converted(node, depth);
		if (anchor !== undefined) anchors.set(anchor, made);
		return made;
	}

	function aliased(name: string, place: Place): Sized {
		const target = anchors.get(name);
		if (target) {
			budget.spend(target.size); // as if it were written out
			return target;
		}
		throw pipelineError(
			place,
			anchors.has(name)
				? "an alias stands within its own anchor"
				: "an alias has no anchor before it",
		);
	}

	function converted(node: Node | null, depth: number): Sized {
		if (isMap(node)) return mapping(node.items, depth);
		if (isSeq(node)) {
			const place = placeAt(startOf(node));
			const items = node.items.map((item) => convert(item as Node, depth + 1));
			const value = items.map((item) => item.value);
			const size = items.reduce((sum, item) => sum + item.size, 1);
			return node.tag === "!reference"
				? { value: referenceOf(value, place), size }
				: { value, size };
		}
		if (isScalar(node) && node.tag === "!reference")
			return { value: referenceOf([], placeAt(startOf(node))), size: 1 };
		return { value: isScalar(node) ? scalar(node, placeAt) : null, size: 1 };
	}

	function mapping(
		items: readonly { key: unknown; value: unknown }[],
		depth: number,
	): Sized {
		const members = new Map<string, Entry>();
		let size = 1;
		for (const { key, value } of items) {
			const place = placeAt(startOf(key));
			const made = convert(value as Node | null, depth + 1);
			size += made.size;
			if (isScalar(key) && key.value === "<<") {
				// At its place, so that it overrides what stands above it: Ruby's oddity.
				for (const [name, member] of merged(made.value, place)) {
					members.set(name, member);
				}
			} else {
				if (!isScalar(key) && key !== null)
					throw pipelineError(place, "a key must be a text");
				const name = key === null ? null : scalar(key, placeAt);
				members.set(scalarText(name) ?? "", { value: made.value, place });
			}
		}
		return { value: members, size };
	}

	return convert;
}

/** The members that `<<` brings; of a list, the first mapping counts most. */
function merged(value: Value, place: Place): Mapping {
	const mappings = isList(value) ? value : [value];
	if (!mappings.every(isMapping))
		throw pipelineError(place, "<< needs a mapping, or a list of mappings");
	return new Map(mappings.toReversed().flatMap((mapping) => [...mapping]));
}

/** A scalar as Ruby would have it: quotes, a block or a tag for texts make it a text. */
function scalar(node: Scalar, placeAt: (offset: number) => Place): PlainScalar {
	const text =
		typeof node.value === "string" ? node.value : (node.source ?? "");
	const plain = node.type === "PLAIN" && node.tag !== "tag:yaml.org,2002:str";
	const value = plain || node.type === undefined ? plainScalar(text) : text;
	if (typeof value !== "object" || value === null || "exact" in value)
		return value;
	throw pipelineError(
		placeAt(startOf(node)),
		`${shown(text)} is a ${value.refused.toLowerCase()} to GitLab's YAML, which it refuses: put it in quotes`,
	);
}

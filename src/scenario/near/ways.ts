// All ways of being sloppy, by name, and what each makes of a claim.
import { TEXT_WAYS } from "./text-ways.js";
import { MEMBER_WAYS, VALUE_WAYS } from "./value-ways.js";
import type { Change } from "./way.js";

export type WayName =
	| keyof typeof TEXT_WAYS
	| keyof typeof VALUE_WAYS
	| keyof typeof MEMBER_WAYS;

const ALL = { ...TEXT_WAYS, ...VALUE_WAYS, ...MEMBER_WAYS };

/** Every way's name. */
export const WAY_NAMES = Object.keys(ALL) as [WayName, ...WayName[]];

/** What a comparison that is sloppy in this way lets in: goes on from "takes". */
export const descriptionOf = (way: WayName): string => ALL[way].description;

/**
 * What `way` takes for the claim `name`, whose wanted value is `value`; the plainest first, none
 * where the way means nothing for it.
 */
export function changesOf(
	way: WayName,
	name: string,
	value: unknown,
): readonly Change[] {
	if (way in MEMBER_WAYS)
		return MEMBER_WAYS[way as keyof typeof MEMBER_WAYS].make(name);
	const made =
		way in VALUE_WAYS
			? VALUE_WAYS[way as keyof typeof VALUE_WAYS].make(value)
			: textsOf(way as keyof typeof TEXT_WAYS, value);
	return made.map((other) => ({ value: other }));
}

/** A list, as `groups_direct`, has each of its texts changed. */
function textsOf(way: keyof typeof TEXT_WAYS, value: unknown): unknown[] {
	const { make } = TEXT_WAYS[way];
	if (typeof value === "string") return value === "" ? [] : [...make(value)];
	if (!Array.isArray(value)) return [];
	const changed = value.map((entry: unknown) =>
		typeof entry === "string" ? make(entry)[0] : undefined,
	);
	return changed.length > 0 && changed.every((text) => text !== undefined)
		? [changed]
		: [];
}

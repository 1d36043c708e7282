// What a pipeline file is made of once its YAML is read: mappings that know the line of each key.
import type { Place } from "./place.js";

/** `!reference [job, key]`, before it is followed. */
export interface Reference {
	readonly reference: readonly string[];
	readonly place: Place;
}

/** A number that JavaScript would write otherwise than Ruby: `1.0`, or a very large one. */
export interface Exact {
	readonly exact: string;
}

export type Value =
	| string
	| number
	| boolean
	| null
	| Exact
	| readonly Value[]
	| Mapping
	| Reference;

/** A value, and where its key is. */
export interface Entry {
	readonly value: Value;
	readonly place: Place;
}

/** A Map, so that no key of a file is a name that JavaScript's objects have. */
export type Mapping = ReadonlyMap<string, Entry>;

export const isMapping = (value: Value | undefined): value is Mapping =>
	value instanceof Map;

export const isList = (value: Value | undefined): value is readonly Value[] =>
	Array.isArray(value);

export const isReference = (value: Value | undefined): value is Reference =>
	typeof value === "object" && value !== null && "reference" in value;

const isExact = (value: Value | undefined): value is Exact =>
	typeof value === "object" && value !== null && "exact" in value;

/** Whether Ruby would call it Numeric. */
export const isNumber = (value: Value | undefined): value is number | Exact =>
	typeof value === "number" || isExact(value);

/** A member of a mapping; undefined where it is missing or null, which GitLab takes as missing. */
export function memberOf(
	mapping: Mapping | undefined,
	key: string,
): Entry | undefined {
	const member = mapping?.get(key);
	return member?.value === null ? undefined : member;
}

/** A scalar as GitLab writes it into a text; undefined for anything else. */
export function scalarText(value: Value | undefined): string | undefined {
	if (isExact(value)) return value.exact;
	return typeof value === "string" ||
		typeof value === "number" ||
		typeof value === "boolean"
		? String(value)
		: undefined;
}

/** Texts: one scalar, or a list of scalars; undefined for anything else. */
export function scalarTexts(value: Value | undefined): string[] | undefined {
	const texts = (isList(value) ? value : [value]).map(scalarText);
	return texts.every((text) => text !== undefined)
		? (texts as string[])
		: undefined;
}

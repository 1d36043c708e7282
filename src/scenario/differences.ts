// From the schema of a whole thing to the schema of its differences from a baseline.
import { z } from "zod";
import { editText, type TextEdit, textEditSchema } from "./text-edit.js";

/** `T` with every member optional, and a text as it is or as an edit. */
export type Differences<T> = T extends string
	? string extends T
		? T | TextEdit
		: T
	: T extends readonly unknown[]
		? T
		: T extends object
			? { [K in keyof T]?: Differences<T[K]> | undefined }
			: T;

/** The schema of {@link Differences}; descriptions are kept, unknown members refused. */
export function differencesSchema<T>(
	schema: z.ZodType<T>,
): z.ZodType<Differences<T>> {
	return derive(schema) as z.ZodType<Differences<T>>;
}

function derive(schema: z.ZodType): z.ZodType {
	const described = (derived: z.ZodType) => {
		const meta = schema.meta();
		return meta ? derived.meta(meta) : derived;
	};
	if (schema instanceof z.ZodNullable) {
		return described(z.nullable(derive(schema.unwrap() as z.ZodType)));
	}
	if (schema instanceof z.ZodObject) {
		const members = Object.entries(
			schema.shape as Record<string, z.ZodType>,
		).map(([name, member]) => [name, derive(member).optional()]);
		return described(z.strictObject(Object.fromEntries(members)));
	}
	return schema instanceof z.ZodString
		? described(z.union([schema, textEditSchema]))
		: schema;
}

/**
 * Applies differences to a baseline.
 * @param blank what stands in for a member that the baseline has as null, by its path
 * @param path where in the whole this is, for errors
 */
export function applyDifferences<T>(
	base: T,
	differences: Differences<NoInfer<T>> | undefined,
	blank: Readonly<Record<string, object>> = {},
	path = "",
): T {
	if (differences === undefined) return base;
	if (isMapping(differences)) {
		const under: unknown = base ?? blank[path];
		if (!isMapping(under)) {
			return editText(base, differences as TextEdit, path) as T;
		}
		const merged: Record<string, unknown> = { ...under };
		for (const [name, difference] of Object.entries(differences)) {
			const member = path ? `${path}.${name}` : name;
			merged[name] = applyDifferences(under[name], difference, blank, member);
		}
		return merged as T;
	}
	return differences as T;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

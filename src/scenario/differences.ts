// From the schema of a whole thing to the schema of its differences from a baseline.
import { z } from "zod";
import { notApplicable } from "../errors.js";
import { isJsonObject } from "../json-object.js";
import {
	addTo,
	fillTemplate,
	lookUp,
	type NumberEdit,
	numberEditSchema,
	type Template,
	templateSchema,
} from "./job-edit.js";
import { editText, type TextEdit, textEditSchema } from "./text-edit.js";

/** `T` with every member optional, and a text or number as it is or as an edit. */
export type Differences<T> = T extends string
	? string extends T
		? T | TextEdit | Template
		: T
	: T extends number
		? T | NumberEdit
		: T extends readonly unknown[]
			? T
			: T extends object
				? { [K in keyof T]?: Differences<T[K]> | undefined } & {
						/** where the schema has it: what of the baseline this is derived from instead */
						of?: string | undefined;
					}
				: T;

/** Which mappings can be derived from another of the baseline, by their paths: `{ of: project }`. */
export type References = Readonly<Record<string, string>>;

/** The schema of {@link Differences}; descriptions are kept, unknown members refused. */
export function differencesSchema<T>(
	schema: z.ZodType<T>,
	references: References = {},
): z.ZodType<Differences<T>> {
	return derive(schema, references, "") as z.ZodType<Differences<T>>;
}

function derive(
	schema: z.ZodType,
	references: References,
	path: string,
): z.ZodType {
	const described = (derived: z.ZodType) => {
		const meta = schema.meta();
		return meta ? derived.meta(meta) : derived;
	};
	if (schema instanceof z.ZodNullable) {
		const inner = derive(schema.unwrap() as z.ZodType, references, path);
		return described(z.nullable(inner));
	}
	if (schema instanceof z.ZodObject) {
		const members = Object.entries(
			schema.shape as Record<string, z.ZodType>,
		).map(([name, member]) => [
			name,
			derive(member, references, below(path, name)).optional(),
		]);
		const reference = references[path];
		if (reference !== undefined) {
			const of = z.literal(reference).optional().meta({
				description: "the baseline's own, with these differences",
			});
			members.unshift(["of", of]);
		}
		return described(z.strictObject(Object.fromEntries(members)));
	}
	if (schema instanceof z.ZodNumber)
		return described(z.union([schema, numberEditSchema]));
	return schema instanceof z.ZodString
		? described(z.union([schema, textEditSchema, templateSchema]))
		: schema;
}

const below = (path: string, name: string) => (path ? `${path}.${name}` : name);

/**
 * Applies differences to a baseline.
 * @param blank what stands in for a member that the baseline has as null, by its path; a text names another member
 * @param own the whole baseline
 * @param path where in the whole this is, for errors
 * @throws MockError `not_applicable` where this baseline has nothing to differ from
 */
export function applyDifferences<T>(
	base: T,
	differences: Differences<NoInfer<T>> | undefined,
	blank: Readonly<Record<string, object | string>> = {},
	own: unknown = base,
	path = "",
): T {
	if (differences === undefined) return base;
	if (!isJsonObject(differences)) return differences as T;
	const { of, ...changes } = differences;
	const under = typeof of === "string" ? lookUp(own, of) : base;
	const standIn = blank[path];
	const from =
		under ?? (typeof standIn === "string" ? lookUp(own, standIn) : standIn);
	if (isJsonObject(from)) {
		const merged: Record<string, unknown> = { ...from };
		for (const [name, change] of Object.entries(changes)) {
			const member = below(path, name);
			merged[name] = applyDifferences(from[name], change, blank, own, member);
		}
		return merged as T;
	}
	return applyEdit(from, changes, own, path) as T;
}

function applyEdit(
	base: unknown,
	edit: Record<string, unknown>,
	own: unknown,
	path: string,
): unknown {
	if ("template" in edit) return fillTemplate(edit as Template, own, path);
	if (base === undefined || base === null)
		throw notApplicable(`the baseline's job has no ${path}`);
	return "add" in edit
		? addTo(base, edit as NumberEdit, path)
		: editText(base, edit as TextEdit, path);
}

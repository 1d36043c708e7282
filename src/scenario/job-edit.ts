// Edits of a job's member that look at the rest of the baseline, or change a number.
import { z } from "zod";
import { MockError, notApplicable } from "../errors.js";
import { textEditSchema } from "./text-edit.js";

export const numberEditSchema = z.strictObject({
	add: z.int().min(1).max(1_000_000_000).meta({
		description: "another number than the baseline's: this much above it",
	}),
});
export type NumberEdit = z.infer<typeof numberEditSchema>;

export const templateSchema = z.strictObject({
	template: z.string().min(1).meta({
		description:
			"a text in which `{project.id}`, `{project.name}`, `{user.login}` and so on are the baseline's",
	}),
});
export type Template = z.infer<typeof templateSchema>;

/** Any edit of a member of a job: a choice among forms, never merged with another. */
export const jobEditSchema = z.union([
	textEditSchema,
	numberEditSchema,
	templateSchema,
]);

/** What stands at `path` in `whole`, such as `project.id`; `project.name` is the last part of its path. */
export function lookUp(whole: unknown, path: string): unknown {
	if (path === "project.name")
		return String(lookUp(whole, "project.path")).split("/").at(-1);
	return path.split(".").reduce<unknown>((value, step) => {
		const members = new Map(Object.entries(value ?? {}));
		return members.get(step);
	}, whole);
}

/**
 * Fills a template from the baseline `own`.
 * @throws MockError `not_applicable` where the baseline has nothing there
 */
export const fillTemplate = (
	{ template }: Template,
	own: unknown,
	where: string,
): string =>
	template.replace(/\{([a-z_.]+)\}/g, (_, path: string) => {
		const value = lookUp(own, path);
		if (value === undefined || value === null)
			throw notApplicable(`${where}: the baseline has no ${path}`);
		return String(value);
	});

/** Another number than `base`. @throws MockError `invalid_scenario` where that is none */
export function addTo(
	base: unknown,
	{ add }: NumberEdit,
	where: string,
): number {
	if (typeof base !== "number") {
		throw new MockError(
			"invalid_scenario",
			`${where}: there is no number in the baseline to add to`,
		);
	}
	return Number.isSafeInteger(base + add) ? base + add : base - add;
}

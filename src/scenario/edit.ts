// The small language in which a scenario says how a value differs from the honest one.
import { z } from "zod";
import { parseDuration } from "../clock.js";
import { MockError } from "../errors.js";

/** Edits of a text, relative to what the baseline has. */
const TEXT_EDITS = [
	z.strictObject({
		append: z
			.string()
			.meta({ description: "put this behind the baseline's text" }),
	}),
	z.strictObject({
		prepend: z
			.string()
			.meta({ description: "put this before the baseline's text" }),
	}),
	z.strictObject({
		replace: z.strictObject({ from: z.string().min(1), to: z.string() }).meta({
			description: "change each `from` in the baseline's text into `to`",
		}),
	}),
	z.strictObject({
		"upper-case": z
			.literal(true)
			.meta({ description: "put the baseline's text in capitals" }),
	}),
] as const;

export const textEditSchema = z.union(TEXT_EDITS);
export type TextEdit = z.infer<typeof textEditSchema>;

/** Edits of a claim or header member. A mapping is always an edit; `value` is for a literal one. */
export const memberEditSchema = z.union([
	...TEXT_EDITS,
	z.strictObject({
		remove: z
			.literal(true)
			.meta({ description: "leave the member out (null is another thing)" }),
	}),
	z.strictObject({
		value: z
			.json()
			.meta({ description: "exactly this JSON, where it is a mapping" }),
	}),
	z.strictObject({
		"as-list": z
			.strictObject({
				before: z.array(z.json()).optional(),
				after: z.array(z.json()).optional(),
			})
			.meta({
				description:
					"the baseline's value in a list, with others before and after it",
			}),
	}),
]);

/** A claim or header member as a scenario writes it: a JSON value, or an edit. */
export const memberSchema = z.union([
	z.string(),
	z.number(),
	z.boolean(),
	z.null(),
	z.array(z.json()),
	memberEditSchema,
]);
export type Member = z.infer<typeof memberSchema>;

const TIME_CLAIMS = new Set(["exp", "nbf", "iat", "auth_time"]);
const TIME = /^now((?:[+-](?:\d{1,9}[smhdy])+)*)$/;

/** A time relative to the instance's clock, such as `now-1h` or `now+1d+30s`. */
export const timeSchema = z
	.string()
	.regex(TIME, "expected a time such as now-1h or now+90s");

/** The instant that `expression` names, in seconds; undefined where it is no time. */
export function readTime(expression: string, now: number): number | undefined {
	const match = TIME.exec(expression);
	if (!match) return undefined;
	const terms = (match[1] ?? "").match(/[+-]\w+/g) ?? [];
	return terms.reduce((time, term) => time + parseDuration(term), now);
}

/** Applies a text edit; a list of texts is edited entry by entry. */
export function editText(
	base: unknown,
	edit: TextEdit,
	where: string,
): unknown {
	if (Array.isArray(base))
		return base.map((entry) => editText(entry, edit, where));
	if (typeof base !== "string") {
		throw new MockError(
			"invalid_scenario",
			`${where}: there is no text in the baseline to edit, it has ${JSON.stringify(base) ?? "nothing"}`,
		);
	}
	if ("append" in edit) return base + edit.append;
	if ("prepend" in edit) return edit.prepend + base;
	if ("replace" in edit)
		return base.replaceAll(edit.replace.from, () => edit.replace.to);
	return base.toUpperCase();
}

/**
 * `base` with `edits` applied in their order. A new member comes last, as it does in a JSON object.
 * @param now what `now` means in `exp`, `nbf`, `iat` and `auth_time`, in seconds
 * @throws MockError `invalid_scenario` for an edit that does not fit the value
 */
export function editMembers(
	base: Readonly<Record<string, unknown>>,
	edits: Readonly<Record<string, Member>> | undefined,
	now: number,
): Record<string, unknown> {
	const edited = new Map(Object.entries(base)); // an object has names of its own, such as constructor
	for (const [name, edit] of Object.entries(edits ?? {})) {
		if (isEdit(edit) && "remove" in edit) edited.delete(name);
		else edited.set(name, memberValue(edited.get(name), edit, name, now));
	}
	return Object.fromEntries(edited);
}

function memberValue(
	base: unknown,
	edit: Member,
	name: string,
	now: number,
): unknown {
	if (typeof edit === "string" && TIME_CLAIMS.has(name)) {
		return readTime(edit, now) ?? edit;
	}
	if (!isEdit(edit)) return edit;
	if ("value" in edit) return edit.value;
	if ("as-list" in edit) {
		if (base === undefined) {
			throw new MockError(
				"invalid_scenario",
				`${name}: there is nothing in the baseline to put in a list`,
			);
		}
		const { before = [], after = [] } = edit["as-list"];
		return [...before, ...(Array.isArray(base) ? base : [base]), ...after];
	}
	return editText(base, edit as TextEdit, name);
}

const isEdit = (member: Member): member is z.infer<typeof memberEditSchema> =>
	typeof member === "object" && member !== null && !Array.isArray(member);

// The small language in which a scenario says how a value differs from the honest one.
import { z } from "zod";
import { parseDuration } from "../clock.js";
import { notApplicable } from "../errors.js";
import { editText, TEXT_EDITS, type TextEdit } from "./text-edit.js";

/** Edits of a claim or header member. A mapping is always an edit; `value` is for a literal one. */
const memberEditSchema = z.union([
	...TEXT_EDITS,
	z.strictObject({
		remove: z
			.literal(true)
			.meta({ description: "leave the member out (null is another thing)" }),
	}),
	z.strictObject({
		move: z
			.literal("last")
			.meta({ description: "to the end, with the value that it has" }),
	}),
	z.strictObject({
		rename: z
			.string()
			.min(1)
			.meta({ description: "to the end, with its value, under this name" }),
	}),
	z.strictObject({
		inherit: z.literal(true).meta({
			description: "to the end, with its value, in a `__proto__` member",
		}),
	}),
	z.strictObject({
		value: z
			.json()
			.meta({ description: "exactly this JSON, where it is a mapping" }),
	}),
	z.strictObject({
		of: z.string().min(1).meta({
			description: "what the baseline has in this other member",
		}),
	}),
	z.strictObject({
		"as-member": z.literal(true).meta({
			description: "a mapping with the baseline's text as the name of a member",
		}),
	}),
	z.strictObject({
		"as-list": z
			.strictObject({
				before: z.array(z.json()).optional(),
				after: z.array(z.json()).optional(),
				nested: z
					.literal(true)
					.optional()
					.meta({ description: "in a list of its own within" }),
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
export type MemberEdit = z.infer<typeof memberSchema>;

const TIME_CLAIMS = new Set(["exp", "nbf", "iat", "auth_time"]);
const TIME = /^now((?:[+-](?:\d{1,9}(?:\.\d{1,3})?[smhdy])+)*)$/;

/** A time relative to the instance's clock, such as `now-1h` or `now+1d+30s`. */
export const timeSchema = z
	.string()
	.regex(TIME, "expected a time such as now-1h or now+90s");

/** The instant that `expression` names, in seconds; undefined where it is no time. */
export function readTime(expression: string, now: number): number | undefined {
	const match = TIME.exec(expression);
	if (!match) return undefined;
	const terms = (match[1] ?? "").match(/[+-][\w.]+/g) ?? [];
	return terms.reduce((time, term) => time + parseDuration(term), now);
}

/**
 * `base` with `edits` applied in their order. A new member comes last, as it does in a JSON object.
 * @param now what `now` means in `exp`, `nbf`, `iat` and `auth_time`, in seconds
 * @throws MockError `not_applicable` where the baseline has nothing to edit; `invalid_scenario` for what is no text
 */
export function editMembers(
	base: Readonly<Record<string, unknown>>,
	edits: Readonly<Record<string, MemberEdit>> | undefined,
	now: number,
): Record<string, unknown> {
	if (edits === undefined) return base;
	const edited = new Map(Object.entries(base)); // an object has names of its own, such as constructor
	for (const [name, edit] of Object.entries(edits)) {
		const value = edited.get(name);
		if (isEdit(edit) && isPlace(edit)) {
			edited.delete(name);
			if ("remove" in edit || value === undefined) continue;
			if ("move" in edit) edited.set(name, value);
			else if ("rename" in edit) edited.set(edit.rename, value);
			else edited.set("__proto__", Object.fromEntries([[name, value]]));
		} else {
			edited.set(name, memberValue(value, edit, name, { base, now }));
		}
	}
	return Object.fromEntries(edited);
}

function memberValue(
	base: unknown,
	edit: MemberEdit,
	name: string,
	{
		base: whole,
		now,
	}: { base: Readonly<Record<string, unknown>>; now: number },
): unknown {
	if (typeof edit === "string" && TIME_CLAIMS.has(name)) {
		return readTime(edit, now) ?? edit;
	}
	if (!isEdit(edit)) return edit;
	if ("value" in edit) return edit.value;
	if ("of" in edit) return otherMember(whole, edit.of, name);
	if ("as-member" in edit) {
		if (typeof base !== "string")
			throw notApplicable(`${name}: the baseline has no text there`);
		return Object.fromEntries([[base, true]]);
	}
	if ("as-list" in edit) {
		if (base === undefined)
			throw notApplicable(`${name}: the baseline has nothing there`);
		const { before = [], after = [], nested } = edit["as-list"];
		const own = Array.isArray(base) ? base : [base];
		return [...before, ...(nested ? [own] : own), ...after];
	}
	return editText(base, edit as TextEdit, name);
}

/** The value of another member, which must not be this one's already. */
function otherMember(
	whole: Readonly<Record<string, unknown>>,
	other: string,
	name: string,
): unknown {
	const members = new Map(Object.entries(whole));
	const value = members.get(other);
	if (value === undefined || value === null || value === "")
		throw notApplicable(`${name}: the baseline has no ${other}`);
	if (value === members.get(name))
		throw notApplicable(`${name}: the baseline has that of ${other} already`);
	return value;
}

type Edit = z.infer<typeof memberEditSchema>;
type Place =
	| { remove: true }
	| { move: "last" }
	| { rename: string }
	| { inherit: true };

/** Whether the edit is one of where the value stands. */
const isPlace = (edit: Edit): edit is Edit & Place =>
	["remove", "move", "rename", "inherit"].some((name) => name in edit);

/** Whether a member is an edit, and no literal value. */
export const isEdit = (member: MemberEdit | undefined): member is Edit =>
	typeof member === "object" && member !== null && !Array.isArray(member);

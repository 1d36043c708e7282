// Edits of a text, relative to what the baseline has: so that a scenario fits any user's project.
import { z } from "zod";
import { MockError, notApplicable } from "../errors.js";
import { editPath, PATH_EDITS } from "./path-edit.js";
import { editUrl, URL_EDITS } from "./url-edit.js";

const append = z.string().meta({
	description: "put this behind the baseline's text",
});
const prepend = z.string().meta({
	description: "put this before the baseline's text",
});

/** The forms of an edit. */
export const TEXT_EDITS = [
	z.strictObject({ append }),
	z.strictObject({ prepend }),
	z.strictObject({ prepend, append }),
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
	z.strictObject({
		"swap-case": z.literal(true).meta({
			description:
				"make its capitals small letters, and its small ones capitals",
		}),
	}),
	z.strictObject({
		homoglyph: z.literal(true).meta({
			description: "put look-alikes from another alphabet into it",
		}),
	}),
	...URL_EDITS,
	...PATH_EDITS,
] as const;

export const textEditSchema = z.union(TEXT_EDITS);
export type TextEdit = z.infer<typeof textEditSchema>;

/**
 * Applies a text edit; a list of texts is edited entry by entry.
 * @param where what is edited, for errors
 * @throws MockError `not_applicable` where the baseline has nothing there, or is so already;
 *   `invalid_scenario` where it has no text
 */
export function editText(
	base: unknown,
	edit: TextEdit,
	where: string,
): unknown {
	if (base === undefined || base === null)
		throw notApplicable(`${where}: the baseline has nothing there`);
	if (Array.isArray(base)) {
		return base.map((entry) => editText(entry, edit, where));
	}
	if (typeof base !== "string") {
		throw new MockError(
			"invalid_scenario",
			`${where}: there is no text in the baseline to edit, it has ${JSON.stringify(base)}`,
		);
	}
	const edited = applied(base, edit, where);
	if (edited !== base) return edited;
	throw notApplicable(`${where}: ${unchanged(edit)} "${base}"`);
}

function applied(base: string, edit: TextEdit, where: string): string {
	if ("append" in edit || "prepend" in edit) {
		const { prepend = "", append = "" } = edit as Partial<
			Record<"prepend" | "append", string>
		>;
		return prepend + base + append;
	}
	if ("replace" in edit)
		return base.replaceAll(edit.replace.from, () => edit.replace.to);
	if ("upper-case" in edit) return base.toUpperCase();
	if ("swap-case" in edit) return [...base].map(swapCase).join("");
	if ("homoglyph" in edit) return withLookAlike(base, where);
	if ("group" in edit || "name" in edit) return editPath(base, edit, where);
	if ("group-above" in edit || "groups-deep" in edit)
		return editPath(base, edit, where);
	return editUrl(base, edit, where);
}

/** Why an edit leaves a text as it was. */
function unchanged(edit: TextEdit): string {
	if ("replace" in edit) return `there is no "${edit.replace.from}" in`;
	if ("upper-case" in edit) return "there is no small letter in";
	if ("swap-case" in edit) return "there is no letter in";
	return "the baseline is so already:";
}

const swapCase = (letter: string): string =>
	letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();

/** Latin letters and the Cyrillic ones that look the same. */
export const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
	["a", "\u0430"],
	["e", "\u0435"],
	["o", "\u043e"],
	["p", "\u0440"],
	["c", "\u0441"],
	["x", "\u0445"],
	["y", "\u0443"],
	["i", "\u0456"],
	["s", "\u0455"],
	["j", "\u0458"],
	["v", "\u0475"],
]);

/** Exchanges the first letter that has a look-alike. */
function withLookAlike(text: string, where: string): string {
	const letters = [...text];
	const index = letters.findIndex((letter) => LOOK_ALIKES.has(letter));
	const letter = LOOK_ALIKES.get(letters[index] ?? "");
	if (letter === undefined)
		throw notApplicable(`${where}: no letter of "${text}" has a look-alike`);
	return letters.with(index, letter).join("");
}

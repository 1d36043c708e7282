// Edits of a text, relative to what the baseline has: so that a scenario fits any user's project.
import { z } from "zod";
import { MockError } from "../errors.js";

/** The forms of an edit. */
export const TEXT_EDITS = [
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
	z.strictObject({
		homoglyph: z.literal(true).meta({
			description: "put look-alikes from another alphabet into it",
		}),
	}),
	z.strictObject({
		scheme: z.enum(["other", "none"]).meta({
			description: "of a URL: https for http and http for https, or no scheme",
		}),
	}),
	z.strictObject({
		port: z.int().min(1).max(65_535).meta({ description: "of a URL" }),
	}),
] as const;

export const textEditSchema = z.union(TEXT_EDITS);
export type TextEdit = z.infer<typeof textEditSchema>;

/**
 * Applies a text edit; a list of texts is edited entry by entry.
 * @param where what is edited, for errors
 * @throws MockError `invalid_scenario` where the baseline has no such text
 */
export function editText(
	base: unknown,
	edit: TextEdit,
	where: string,
): unknown {
	if (Array.isArray(base)) {
		return base.map((entry) => editText(entry, edit, where));
	}
	if (typeof base !== "string") {
		throw new MockError(
			"invalid_scenario",
			`${where}: there is no text in the baseline to edit, it has ${JSON.stringify(base) ?? "nothing"}`,
		);
	}
	if ("append" in edit) return base + edit.append;
	if ("prepend" in edit) return edit.prepend + base;
	if ("replace" in edit) {
		return base.replaceAll(edit.replace.from, () => edit.replace.to);
	}
	if ("upper-case" in edit) return base.toUpperCase();
	if ("homoglyph" in edit) return withLookAlike(base, where);
	return editUrl(base, edit, where);
}

// Latin letters and the Cyrillic ones that look the same.
const LOOK_ALIKES = new Map([
	["a", "\u0430"],
	["e", "\u0435"],
	["o", "\u043e"],
	["p", "\u0440"],
	["c", "\u0441"],
	["x", "\u0445"],
	["y", "\u0443"],
	["i", "\u0456"],
]);

/** Exchanges the first letter that has a look-alike. */
function withLookAlike(text: string, where: string): string {
	const letters = [...text];
	const index = letters.findIndex((letter) => LOOK_ALIKES.has(letter));
	const letter = LOOK_ALIKES.get(letters[index] ?? "");
	if (letter === undefined) {
		throw new MockError(
			"invalid_scenario",
			`${where}: no letter of "${text}" has a look-alike`,
		);
	}
	return letters.with(index, letter).join("");
}

function editUrl(
	text: string,
	edit: { scheme: "other" | "none" } | { port: number },
	where: string,
): string {
	const parts = /^(https?):\/\/([^/:]+|\[[^\]]*\])(:\d+)?(\/.*)?$/.exec(text);
	if (!parts) {
		throw new MockError(
			"invalid_scenario",
			`${where}: "${text}" is no http(s) URL`,
		);
	}
	const [, scheme, host, port = "", path = ""] = parts;
	if ("port" in edit) return `${scheme}://${host}:${edit.port}${path}`;
	if (edit.scheme === "none") return `${host}${port}${path}`;
	return `${scheme === "http" ? "https" : "http"}://${host}${port}${path}`;
}

// XML and HTML without unescaped text: a template whose values are escaped, unless they are markup.

/** A piece of XML or HTML that is escaped already. */
export interface Markup {
	readonly markup: string;
}

type Value = Markup | string | number | null | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

// All but what XML 1.0 §2.2 allows, and the C1 controls that it only discourages.
const ILLEGAL =
	/[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text with `& < > " '` escaped, and without the characters that XML forbids. */
const escapeText = (text: string): string =>
	text
		.replace(ILLEGAL, "\ufffd")
		.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

/** A template; `null` and `false` leave nothing, a list its members one after the other. */
export const markup = (
	strings: TemplateStringsArray,
	...values: Value[]
): Markup => ({
	markup: strings
		.map((string, index) =>
			index < values.length ? string + marked(values[index] ?? null) : string,
		)
		.join(""),
});

function marked(value: Value): string {
	if (value === null || value === false) return "";
	if (typeof value === "string") return escapeText(value);
	if (typeof value === "number") return String(value);
	if ("markup" in value) return value.markup;
	return value.map(marked).join("");
}

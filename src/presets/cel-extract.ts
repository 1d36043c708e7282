// CEL's extract, as Google has it: the part of a text that stands where a template has a name in braces.

/**
 * What stands at `{name}` between the template's beginning and end; "" where they are not there.
 * Source: IAM, "Configure conditions", extract: the first place where the beginning is found counts, and after it the first
 * where the end is; without an end it reaches to the end of the text.
 */
export function extract(text: string, template: string): string {
	const [, before, after] = /^([^{}]*)\{[^{}]*\}([^{}]*)$/.exec(template) ?? [];
	if (before === undefined || after === undefined) {
		throw new Error("extract: the template has no {name}, or several");
	}
	const found = text.indexOf(before);
	if (found < 0) return "";
	const start = found + before.length;
	const end = after === "" ? text.length : text.indexOf(after, start);
	return end < 0 ? "" : text.slice(start, end);
}

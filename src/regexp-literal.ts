// A text as a regular expression has to have it, to mean the text itself.

/** With what means something else there escaped. */
export const literally = (text: string): string =>
	text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

// The words of a table as a schema: what each stands for goes with it, into the JSON Schema and the README.
import { z } from "zod";

/** One of the table's words. Editors show what each stands for (`enumDescriptions`). */
export const oneOf = <Word extends string>(
	table: Readonly<Record<Word, { description: string }>>,
) => {
	const words = Object.keys(table) as [Word, ...Word[]];
	return z.enum(words).meta({
		enumDescriptions: words.map((word) => table[word].description),
	});
};

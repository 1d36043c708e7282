// A CEL source with the names that our library keeps for itself replaced by others of the same length.

/** `google` is its own constant, and its `matches` has the regular expressions of JavaScript. */
const REPLACED: Readonly<Record<string, string>> = {
	google: "_googl",
	matches: "_matchs",
};
const ORIGINAL: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(REPLACED).map(([name, other]) => [other, name]),
);

/** Comments, texts and names; of texts raw ones first, in which a backslash is only that. */
const TOKEN =
	/\/\/[^\n]*|\b(?:[bB]?[rR]|[rR][bB])(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')|"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*/g;

/** The source for the library; the places in it stay the same. */
export const forLibrary = (source: string): string =>
	source.replace(TOKEN, (token, at: number) => {
		const isMember = /\.\s*\??\s*$/.test(source.slice(0, at));
		const isCall = /^\s*\(/.test(source.slice(at + token.length));
		const isOurs = token === "google" ? !isMember : isCall;
		return isOurs && Object.hasOwn(REPLACED, token)
			? (REPLACED[token] ?? token)
			: token;
	});

/** What the library says or writes, with the names as they were. */
export const fromLibrary = (text: string): string =>
	text.replace(/\b_(?:googl|matchs)\b/g, (name) => ORIGINAL[name] ?? name);

/** What the library calls a variable. */
export const nameForLibrary = (name: string): string =>
	name === "google" ? (REPLACED.google ?? name) : name;

// The claim that names one after another lead to, as a policy names it.

/** A claim's name, or a JSON pointer into one; undefined where no token can have it. */
export function claimPath(names: readonly string[]): string | undefined {
	if (names.includes("__proto__") || names.includes("")) return undefined;
	const [name, ...inner] = names;
	if (name === undefined) return undefined;
	if (inner.length === 0 && !name.startsWith("/")) return name;
	return names
		.map((each) => `/${each.replaceAll("~", "~0").replaceAll("/", "~1")}`)
		.join("");
}

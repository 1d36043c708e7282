// Which claim is meant: a plain name, or a JSON pointer into one.

/**
 * The value at `path`; undefined where there is none. What begins with `/` is a JSON pointer
 * (RFC 6901), as in Vault; anything else is a claim's name as it stands.
 */
export function claimAt(
	claims: Readonly<Record<string, unknown>>,
	path: string,
): unknown {
	if (!path.startsWith("/")) return member(claims, path);
	let value: unknown = claims;
	for (const step of stepsOf(path)) value = member(value, step);
	return value;
}

/** The name of the claim in which `path` ends or begins its way. */
export const topClaim = (path: string): string =>
	path.startsWith("/") ? (stepsOf(path)[0] ?? "") : path;

/** The names that a JSON pointer goes by. */
export const stepsOf = (pointer: string) =>
	pointer
		.slice(1)
		.split("/")
		.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** Own members alone: `constructor` is no claim of a token that has none. */
function member(value: unknown, name: string): unknown {
	if (Array.isArray(value)) {
		return /^(0|[1-9]\d{0,8})$/.test(name) ? value[Number(name)] : undefined;
	}
	return typeof value === "object" &&
		value !== null &&
		Object.hasOwn(value, name)
		? (value as Record<string, unknown>)[name]
		: undefined;
}

// What a preset makes of a service's own settings, and how it puts claims together.
import { MockError } from "../errors.js";
import { literally } from "../regexp-literal.js";
import type { TargetConfig } from "../relying-party/target/config.js";
import type { Clause, Condition, Policy } from "../verdict/policy/schema.js";
import type { Service } from "../verdict/service.js";

/** A service as a relying party: how it is asked, what it demands, and what to know about both. */
export interface Preset {
	target: TargetConfig;
	policy: Policy;
	/** `aud` of the tokens */
	audience: string;
	/** which service it is, and what it does whatever its settings say */
	service?: Service;
	/** what could not be followed, or will surprise */
	notes: string[];
}

/** A claim and what it must be. */
export type Bound = readonly [
	path: string,
	condition: Clause | { any: Clause[] },
];

/**
 * Conditions by claim. Several on one claim must all hold.
 * @throws MockError `invalid_option` for a claim that no table can have
 */
export function claimsOf(bounds: readonly Bound[]): Record<string, Condition> {
	const byPath = new Map<string, Bound[1][]>();
	for (const [path, condition] of bounds) {
		if (path === "__proto__")
			throw new MockError("invalid_option", "no claim can be called __proto__");
		byPath.set(path, [...(byPath.get(path) ?? []), condition]);
	}
	return Object.fromEntries(
		[...byPath].map(([path, all]) => [
			path,
			all.length === 1 && all[0] !== undefined ? all[0] : { all },
		]),
	);
}

/**
 * A service's URL without a slash at the end.
 * @param option what it is called where it was given
 * @throws MockError `invalid_option`
 */
export function serviceUrl(url: string, option: string): string {
	const refuse = (reason: string) =>
		new MockError(
			"invalid_option",
			`${option}: ${reason}; expected a URL such as https://service.example.com:8200`,
		);
	if (!URL.canParse(url)) throw refuse("this is no URL");
	const { protocol, username, password, search, hash, origin, pathname } =
		new URL(url);
	if (!/^https?:$/.test(protocol)) throw refuse(`${protocol} is not http(s)`);
	if (username || password) throw refuse("a password has no place in it");
	if (search || hash) throw refuse("it has a query or a fragment");
	return `${origin}${pathname}`.replace(/\/+$/, "");
}

/** An expression for a body that has none of `without` and one of `having`. Texts are taken as they stand. */
export const bodyPattern = (
	having: readonly string[],
	without: readonly string[] = [],
): string => {
	const anyOf = (texts: readonly string[]) => texts.map(literally).join("|");
	const none = without.length > 0 ? `(?![\\s\\S]*(?:${anyOf(without)}))` : "";
	return `^${none}[\\s\\S]*(?:${anyOf(having)})`;
};

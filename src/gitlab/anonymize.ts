// A token's claims without its names: the same shape, types, order and relations, for an issue that everybody reads.
import { literally } from "../regexp-literal.js";
import type { Claims } from "./claims.js";
import { hostOf } from "./issuer.js";

const KEPT_REFS = new Set(["main", "master", "develop"]);

/** What GitLab itself chooses. */
const KEPT = new Set([
	...["ref_type", "ref_protected", "pipeline_source", "job_source"],
	...["user_access_level", "environment_protected", "environment_action"],
	...["deployment_tier", "runner_environment", "project_visibility"],
]);

/** Names that stand for others, each the same one wherever it is. */
function stand(prefix: string) {
	const names = new Map<string, string>();
	return (name: string): string => {
		const known = names.get(name) ?? `${prefix}-${names.size + 1}`;
		names.set(name, known);
		return known;
	};
}

/** The claims with names, addresses, ids and commits replaced; what GitLab itself chooses, such as tiers and roles, stays. */
export function anonymized(claims: Claims): Claims {
	const segment = stand("group");
	const path = (text: string) => text.split("/").map(segment).join("/");
	const ids = new Map<string, number>();
	const number = (value: string) => {
		const known = ids.get(value) ?? 1001 + ids.size;
		ids.set(value, known);
		return known;
	};
	const replaced = new Map<string, string>();
	const put = (value: unknown, by: (text: string) => string) => {
		// A user's own namespace is called as the user: the first name holds for both.
		if (typeof value === "string" && value !== "" && !replaced.has(value))
			replaced.set(value, by(value));
	};
	put(hostOf(String(claims.iss)), () => "gitlab.example.com");
	for (const name of Object.keys(claims)) {
		if (/(^|_)(project|namespace)_path$/.test(name)) put(claims[name], path);
		if (name === "sha" || name === "ci_config_sha")
			put(claims[name], (sha) => String(number(sha)).padStart(sha.length, "0"));
	}
	put(claims.user_email, () => "user-1@example.com");
	put(claims.user_login, () => "user-1");
	put(claims.environment, () => "environment-1");
	if (!KEPT_REFS.has(String(claims.ref))) put(claims.ref, () => "ref-1");
	const audience = stand("https://audience");
	for (const aud of [claims.aud].flat())
		put(aud, (text) => `${audience(text)}.example.com`);
	for (const group of list(claims.groups_direct)) put(group, path);
	for (const identity of list(claims.user_identities)) {
		const { extern_uid } = (identity ?? {}) as { extern_uid?: unknown };
		put(extern_uid, stand("identity"));
	}
	// The longest first: a group's path begins its project's.
	const pairs = [...replaced].sort(([a], [b]) => b.length - a.length);
	const text = (value: string) => replaceAll(value, pairs);
	const made = Object.entries(claims).map(
		([name, value]): [string, unknown] => {
			if (KEPT.has(name) || name === "sub") return [name, value];
			if (name === "jti") return [name, "00000000-0000-4000-8000-000000000000"];
			if (/_id$/.test(name) && value !== "" && value !== null) {
				const id = number(String(value));
				return [name, typeof value === "number" ? id : String(id)];
			}
			return [name, deeply(value, text)];
		},
	);
	const others = Object.fromEntries(made);
	return "sub" in others
		? { ...others, sub: subWith(String(claims.sub), claims, others) }
		: others;
}

/** `sub` with the values that its components have now. */
function subWith(sub: string, before: Claims, after: Claims): string {
	let made = `:${sub}:`;
	for (const name of ["project_path", "project_id", "ref"])
		made = made.replace(
			`:${name}:${String(before[name])}:`,
			() => `:${name}:${String(after[name])}:`,
		);
	return made.slice(1, -1);
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function deeply(value: unknown, text: (value: string) => string): unknown {
	if (typeof value === "string") return text(value);
	if (Array.isArray(value)) return value.map((one) => deeply(one, text));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, member]) => [name, deeply(member, text)]),
	);
}

/** Each text by the one that stands for it, at whole names alone; nothing is replaced twice. */
function replaceAll(
	value: string,
	pairs: readonly (readonly [string, string])[],
): string {
	if (pairs.length === 0) return value;
	const by = new Map(pairs);
	const any = pairs.map(([name]) => literally(name));
	const whole = new RegExp(`(?<![\\w.-])(?:${any.join("|")})(?![\\w-])`, "g");
	return value.replace(whole, (name) => by.get(name) ?? name);
}

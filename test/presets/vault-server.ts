// A JWT login as Vault's plugin makes it, written after path_login.go and claims.go for the tests of the preset.
import type { GitLab } from "../../src/index.js";
import { type Reply, serve, verifierOf } from "./service.js";

type Json = Record<string, unknown>;

export interface VaultServer {
	roles: Record<string, Json>;
	/** of the server that tokens of Vault's must have */
	token?: string;
	namespace?: string;
}

const refuse = (error: string, status = 400): Reply => ({
	status,
	body: { errors: [error] },
});

export const vaultServer = (
	gitlab: GitLab,
	{ roles, token, namespace }: VaultServer,
) =>
	serve(async ({ url = "", headers, method }, body) => {
		if (namespace && headers["x-vault-namespace"] !== namespace) {
			return refuse("permission denied", 403);
		}
		const [, name] = /^\/v1\/auth\/jwt\/role\/([^/]+)$/.exec(url) ?? [];
		if (name !== undefined && method === "GET") {
			if (headers["x-vault-token"] !== token) {
				return refuse("permission denied", 403);
			}
			const data = roles[name];
			return data
				? { status: 200, body: { request_id: "1", lease_id: "", data } }
				: { status: 404, body: { errors: [] } };
		}
		if (url !== "/v1/auth/jwt/login")
			return { status: 404, body: { errors: [] } };
		return login(gitlab, roles, JSON.parse(body));
	});

async function login(
	gitlab: GitLab,
	roles: Record<string, Json>,
	{ role: name, jwt }: { role: string; jwt: string },
): Promise<Reply> {
	const role = roles[name];
	if (!role) return refuse(`role "${name}" could not be found`);
	if (role.role_type === "oidc") {
		return refuse("role with oidc role_type is not allowed");
	}
	const given = Number(role.clock_skew_leeway ?? 0);
	const leeway = given < 0 ? 0 : given === 0 ? 60 : given;
	let claims: Json;
	try {
		claims = await verifierOf(gitlab, leeway)(jwt);
	} catch (error) {
		return refuse(`error validating token: ${String(error)}`);
	}
	if (role.bound_subject && role.bound_subject !== claims.sub) {
		return refuse("error validating token: invalid subject (sub) claim");
	}
	const audiences: unknown[] =
		claims.aud === undefined ? [] : listOf(claims.aud);
	const wanted = listOf(role.bound_audiences ?? []);
	if (wanted.length === 0 && audiences.length > 0) {
		return refuse(
			"audience claim found in JWT but no audiences bound to the role",
		);
	}
	if (!wanted.some((aud) => audiences.includes(aud))) {
		return refuse("error validating token: invalid audience (aud) claim");
	}
	const fault = boundFault(role, claims) ?? identityFault(role, claims);
	if (fault !== undefined) return refuse(fault);
	return {
		status: 200,
		body: {
			auth: { client_token: "hvs.test", policies: ["default"] },
			data: null,
		},
	};
}

function boundFault(role: Json, claims: Json): string | undefined {
	for (const [path, bound] of Object.entries(
		(role.bound_claims ?? {}) as Json,
	)) {
		const actual = getClaim(claims, path);
		if (actual === undefined || actual === null)
			return `claim "${path}" is missing`;
		if (typeof actual === "object" && !Array.isArray(actual)) {
			return "received claim is not a string, bool, int or list";
		}
		let found = false;
		for (const expected of listOf(bound)) {
			for (const one of listOf(actual)) {
				if (role.bound_claims_type === "glob") {
					if (typeof one === "string" && goGlob(String(expected), one))
						found = true;
				} else if (typeof expected === "number") {
					if (!Array.isArray(actual) && one === expected) found = true;
				} else if (one === expected) {
					found = true;
				}
			}
		}
		if (!found) {
			return `error validating claims: claim "${path}" does not match any associated bound claim values`;
		}
	}
	return undefined;
}

function identityFault(role: Json, claims: Json): string | undefined {
	const name = String(role.user_claim);
	const user = role.user_claim_json_pointer
		? getClaim(claims, name)
		: claims[name];
	if (user === undefined || user === null)
		return `claim "${name}" not found in token`;
	if (typeof user !== "string")
		return `claim "${name}" could not be converted to string`;
	for (const source of Object.keys((role.claim_mappings ?? {}) as Json)) {
		const value = getClaim(claims, source) ?? null;
		if (value !== null && typeof value !== "string") {
			return `error converting claim '${source}' to string`;
		}
	}
	if (!role.groups_claim) return undefined;
	const groups = getClaim(claims, String(role.groups_claim)) ?? null;
	if (groups === null) return `"${role.groups_claim}" claim not found in token`;
	return listOf(groups).every((group) => typeof group === "string")
		? undefined
		: "value in groups claim could not be parsed as string";
}

/** ryanuber/go-glob, by its definition: what stands between the stars follows in this order. */
function goGlob(pattern: string, subject: string): boolean {
	const parts = pattern.split("*");
	if (parts.length === 1) return subject === pattern;
	const first = parts.shift() ?? "";
	const last = parts.pop() ?? "";
	if (!subject.startsWith(first)) return false;
	let rest = subject.slice(first.length);
	for (const part of parts) {
		const at = rest.indexOf(part);
		if (at < 0) return false;
		rest = rest.slice(at + part.length);
	}
	return rest.endsWith(last);
}

function getClaim(claims: Json, path: string): unknown {
	if (!path.startsWith("/")) return claims[path];
	let value: unknown = claims;
	for (const part of path.slice(1).split("/")) {
		value = (value as Json | undefined | null)?.[
			part.replace(/~1/g, "/").replace(/~0/g, "~")
		];
	}
	return value;
}

const listOf = (value: unknown): unknown[] =>
	Array.isArray(value) ? value : [value];

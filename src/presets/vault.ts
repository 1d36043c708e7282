// HashiCorp Vault's and OpenBao's JWT method as a relying party: a role as a policy, a login as a target.
import { MockError } from "../errors.js";
import { letsEverythingIn } from "../verdict/policy/judge.js";
import type { Policy } from "../verdict/policy/schema.js";
import {
	type Bound,
	bodyPattern,
	claimsOf,
	type Preset,
	serviceUrl,
} from "./preset.js";
import { mountPath, namespaceHeader, roleName } from "./vault-address.js";
import { readRole, unknownFields, type VaultRole } from "./vault-role.js";
import { vaultWays } from "./vault-ways.js";

export interface VaultOptions {
	/** of the server, without `/v1` */
	url: string;
	role: string;
	/** the path of the method; default `jwt` */
	mount?: string | undefined;
	/** the role, in any of the forms of {@link readRole}; without it the policy is not known */
	roleJson?: unknown;
	/** Vault Enterprise and OpenBao */
	namespace?: string | undefined;
}

const NAME = "Vault";
const CLOCK_SKEW = 60; // seconds: go-jose's default, where the role says 0
const CLAIM_LEEWAY = 150; // seconds: hashicorp/cap, jwt.DefaultLeewaySeconds
const LONGEST_LEEWAY = 86_400; // seconds

// hashicorp/cap, jwt/algs.go: all of them unless the mount's jwt_supported_algs says otherwise.
const ALGORITHMS = [
	...["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
	...["PS256", "PS384", "PS512", "EdDSA"],
];

// 400s that are about the set-up, whatever the token: path_login.go, and Vault's core without such a mount.
const BROKEN_SET_UP = [
	...["could not be found", "could not load configuration", "missing role"],
	...[
		"role with oidc role_type",
		"missing client token",
		"no handler for route",
	],
];

/**
 * The preset for a role of Vault's or OpenBao's JWT method.
 *
 * As hashicorp/vault-plugin-auth-jwt (path_login.go, claims.go, path_role.go) and hashicorp/cap
 * (jwt/jwt.go) have it: bound claims are compared by type, so that `true` is not `"true"`; of a list
 * one entry is enough; a number fits a number that is no list's entry; `glob` compares texts alone;
 * `user_claim` must be a text, mapped claims texts or missing, each entry of `groups_claim` a text.
 * Leeway for exp, nbf and iat is `clock_skew_leeway` alone: the two others only stand in for an exp
 * or nbf that a token lacks.
 *
 * A login answers 200 with a client token, or 400 (403 for a disabled entity) with errors. Anything
 * else is a broken set-up: 404 without such a path, 429, 500, 503 while it is sealed, 200 while it
 * asks for a second factor, and a 400 that has nothing to do with the token.
 * @throws MockError `invalid_option` where an option or the role cannot be followed
 */
export function vaultPreset(options: VaultOptions): Preset {
	const { role, namespace } = options;
	const base = `${serviceUrl(options.url, "Vault URL")}/v1/auth/${mountPath(options.mount)}`;
	const target = {
		http: {
			url: `${base}/login`,
			method: "POST" as const,
			...(namespace && { headers: namespaceHeader(namespace) }),
			json: { role: roleName(role), jwt: "{token}" },
			accepted: [200],
			accepted_body: '"client_token"\\s*:\\s*"[^"]',
			rejected: [400, 403],
			rejected_body: bodyPattern(['"errors"'], BROKEN_SET_UP),
		},
	};
	if (options.roleJson === undefined || options.roleJson === null) {
		const notes = [
			`The role ${role} was not read: what it demands of claims is not known, and neither is its audience. Give its JSON, or a Vault token that may read it.`,
		];
		const service = { name: NAME, ways: vaultWays(CLAIM_LEEWAY, false) };
		return {
			target,
			policy: {},
			audience: new URL(base).origin,
			service,
			notes,
		};
	}
	const read = readRole(options.roleJson);
	const [audience = new URL(base).origin] = read.bound_audiences ?? [];
	const policy = policyOf(read);
	const service = {
		name: NAME,
		ways: vaultWays(ownGraceOf(read), letsEverythingIn(policy)),
		settings: `the role ${role}`,
	};
	return { target, policy, audience, service, notes: notesOn(read) };
}

const ANY_TEXT = { glob: "*", list: "never" } as const;

function policyOf(role: VaultRole): Policy {
	const isGlob = role.bound_claims_type === "glob";
	const bounds: Bound[] = [];
	for (const [path, bound] of Object.entries(role.bound_claims ?? {})) {
		const values = Array.isArray(bound) ? bound : [bound];
		bounds.push([path, isGlob ? globOf(path, values) : valuesOf(values)]);
	}
	if (role.bound_subject) {
		bounds.push(["sub", { equals: role.bound_subject, list: "never" }]);
	}
	bounds.push([userClaimPath(role), ANY_TEXT]);
	for (const path of Object.keys(role.claim_mappings ?? {})) {
		bounds.push([path, { ...ANY_TEXT, missing: "ok" }]);
	}
	if (role.groups_claim) {
		bounds.push([role.groups_claim, { every: ANY_TEXT }]);
	}
	for (const [path] of bounds) checkPointer(path);
	return {
		claims: claimsOf(bounds),
		leeway: leewayIn(role.clock_skew_leeway, CLOCK_SKEW, "clock_skew_leeway"),
		algorithms: ALGORITHMS,
	};
}

/** Without its flag a user claim that looks like a pointer is a claim of that name. */
function userClaimPath({ user_claim: name, ...role }: VaultRole): string {
	const isName = name.startsWith("/") && !role.user_claim_json_pointer;
	return isName ? `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}` : name;
}

/** In a pointer of Go's library many spellings lead to one entry of a list; here only its number does. */
function checkPointer(path: string): void {
	const [, first, ...segments] = path.startsWith("/") ? path.split("/") : [];
	const odd = segments.find((one) => /^$|^[+-]|^0[\dxXoObB_]/.test(one));
	if (odd === undefined) return;
	throw new MockError(
		"invalid_option",
		`Vault role: the JSON pointer ${path.slice(0, 80)} names an entry of ${first} as "${odd.slice(0, 20)}": write its number, such as /${first}/0`,
	);
}

function globOf(path: string, values: readonly unknown[]): Bound[1] {
	const texts = values.filter((value) => typeof value === "string");
	if (texts.length === values.length) return { glob: texts };
	throw new MockError(
		"invalid_option",
		`Vault role: bound_claims.${path}: with bound_claims_type glob Vault takes texts alone`,
	);
}

/** claims.go: a number is made comparable where it is the claim, not where it is an entry of a list. */
function valuesOf(values: (string | number | boolean)[]): Bound[1] {
	const numbers = values.filter((value) => typeof value === "number");
	const others = values.filter((value) => typeof value !== "number");
	if (numbers.length === 0) return { equals: others };
	const ofNumbers = { equals: numbers, list: "never" } as const;
	return others.length === 0
		? ofNumbers
		: { any: [{ equals: others }, ofNumbers] };
}

/** 0 or nothing means the default, less than 0 none. */
function leewayIn(given: number | undefined, usual: number, field: string) {
	const seconds = given ? Math.max(0, given) : usual;
	if (seconds <= LONGEST_LEEWAY) return seconds;
	throw new MockError(
		"invalid_option",
		`Vault role: ${field} is ${seconds} s; more than a day makes the times of a token meaningless`,
	);
}

/** Seconds for which a token without `exp` is taken after its `iat` or `nbf`: both leeways count. */
const graceOf = (role: VaultRole): number =>
	leewayIn(role.expiration_leeway, CLAIM_LEEWAY, "expiration_leeway") +
	leewayIn(role.clock_skew_leeway, CLOCK_SKEW, "clock_skew_leeway");

/** The same where it is Vault's: a longer one is what the role says, and its owner's to change. */
const ownGraceOf = (role: VaultRole): number => {
	const grace = graceOf(role);
	return grace > CLAIM_LEEWAY + CLOCK_SKEW ? 0 : grace;
};

function notesOn(role: VaultRole): string[] {
	const notes: string[] = [];
	const audiences = role.bound_audiences ?? [];
	if (role.role_type === "oidc") {
		notes.push(
			"role_type is oidc: such a role lets nobody log in with a token. Use a role with role_type jwt.",
		);
	} else if (!role.role_type) {
		notes.push(
			"role_type is not given, and is taken as jwt; for a new role Vault's default is oidc.",
		);
	}
	if (audiences.length === 0) {
		notes.push(
			"bound_audiences is empty: since 1.17 Vault lets no token in that has an aud, and before that any aud would do. Bind the audience.",
		);
	} else if (audiences.length > 1) {
		notes.push(
			`bound_audiences has ${audiences.length} entries: the tokens are made for the first.`,
		);
	}
	const cidrs = [
		...(role.token_bound_cidrs ?? []),
		...(role.bound_cidrs ?? []),
	];
	if (cidrs.length > 0) {
		notes.push(
			"token_bound_cidrs is set: from another address Vault refuses every token with 403, which is not about the token.",
		);
	}
	for (const field of unknownFields(role)) {
		notes.push(
			`The role has a field that is not known here, ${field.slice(0, 60)}: if it restricts who logs in, that is not followed.`,
		);
	}
	const grace = graceOf(role);
	if (grace > 0) {
		notes.push(
			`Vault takes a token without exp for ${grace} s after its iat or nbf: expiration_leeway and clock_skew_leeway together, each off with -1.`,
		);
	}
	notes.push(
		"The mount's own settings, such as bound_issuer and jwt_supported_algs, are not read: every algorithm that Vault can verify is tolerated.",
	);
	return notes;
}

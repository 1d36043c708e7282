// GitLab's OpenID Connect discovery document, member by member in GitLab's order.
import { type DocumentArriving, documentHas } from "./document-history.js";

/** Where GitLab serves its documents, below the instance's URL. */
export const PATHS = {
	discovery: "/.well-known/openid-configuration",
	authorizationServer: "/.well-known/oauth-authorization-server",
	webfinger: "/.well-known/webfinger",
	keys: "/oauth/discovery/keys",
} as const;

/** What stands behind both documents' paths for clients of the MCP server, which ask by the resource's path. */
export const MCP_PATH = "/api/v4/mcp";

/** Where the keys were beside, in versions with CI_JOB_JWT. */
export const OLD_KEYS_PATH = "/-/jwks";

/** Names in GitLab's order; those in a list came with what is named first. */
type Names = readonly (string | readonly [DocumentArriving, string])[];

const SCOPES: Names = [
	"api read_api read_user",
	["create_runner", "create_runner"],
	["manage_runner", "manage_runner"],
	["k8s_proxy", "k8s_proxy"],
	["self_rotate", "self_rotate"],
	["mcp", "mcp"],
	["mcp_orbit", "mcp_orbit"],
	"read_repository write_repository read_registry write_registry",
	["virtual_registry", "read_virtual_registry write_virtual_registry"],
	"read_observability write_observability",
	["ai_features", "ai_features"],
	"sudo",
	["admin_mode", "admin_mode"],
	["read_service_ping", "read_service_ping"],
	"openid profile email",
	["dynamic_scopes", "ai_workflows user:*"],
];

const CLAIMS: Names = [
	"iss sub aud exp iat sub_legacy name nickname preferred_username",
	["given_name", "given_name family_name"],
	"email email_verified website profile picture groups groups_direct https://gitlab.org/claims/groups/owner https://gitlab.org/claims/groups/maintainer https://gitlab.org/claims/groups/developer",
	[
		"claims_of_jobs",
		"project_path ci_config_ref_uri ref_path sha environment jti",
	],
];

const namesIn = (version: string, names: Names): string[] =>
	names.flatMap((entry) => {
		const [came, text] = typeof entry === "string" ? [undefined, entry] : entry;
		return came && !documentHas(version, came) ? [] : text.split(" ");
	});

function grantsIn(version: string): string[] {
	return [
		"authorization_code",
		...(documentHas(version, "no_password") ? [] : ["password"]),
		"client_credentials",
		...(documentHas(version, "device_code") ? ["device_code"] : []),
		"refresh_token",
	];
}

/**
 * The discovery document of the GitLab at `issuer`.
 * @param issuer the instance's URL without a trailing slash, such as `https://gitlab.example.com/gitlab`
 * @param version the GitLab: what it offers came over time
 */
export function discoveryDocument(issuer: string, version: string) {
	return {
		issuer,
		authorization_endpoint: `${issuer}/oauth/authorize`,
		token_endpoint: `${issuer}/oauth/token`,
		revocation_endpoint: `${issuer}/oauth/revoke`,
		introspection_endpoint: `${issuer}/oauth/introspect`,
		userinfo_endpoint: `${issuer}/oauth/userinfo`,
		jwks_uri: `${issuer}${PATHS.keys}`,
		scopes_supported: namesIn(version, SCOPES),
		response_types_supported: ["code"],
		response_modes_supported: ["query", "fragment", "form_post"],
		grant_types_supported: grantsIn(version),
		token_endpoint_auth_methods_supported: [
			"client_secret_basic",
			"client_secret_post",
		],
		subject_types_supported: ["public"],
		id_token_signing_alg_values_supported: ["RS256"],
		claim_types_supported: ["normal"],
		claims_supported: namesIn(version, CLAIMS),
		code_challenge_methods_supported: ["plain", "S256"],
	};
}

/** The same for OAuth clients: where they register, too. */
export function authorizationServerDocument(issuer: string, version: string) {
	return {
		...discoveryDocument(issuer, version),
		...(documentHas(version, "registration") && {
			registration_endpoint: `${issuer}/oauth/register`,
		}),
	};
}

/** GitLab's answer to a webfinger request for `resource`. */
export function webfingerDocument(
	issuer: string,
	resource: string,
	version: string,
) {
	const href = documentHas(version, "webfinger_issuer") ? issuer : `${issuer}/`;
	return {
		subject: resource,
		links: [{ rel: "http://openid.net/specs/connect/1.0/issuer", href }],
	};
}

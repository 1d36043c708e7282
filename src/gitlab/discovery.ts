// GitLab's OpenID Connect discovery document, member by member in GitLab's order.

/** Where GitLab serves its documents, below the instance's URL. */
export const PATHS = {
	discovery: "/.well-known/openid-configuration",
	authorizationServer: "/.well-known/oauth-authorization-server",
	webfinger: "/.well-known/webfinger",
	keys: "/oauth/discovery/keys",
} as const;

const SCOPES =
	"api read_api read_user create_runner manage_runner k8s_proxy self_rotate mcp read_repository write_repository read_registry write_registry read_virtual_registry write_virtual_registry read_observability write_observability ai_features sudo admin_mode read_service_ping openid profile email ai_workflows user:*";

const CLAIMS =
	"iss sub aud exp iat sub_legacy name nickname preferred_username email email_verified website profile picture groups groups_direct https://gitlab.org/claims/groups/owner https://gitlab.org/claims/groups/maintainer https://gitlab.org/claims/groups/developer";

/**
 * The discovery document of the GitLab at `issuer`.
 * @param issuer the instance's URL without a trailing slash, such as `https://gitlab.example.com/gitlab`
 */
export function discoveryDocument(issuer: string) {
	return {
		issuer,
		authorization_endpoint: `${issuer}/oauth/authorize`,
		token_endpoint: `${issuer}/oauth/token`,
		revocation_endpoint: `${issuer}/oauth/revoke`,
		introspection_endpoint: `${issuer}/oauth/introspect`,
		userinfo_endpoint: `${issuer}/oauth/userinfo`,
		jwks_uri: `${issuer}${PATHS.keys}`,
		scopes_supported: SCOPES.split(" "),
		response_types_supported: ["code"],
		response_modes_supported: ["query", "fragment", "form_post"],
		grant_types_supported: [
			"authorization_code",
			"password",
			"client_credentials",
			"device_code",
			"refresh_token",
		],
		token_endpoint_auth_methods_supported: [
			"client_secret_basic",
			"client_secret_post",
		],
		subject_types_supported: ["public"],
		id_token_signing_alg_values_supported: ["RS256"],
		claim_types_supported: ["normal"],
		claims_supported: CLAIMS.split(" "),
		code_challenge_methods_supported: ["plain", "S256"],
	};
}

/** GitLab's answer to a webfinger request for `resource`. */
export function webfingerDocument(issuer: string, resource: string) {
	return {
		subject: resource,
		links: [
			{ rel: "http://openid.net/specs/connect/1.0/issuer", href: issuer },
		],
	};
}

// Where a role of Vault's is: its mount, its name, its namespace.
import { MockError } from "../errors.js";

/**
 * The path of a role's mount below `/v1/auth/`.
 * @throws MockError `invalid_option`
 */
export function mountPath(mount = "jwt"): string {
	const path = mount.replace(/^\/+|\/+$/g, "");
	const segments = path.split("/");
	if (segments.every((segment) => /^(?!\.+$)[\w.~ -]+$/.test(segment))) {
		return segments.map(encodeURIComponent).join("/");
	}
	throw new MockError(
		"invalid_option",
		"Vault mount: expected the path that `vault auth list` shows, such as jwt or ci/gitlab",
	);
}

/**
 * A role's name, by the rule of Vault's framework.GenericNameRegex.
 * @throws MockError `invalid_option`
 */
export function roleName(role: string): string {
	if (/^\w(?:[\w.-]*\w)?$/.test(role)) return role;
	throw new MockError(
		"invalid_option",
		"Vault role: a name has letters, digits, _, and inside also - and .",
	);
}

/** @throws MockError `invalid_option` */
export function namespaceHeader(namespace: string): Record<string, string> {
	if (/^[\w./~ -]+$/.test(namespace)) {
		return { "X-Vault-Namespace": namespace };
	}
	throw new MockError(
		"invalid_option",
		"Vault namespace: expected a path such as admin/team",
	);
}

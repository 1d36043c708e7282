// Asks Vault or OpenBao for a role's settings.
import { MockError, messageOf } from "../errors.js";
import { serviceUrl } from "./preset.js";
import { mountPath, namespaceHeader, roleName } from "./vault-address.js";
import { parseRole } from "./vault-role.js";

export interface VaultAccess {
	url: string;
	role: string;
	/** default `jwt` */
	mount?: string | undefined;
	namespace?: string | undefined;
	/** a Vault token that may read the role */
	token: string;
	/** default the global one */
	fetch?: typeof fetch | undefined;
}

const TIMEOUT = 10_000; // ms
const LARGEST = 1_048_576; // characters

/**
 * The role as the server has it, for `roleJson` of the preset.
 * @throws MockError `invalid_option`; `unreachable`; `unauthorized` where the token does not do; `not_found`
 */
export async function readVaultRole(access: VaultAccess): Promise<unknown> {
	const { token, namespace, fetch: ask = fetch } = access;
	const name = roleName(access.role);
	const place = `${serviceUrl(access.url, "Vault URL")}/v1/auth/${mountPath(access.mount)}/role/${name}`;
	if (!/^[\x21-\x7e]+$/.test(token)) {
		throw new MockError(
			"invalid_option",
			"the Vault token is empty, or has characters that no token has: look at VAULT_TOKEN",
		);
	}
	let response: Response;
	let text: string;
	try {
		response = await ask(place, {
			headers: {
				"X-Vault-Token": token,
				...(namespace && namespaceHeader(namespace)),
			},
			// fetch would carry the Vault token to wherever it is sent.
			redirect: "manual",
			signal: AbortSignal.timeout(TIMEOUT),
		});
		text = await response.text();
	} catch (error) {
		throw new MockError(
			"unreachable",
			`no answer from ${place}: ${messageOf(error).replaceAll(token, "…")}`,
			{ cause: error },
		);
	}
	if (response.status !== 200) throw refusal(response, place);
	const role = text.length <= LARGEST ? parsed(text) : undefined;
	if (role !== undefined) return role;
	throw new MockError(
		"unreachable",
		`${place} answered with something that is no role in JSON: is this Vault?`,
	);
}

function refusal({ status }: Response, place: string): MockError {
	if (status === 404) {
		return new MockError(
			"not_found",
			`there is no role at ${place}: see \`vault list auth/MOUNT/role\` and \`vault auth list\``,
		);
	}
	if (status === 401 || status === 403) {
		return new MockError(
			"unauthorized",
			`${place} answered ${status}: the Vault token is not valid, its policy does not allow to read the role, or there is no such mount; \`vault token capabilities\` tells`,
		);
	}
	const reason =
		status >= 300 && status < 400
			? "a redirect: give the URL of the active node"
			: status === 503
				? "it is sealed or in maintenance"
				: "look at the server's log";
	return new MockError("unreachable", `${place} answered ${status}: ${reason}`);
}

function parsed(text: string): unknown {
	try {
		const value = parseRole(text);
		return typeof value === "object" && value !== null ? value : undefined;
	} catch (error) {
		if (error instanceof MockError) throw error;
		return undefined;
	}
}

// The token endpoint of Google's Security Token Service, written after its documentation for the tests of the preset.
import type { GitLab } from "../../src/index.js";
import { FAILS, oracle } from "./cel-oracle.js";
import { type Reply, serve, verifierOf } from "./service.js";

type Json = Record<string, unknown>;

export interface PoolProvider {
	name: string;
	audiences: string[];
	/** CEL by attribute */
	mapping: Record<string, string>;
	/** CEL */
	condition?: string | undefined;
}

const refuse = (
	error: string,
	error_description: string,
	status = 400,
): Reply => ({
	status,
	body: { error, error_description },
});

export const gcpServer = (gitlab: GitLab, provider: PoolProvider) => {
	const mapping = Object.entries(provider.mapping).map(
		([target, source]) => [target, oracle(source)] as const,
	);
	const condition = oracle(provider.condition ?? "true");
	return serve(async (request, body) => {
		const form = new URLSearchParams(body);
		const isExchange =
			form.get("grant_type") ===
				"urn:ietf:params:oauth:grant-type:token-exchange" &&
			form.get("subject_token_type") === "urn:ietf:params:oauth:token-type:jwt";
		if (request.url !== "/v1/token" || !isExchange) {
			return refuse("unsupported_grant_type", "Unsupported grant type");
		}
		if (form.get("audience") !== `//iam.googleapis.com/${provider.name}`) {
			return refuse(
				"invalid_target",
				'The target service indicated by the "audience" parameters is invalid.',
			);
		}
		let assertion: Json;
		try {
			assertion = await verifierOf(gitlab, 0)(form.get("subject_token") ?? "");
		} catch (fault) {
			return refuse(
				"invalid_grant",
				`ID Token issued at is stale to sign-in: ${String(fault)}`,
			);
		}
		if (
			![assertion.aud]
				.flat()
				.some((aud) => provider.audiences.includes(String(aud)))
		) {
			return refuse(
				"invalid_grant",
				"The audience in ID Token does not match the expected audience.",
			);
		}
		const groups: Record<string, Json> = { google: {}, attribute: {} };
		for (const [target, evaluate] of mapping) {
			const value = evaluate({ assertion });
			const isRight =
				target === "google.groups"
					? [value].flat().every((group) => typeof group === "string")
					: typeof value === "string";
			if (value === FAILS || !isRight) {
				return refuse(
					"unauthorized_client",
					`The mapped attribute '${target}' must be of type STRING.`,
				);
			}
			const [root = "", name = ""] = target.split(".");
			Object.assign(groups[root] ?? {}, { [name]: value });
		}
		if (Buffer.byteLength(String(groups.google?.subject)) > 127) {
			return refuse(
				"invalid_request",
				"The size of mapped attribute google.subject exceeds the 127 bytes limit.",
			);
		}
		if (condition({ assertion, ...groups }) !== true) {
			return refuse(
				"unauthorized_client",
				"The given credential is rejected by the attribute condition.",
			);
		}
		return {
			status: 200,
			body: {
				access_token: "ya29.test",
				token_type: "Bearer",
				expires_in: 3599,
			},
		};
	});
};

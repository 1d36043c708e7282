// The token endpoint of Google's Security Token Service, written after its documentation for the tests of the preset.
import type { GitLab } from "../../src/index.js";
import { type Reply, serve, verifierOf } from "./service.js";

type Json = Record<string, unknown>;

export interface PoolProvider {
	name: string;
	audiences: string[];
	/** claims by attribute */
	mapping: Record<string, string>;
	/** the condition in code; throws where CEL's evaluation would fail */
	condition?: (assertion: Json, attribute: Json) => boolean;
}

const refuse = (
	error: string,
	error_description: string,
	status = 400,
): Reply => ({
	status,
	body: { error, error_description },
});

export const gcpServer = (gitlab: GitLab, provider: PoolProvider) =>
	serve(async (request, body) => {
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
		const attribute: Json = {};
		for (const [target, claim] of Object.entries(provider.mapping)) {
			const value = assertion[claim] ?? undefined;
			if (value === undefined && target !== "google.subject") continue;
			const isRight =
				target === "google.groups"
					? [value].flat().every((group) => typeof group === "string")
					: typeof value === "string";
			if (!isRight) {
				return refuse(
					"unauthorized_client",
					`The mapped attribute '${target}' must be of type STRING.`,
				);
			}
			attribute[target] = value;
		}
		if (Buffer.byteLength(String(attribute["google.subject"])) > 127) {
			return refuse(
				"invalid_request",
				"The size of mapped attribute google.subject exceeds the 127 bytes limit.",
			);
		}
		if (!isMet(provider, assertion, attribute)) {
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

function isMet(
	{ condition }: PoolProvider,
	assertion: Json,
	attribute: Json,
): boolean {
	try {
		return condition ? condition(assertion, attribute) : true;
	} catch {
		return false;
	}
}

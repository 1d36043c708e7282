// The token endpoint of Microsoft Entra, written after its documentation for the tests of the preset.
import type { GitLab } from "../../src/index.js";
import { type Reply, serve, verifierOf } from "./service.js";

type Json = Record<string, unknown>;

export interface Registration {
	tenant: string;
	clientId: string;
	issuer: string;
	audience: string;
	/** the subject, or the expression in code */
	subject: string | ((claims: Json) => boolean);
}

const refuse = (
	code: number,
	text: string,
	error = "invalid_client",
	status = 401,
): Reply => ({
	status,
	body: {
		error,
		error_description: `AADSTS${code}: ${text} Trace ID: 0000 Correlation ID: 0000 Timestamp: 2026-11-01 00:00:00Z`,
		error_codes: [code],
		error_uri: `https://login.microsoftonline.com/error?code=${code}`,
	},
});

const MISSING = "No matching federated identity record found for presented";

export const azureServer = (gitlab: GitLab, known: Registration) =>
	serve(async (request, body) => {
		const form = new URLSearchParams(body);
		if (request.url !== `/${known.tenant}/oauth2/v2.0/token`) {
			return refuse(90002, "Tenant not found.", "invalid_request", 400);
		}
		if (form.get("client_id") !== known.clientId) {
			return refuse(700016, "No such app.", "unauthorized_client", 400);
		}
		if (
			form.get("grant_type") !== "client_credentials" ||
			form.get("client_assertion_type") !==
				"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
		) {
			return refuse(7000216, "'client_assertion' …", "invalid_request", 400);
		}
		if (!form.get("scope")?.endsWith("/.default")) {
			return refuse(1002012, "The scope is not valid.", "invalid_scope", 400);
		}
		let claims: Json;
		try {
			claims = await verifierOf(gitlab, 0)(form.get("client_assertion") ?? "");
		} catch (fault) {
			return /"(?:exp|nbf)"/.test(String(fault))
				? refuse(700024, "Client assertion is not within its valid time range.")
				: refuse(50027, "Invalid JWT token.", "invalid_request", 400);
		}
		if (claims.iss !== known.issuer) {
			return refuse(700211, `${MISSING} assertion issuer.`);
		}
		if (![claims.aud].flat().includes(known.audience)) {
			return refuse(700212, `${MISSING} assertion audience.`);
		}
		if (Number(claims.exp) - Number(claims.iat ?? 0) > 90_000) {
			const text =
				"External OIDC Provider token must have a lifetime of less than or equal to 1.01:00:00.";
			return refuse(70023, text, "invalid_request", 400);
		}
		const { subject } = known;
		const matches =
			typeof subject === "string" ? claims.sub === subject : subject(claims);
		if (!matches) {
			return typeof subject === "string"
				? refuse(700213, `${MISSING} assertion subject.`)
				: refuse(7002131, `${MISSING} assertion subject or … expression.`);
		}
		return {
			status: 200,
			body: { token_type: "Bearer", expires_in: 3599, access_token: "eyJ0" },
		};
	});

// Google's Workload Identity Federation as a relying party: a provider's mapping and condition as a policy.

import { MockError } from "../errors.js";
import type { Expression } from "../verdict/policy/expression.js";
import { loadCel } from "./cel.js";
import { readMapping } from "./gcp-mapping.js";
import { gcpExpression } from "./gcp-policy.js";
import { bodyPattern, type Preset, serviceUrl } from "./preset.js";

export interface GcpOptions {
	/** of the Security Token Service; default `https://sts.googleapis.com` */
	url?: string | undefined;
	/** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
	provider: string;
	/** as for `--attribute-mapping`: `google.subject=assertion.sub,…`, or the object that `gcloud … describe` prints */
	mapping: string | Readonly<Record<string, string>>;
	/** as for `--attribute-condition` */
	condition?: string | undefined;
	/** as for `--allowed-audiences` */
	allowedAudiences?: readonly string[] | undefined;
}

const PROVIDER =
	/^projects\/[a-z\d:.-]+\/locations\/global\/workloadIdentityPools\/[a-z\d-]+\/providers\/[a-z\d-]+$/;

/**
 * The preset for the token endpoint of Google's Security Token Service.
 *
 * Sources: STS REST reference, method token; IAM REST reference, workloadIdentityPools.providers
 * (attributeMapping, attributeCondition, oidc.allowedAudiences); GitLab's page on GCP Secret Manager
 * for the answer to a long subject. 200 with an access token is accepted. 400, 401 and 403 with an
 * OAuth error are rejected (unauthorized_client from the condition, invalid_request for a subject of
 * more than 127 bytes, invalid_grant for the token itself); invalid_target and a wrong audience
 * parameter are a broken set-up, and so is any other status.
 * @throws MockError `invalid_option` where a setting cannot be followed
 */
export async function gcpPreset(options: GcpOptions): Promise<Preset> {
	const { url = "https://sts.googleapis.com", condition } = options;
	const provider = options.provider.replace(
		/^(?:https:)?\/\/iam\.googleapis\.com\//,
		"",
	);
	if (!PROVIDER.test(provider)) {
		throw new MockError(
			"invalid_option",
			"GCP provider: expected projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, as `gcloud iam workload-identity-pools providers describe` prints it under name",
		);
	}
	const [own, cel] = await Promise.all([
		loadCel(["assertion"], "google"),
		loadCel(["assertion", "attribute", "google"], "google"),
	]);
	const mapping = readMapping(options.mapping, own);
	const expression = gcpExpression(mapping, condition, cel);
	const name = `//iam.googleapis.com/${provider}`;
	const [audience = `https:${name}`] = options.allowedAudiences ?? [];
	return {
		target: {
			http: {
				url: `${serviceUrl(url, "GCP URL")}/v1/token`,
				method: "POST",
				form: {
					grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
					audience: name,
					scope: "https://www.googleapis.com/auth/cloud-platform",
					requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
					subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
					subject_token: "{token}",
				},
				accepted: [200],
				accepted_body: bodyPattern(['"access_token"']),
				rejected: [400, 401, 403],
				rejected_body: bodyPattern(
					['"error"'],
					['"invalid_target"', 'Invalid value for \\"audience\\"'],
				),
			},
		},
		policy: { algorithms: ["RS256", "ES256"], expression },
		audience,
		notes: notesOn(expression, condition, options.allowedAudiences ?? []),
	};
}

function notesOn(
	{ parts }: Expression,
	condition: string | undefined,
	audiences: readonly string[],
): string[] {
	const notes = [
		"Google looks for the issuer's keys on the internet, unless the provider has them from --jwk-json-path.",
		"Google refuses a token that lives for 24 hours or more: valid/lifetime-of-a-long-job is reported, and it is Google's way.",
	];
	if (!condition?.trim()) {
		notes.push(
			"There is no attribute condition: every job of every project gets a token, and only the bindings of service accounts stand behind it.",
		);
	}
	if (audiences.length > 1) {
		notes.push(
			`There are ${audiences.length} allowed audiences: the tokens are made for the first.`,
		);
	}
	const uncertain = parts.flatMap(({ reads, wants }) =>
		/^(?:attribute|google)\.\w+ = /.test(wants)
			? reads.filter((claim) => !ALWAYS.has(claim))
			: [],
	);
	if (uncertain.length > 0) {
		notes.push(
			`Not every token of GitLab has ${[...new Set(uncertain)].join(", ")}, which the mapping asks for: CEL's evaluation fails without it, and with that the token is taken to be refused.`,
		);
	}
	return notes;
}

// GitLab: ID token authentication, token payload: what every job's token has since 16.9.
const ALWAYS: ReadonlySet<string> = new Set([
	...["project_id", "project_path", "namespace_id", "namespace_path"],
	...["user_id", "user_login", "user_email", "pipeline_id", "pipeline_source"],
	...["job_id", "ref", "ref_type", "ref_path", "ref_protected", "sha"],
	...["project_visibility", "jti", "iss", "sub", "aud"],
]);

// Google's Workload Identity Federation as a relying party: a provider's mapping and condition as a policy.

import { z } from "zod";
import { MockError } from "../errors.js";
import { celBounds, claimPath } from "./cel.js";
import { readGiven } from "./given-json.js";
import {
	type Bound,
	bodyPattern,
	claimsOf,
	type Preset,
	serviceUrl,
} from "./preset.js";

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
const LONGEST_SUBJECT = 127; // bytes

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
export function gcpPreset(options: GcpOptions): Preset {
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
	const mapping = mappingOf(options.mapping);
	const bounds = [...mapping].map(
		([attribute, claim]): Bound => [claim, mappedClause(attribute)],
	);
	if (condition !== undefined && condition.trim() !== "") {
		bounds.push(...celBounds(condition, (name) => mapping.get(name)));
	}
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
		policy: {
			claims: claimsOf(bounds),
			algorithms: ["RS256", "ES256"],
		},
		audience,
		notes: notesOn(mapping, condition, options.allowedAudiences ?? []),
	};
}

const ATTRIBUTE = /^(?:google\.(?:subject|groups)|attribute\.[a-z\d_]{1,100})$/;
const CLAIM = /^assertion(?:\.([A-Za-z_]\w*)|\[(?:'([^'\\]+)'|"([^"\\]+)")\])$/;

/** The claim of each attribute. */
function mappingOf(given: GcpOptions["mapping"]): Map<string, string> {
	const refuse = (message: string) =>
		new MockError("invalid_option", `GCP attribute mapping: ${message}`);
	const entries =
		typeof given === "string"
			? given
					.split(",")
					.map((entry) => entry.trim())
					.map((entry): [string, string] => {
						const sign = entry.indexOf("=");
						if (sign > 0) return [entry.slice(0, sign), entry.slice(sign + 1)];
						throw refuse(
							`${JSON.stringify(entry.slice(0, 60))} is no ATTRIBUTE=assertion.CLAIM`,
						);
					})
			: Object.entries(
					readGiven(
						given,
						z.record(z.string(), z.string()),
						"GCP attribute mapping",
					),
				);
	const mapping = new Map<string, string>();
	for (const [attribute, expression] of entries) {
		if (!ATTRIBUTE.test(attribute)) {
			throw refuse(
				`${JSON.stringify(attribute.slice(0, 60))} is no attribute: google.subject, google.groups and attribute.NAME are`,
			);
		}
		const [, plain, single, double] = CLAIM.exec(expression.trim()) ?? [];
		const claim = plain ?? single ?? double;
		if (claim === undefined) {
			throw refuse(
				`${attribute} is made by ${JSON.stringify(expression.slice(0, 100))}, which cannot be followed: assertion.CLAIM can`,
			);
		}
		mapping.set(attribute, claimPath([claim], 1));
	}
	if (mapping.has("google.subject")) return mapping;
	throw refuse("google.subject is not in it, and Google demands it");
}

/** "must be of type STRING", says Google's refusal; a subject is short, too. */
function mappedClause(attribute: string): Bound[1] {
	const text = { glob: "*", list: "never" } as const;
	if (attribute === "google.subject") {
		return { "max-bytes": LONGEST_SUBJECT, list: "never" };
	}
	return attribute === "google.groups"
		? { every: text, missing: "ok" }
		: { ...text, missing: "ok" };
}

function notesOn(
	mapping: ReadonlyMap<string, string>,
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
	const uncertain = [...mapping]
		.filter(
			([attribute, claim]) =>
				attribute !== "google.subject" && !ALWAYS.has(claim),
		)
		.map(([attribute, claim]) => `${attribute} (${claim})`);
	if (uncertain.length > 0) {
		notes.push(
			`Not every token of GitLab has the claim of ${uncertain.join(", ")}. Google does not say what it does then; it is taken to let the token in.`,
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

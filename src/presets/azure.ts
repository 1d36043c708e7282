// Microsoft Entra as a relying party: a federated identity credential as a policy.
import { z } from "zod";
import { MockError } from "../errors.js";
import type { Expression } from "../verdict/policy/expression.js";
import type { Demands } from "../verdict/policy/schema.js";
import { azureBounds } from "./azure-expression.js";
import { membersOf, readGiven } from "./given-json.js";
import {
	type Bound,
	bodyPattern,
	claimsOf,
	type Preset,
	serviceUrl,
} from "./preset.js";

export interface AzureOptions {
	/** of Entra, such as `https://login.microsoftonline.com` */
	url: string;
	/** the tenant's id or domain */
	tenant: string;
	/** of the application, or the managed identity */
	clientId: string;
	/** the credential, or several, as `az ad app federated-credential list` prints them */
	credential: unknown;
	/** what the access token is for; default `https://graph.microsoft.com/.default` */
	scope?: string | undefined;
}

const text = z.string().min(1).max(600);
const credentialSchema = z.looseObject({
	issuer: text,
	subject: z.union([text, z.null()]).optional(),
	audiences: z.array(text).length(1, "expected exactly one audience"),
	claimsMatchingExpression: z
		.union([
			z.looseObject({
				value: z.string().min(1),
				languageVersion: z.literal(1).optional(),
			}),
			z.null(),
		])
		.optional(),
});
type Credential = z.infer<typeof credentialSchema>;

// "Workload identity federation considerations": RS256 is supported; others may work, and have not been tested.
const ALGORITHMS = [
	...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
	...["ES256", "ES384", "ES512"],
];

/** What is wrong with the request or the set-up, not with the token. */
const SET_UP = [
	"AADSTS90002", // no such tenant
	"AADSTS900144", // a parameter is missing
	"AADSTS7000216", // no assertion in it
	"AADSTS7000218",
	"AADSTS7000112", // the application is disabled
	"AADSTS50166", // the issuer's documents cannot be fetched
	"AADSTS90061",
];

const LONGEST_LIFE = 25 * 3600; // seconds: "less than or equal to 1.01:00:00", says AADSTS70023

/**
 * The preset for the token endpoint of Microsoft Entra, with the token as the client's assertion.
 *
 * Sources: Entra, "OAuth 2.0 client credentials flow", third case, and "Workload identity federation". 200 with an
 * access token is accepted. 400 and 401 with invalid_client (AADSTS700211 issuer, 700212 audience, 700213 subject,
 * 7002131 expression, 700024 times, 7000272 key), invalid_request or invalid_grant are rejected; another error, a
 * set-up's own code, and any other status are broken.
 * @throws MockError `invalid_option` where a credential cannot be followed
 */
export function azurePreset(options: AzureOptions): Preset {
	const { tenant, clientId } = options;
	const { scope = "https://graph.microsoft.com/.default" } = options;
	for (const [name, value] of Object.entries({
		tenant,
		"client ID": clientId,
	})) {
		if (!/^[\w.-]{1,253}$/.test(value)) {
			throw new MockError(
				"invalid_option",
				`Azure ${name}: expected an id such as 8a1f2c3d-0000-4000-8000-000000000000`,
			);
		}
	}
	if (/[{}\s]/.test(scope)) {
		throw new MockError("invalid_option", "Azure scope: expected one scope");
	}
	const credentials = credentialsOf(options.credential);
	const demands = credentials.map(demandsOf);
	const [first] = demands;
	const [audience = ""] = credentials[0]?.audiences ?? [];
	return {
		target: {
			http: {
				url: `${serviceUrl(options.url, "Azure URL")}/${tenant}/oauth2/v2.0/token`,
				method: "POST",
				form: {
					grant_type: "client_credentials",
					client_id: clientId,
					client_assertion_type:
						"urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
					client_assertion: "{token}",
					scope,
				},
				accepted: [200],
				accepted_body: bodyPattern(['"access_token"']),
				rejected: [400, 401],
				rejected_body: bodyPattern(
					['"invalid_client"', '"invalid_request"', '"invalid_grant"'],
					SET_UP,
				),
			},
		},
		policy: {
			...(demands.length === 1 ? first : { any_of: demands }),
			algorithms: ALGORITHMS,
			expression: LIFETIME,
		},
		audience,
		service: { name: "Entra", ways: [], settings: "the federated credential" },
		notes: notesOn(credentials),
	};
}

/** A credential, a list of them as az prints it, or one as Graph or the Resource Manager has it. */
function credentialsOf(given: unknown): Credential[] {
	const listed = membersOf(given)?.value ?? given;
	const all = Array.isArray(listed) ? listed : [listed];
	const what = "Azure federated credential";
	if (all.length === 0) {
		throw new MockError("invalid_option", `${what}: the list is empty`);
	}
	return all.map((one) =>
		readGiven(membersOf(one)?.properties ?? one, credentialSchema, what),
	);
}

function demandsOf(credential: Credential): Demands {
	const { issuer, subject, audiences, claimsMatchingExpression } = credential;
	const expression = claimsMatchingExpression?.value;
	const isPlain = typeof subject === "string";
	if (isPlain === (expression !== undefined)) {
		throw new MockError(
			"invalid_option",
			"Azure federated credential: expected a subject or a claimsMatchingExpression, and not both",
		);
	}
	const exactly = (value: string) =>
		({ equals: value, list: "never" }) as const;
	const bounds: Bound[] = [
		["iss", exactly(issuer)],
		// Of a list Entra says nothing: see LIFETIME.unsettled.
		["aud", { equals: audiences }],
		...(isPlain
			? [["sub", exactly(subject)] as const]
			: azureBounds(expression ?? "")),
	];
	return { claims: claimsOf(bounds) };
}

const numberOf = (value: unknown) => (typeof value === "number" ? value : 0);

const livesShortly = ({ exp, iat }: Readonly<Record<string, unknown>>) =>
	numberOf(exp) - numberOf(iat) <= LONGEST_LIFE;

/** What Entra demands of every token. */
const LIFETIME: Expression = {
	holds: livesShortly,
	parts: [
		{
			wants: "exp at most 25 hours after iat",
			reads: ["exp", "iat"],
			named: [],
			holds: livesShortly,
		},
	],
	unsettled: ({ aud }) =>
		Array.isArray(aud)
			? "aud is a list, and Entra does not say what it makes of one"
			: undefined,
};

function notesOn(credentials: readonly Credential[]): string[] {
	const notes = [
		"Entra looks for the issuer's keys on the internet.",
		"Entra does not say how far clocks may differ: the policy allows no leeway.",
	];
	if (credentials.some(({ subject }) => subject?.includes("*"))) {
		notes.push(
			"A subject has a *, which stands for itself: only a flexible credential (claimsMatchingExpression) has wildcards.",
		);
	}
	if (credentials.some((one) => one.claimsMatchingExpression)) {
		notes.push(
			"What matches compares is taken to be the whole value, with upper and lower case, and * to stand for any text, the empty one too: Entra's page does not say.",
		);
	}
	if (new Set(credentials.map(({ audiences }) => audiences[0])).size > 1) {
		notes.push(
			"The credentials have several audiences: the tokens are made for that of the first.",
		);
	}
	return notes;
}

// Relying parties on libraries of others, as the documentation of each says to use it, and nothing added.
import { createVerifier, type DecodedJwt } from "fast-jwt";
import buildGetJwks from "get-jwks";
import { createRemoteJWKSet, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { JwksClient } from "jwks-rsa";
import * as client from "openid-client";
import { discover } from "../interop/discover.js";

/** Where it is, and what it is called. */
interface Place {
	issuer: string;
	audience: string;
}

type Verify = (token: string, place: Place) => Promise<unknown>;

/** Claims that every one of them is bound to. */
export const BOUND = {
	project_path: "my-group/my-project",
	ref: "main",
	ref_protected: "true",
} as const;

export interface CorrectRelyingParty {
	library: string;
	/** what its documentation does, in a line */
	after: string;
	/** A new one, with a cold cache. */
	start(): Verify;
}

/** The policy, which every documentation leaves to whoever uses it. */
function checkBound(claims: Readonly<Record<string, unknown>>): void {
	for (const [name, value] of Object.entries(BOUND))
		if (claims[name] !== value) throw new Error(`${name} is not ${value}`);
}

const PATIENCE = 500; // milliseconds, where a library can be told

/** What `make` gives, once for each issuer. */
function once<T>(make: (issuer: string) => T): (issuer: string) => T {
	let made: T | undefined;
	return (issuer) => {
		made ??= make(issuer);
		return made;
	};
}

export const CORRECT: readonly CorrectRelyingParty[] = [
	{
		library: "jose",
		after: "jwtVerify with a remote JWKS, issuer and audience",
		start() {
			const keys = once((issuer) =>
				createRemoteJWKSet(new URL(`${issuer}/oauth/discovery/keys`), {
					timeoutDuration: PATIENCE,
				}),
			);
			return async (token, { issuer, audience }) => {
				const { payload } = await jwtVerify(token, keys(issuer), {
					issuer,
					audience,
				});
				checkBound(payload);
			};
		},
	},
	{
		library: "openid-client",
		after: "discovery, and the ID token of a grant's response",
		start() {
			const discovered = once((issuer) =>
				discover(issuer, "https://rp.example.com"),
			);
			let queue: Promise<unknown> = Promise.resolve();
			return (token, { issuer }) => {
				// One token response at a time: the token is handed over through what the client fetches.
				const judged = queue.then(async () => {
					const { config, hand } = await discovered(issuer);
					hand(token);
					const answer = await client.genericGrantRequest(
						config,
						"urn:test",
						{},
					);
					const claims = answer.claims();
					if (!claims) throw new Error("no ID token");
					checkBound(claims);
				});
				queue = judged.catch(() => undefined);
				return judged;
			};
		},
	},
	{
		library: "jsonwebtoken with jwks-rsa",
		after:
			"decode, getSigningKey, and verify with issuer, audience and algorithms",
		start() {
			const keys = once(
				(issuer) =>
					new JwksClient({
						jwksUri: `${issuer}/oauth/discovery/keys`,
						timeout: PATIENCE,
					}),
			);
			return async (token, { issuer, audience }) => {
				const decoded = jsonwebtoken.decode(token, { complete: true });
				const key = await keys(issuer).getSigningKey(decoded?.header.kid);
				// Not with its getKey: a payload of null is then an exception that nobody catches.
				const claims = jsonwebtoken.verify(token, key.getPublicKey(), {
					issuer,
					audience,
					algorithms: ["RS256"],
				});
				checkBound(claims as Record<string, unknown>);
			};
		},
	},
	{
		library: "fast-jwt with get-jwks",
		after:
			"createVerifier whose key function asks get-jwks for kid, alg and domain",
		start() {
			const verifier = once((domain) => {
				const getJwks = buildGetJwks({
					issuersWhitelist: [domain],
					jwksPath: "/oauth/discovery/keys", // with providerDiscovery it does not compare the issuer
				});
				return (audience: string) =>
					createVerifier({
						key: ({ header: { kid, alg } }: DecodedJwt) =>
							getJwks.getPublicKey({ kid, alg, domain }),
						algorithms: ["RS256"],
						allowedIss: domain,
						allowedAud: audience,
					});
			});
			return async (token, { issuer, audience }) =>
				checkBound(await verifier(issuer)(audience)(token));
		},
	},
];

// Relying parties that are correct, on libraries of others as their documentation says to use them.
import { createPublicKey } from "node:crypto";
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
	/** A new one, with a cold cache. */
	start(): Verify;
}

/** The part that no library does. */
function checkBound(claims: Readonly<Record<string, unknown>>): void {
	for (const [name, value] of Object.entries(BOUND))
		if (claims[name] !== value) throw new Error(`${name} is not ${value}`);
}

/** Nor that a payload is an object, and not a text that holds one. */
function checkObject(token: string): void {
	const payload = Buffer.from(token.split(".")[1] ?? "", "base64url");
	if (typeof JSON.parse(payload.toString()) !== "object")
		throw new Error("payload");
}

/** Nor how large a key is. */
function checkSize(pem: string): void {
	const { modulusLength = 0 } = createPublicKey(pem).asymmetricKeyDetails ?? {};
	if (modulusLength < 2048) throw new Error("key");
}

const PATIENCE = 500; // milliseconds

/** Nor how long an answer takes that never ends. */
const inTime = <T>(answer: Promise<T>): Promise<T> =>
	Promise.race([
		answer,
		new Promise<never>((_, reject) => {
			setTimeout(() => reject(new Error("no answer")), 2 * PATIENCE).unref();
		}),
	]);

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
					algorithms: ["RS256"],
					requiredClaims: ["exp", "iat", "sub"],
				});
				checkBound(payload);
			};
		},
	},
	{
		library: "openid-client",
		start() {
			const discovered = once((issuer) =>
				discover(issuer, "https://rp.example.com"),
			);
			let queue: Promise<unknown> = Promise.resolve();
			return (token, { issuer, audience }) => {
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
					if (!claims || ![claims.aud].flat().includes(audience))
						throw new Error("aud");
					checkBound(claims);
				});
				queue = judged.catch(() => undefined);
				return judged;
			};
		},
	},
	{
		library: "jsonwebtoken with jwks-rsa",
		start() {
			const keys = once(
				(issuer) =>
					new JwksClient({
						jwksUri: `${issuer}/oauth/discovery/keys`,
						timeout: PATIENCE,
					}),
			);
			return async (token, { issuer, audience }) => {
				const unverified = jsonwebtoken.decode(token, { complete: true });
				if (!unverified) throw new Error("no token");
				const { header } = unverified;
				// What the library leaves to whoever uses it:
				if ("crit" in header) throw new Error("crit");
				checkObject(token);
				const signingKey = keys(issuer).getSigningKey(header.kid);
				const pem = (await inTime(signingKey)).getPublicKey();
				checkSize(pem);
				const claims = jsonwebtoken.verify(token, pem, {
					issuer,
					audience,
					algorithms: ["RS256"],
				});
				if (typeof claims !== "object" || claims.exp === undefined)
					throw new Error("exp");
				checkBound(claims);
			};
		},
	},
	{
		library: "fast-jwt with get-jwks",
		start() {
			const verifier = once((domain) => {
				const getJwks = buildGetJwks({
					issuersWhitelist: [domain],
					jwksPath: "/oauth/discovery/keys", // with providerDiscovery it does not compare the issuer
				});
				return (audience: string) =>
					createVerifier({
						async key({ header }: DecodedJwt) {
							if ("crit" in header) throw new Error("crit");
							const { kid, alg } = header;
							const pem = await inTime(
								getJwks.getPublicKey({ kid, alg, domain }),
							);
							checkSize(pem);
							return pem;
						},
						algorithms: ["RS256"],
						allowedIss: domain,
						allowedAud: audience,
						requiredClaims: ["iss", "aud", "exp", "sub"],
					});
			});
			return async (token, { issuer, audience }) =>
				checkBound(await verifier(issuer)(audience)(token));
		},
	},
];

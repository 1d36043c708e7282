// Relying parties on released versions of libraries that had published holes, as their documentation of the time said to use them.
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { createRequire } from "node:module";

const load = createRequire(new URL("./holes/package.json", import.meta.url));

/** What such a relying party is told of its issuer. */
interface Place {
	issuer: string;
	audience: string;
}

type Verify = (token: string, place: Place) => Promise<unknown>;

/** A library with a hole: how it is used, and which scenario must find it. */
export interface Hole {
	library: string;
	cve: string;
	/** scenarios that it wrongly accepts, the CVE's own among them */
	found: readonly string[];
	/** what takes this very process down, and so cannot be asked of a function */
	skip?: readonly string[];
	verify: Verify;
}

type PublishedKey = JsonWebKey & { kid: string };

/** The keys now: fetched for each token, which is simple and slow. */
async function keysOf(issuer: string): Promise<PublishedKey[]> {
	const answer = await fetch(`${issuer}/oauth/discovery/keys`);
	return ((await answer.json()) as { keys: PublishedKey[] }).keys;
}

/** The PEM of the key that a token names; undefined where there is none. */
async function pemFor(
	token: string,
	issuer: string,
	type: "spki" | "pkcs1" = "spki",
): Promise<string | undefined> {
	const { kid } = header(token);
	const jwk = (await keysOf(issuer)).find((key) => key.kid === kid);
	if (jwk?.kty !== "RSA") return undefined;
	return String(
		createPublicKey({ key: jwk, format: "jwk" }).export({
			type,
			format: "pem",
		}),
	);
}

const header = (token: string): { kid?: string; alg?: string } =>
	JSON.parse(
		Buffer.from(token.split(".")[0] ?? "", "base64url").toString(),
	) as object;

/** What a careful owner checks where the library does not. */
function checkClaims(
	claims: Record<string, unknown>,
	{ issuer, audience }: Place,
): void {
	const now = Date.now() / 1000;
	const { iss, aud, exp, nbf = 0 } = claims;
	if (iss !== issuer) throw new Error("iss");
	if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience)))
		throw new Error("aud");
	if (typeof exp !== "number" || exp <= now) throw new Error("exp");
	if (typeof nbf !== "number" || nbf > now) throw new Error("nbf");
}

const required = <T>(value: T | undefined): T => {
	if (value === undefined) throw new Error("no such key");
	return value;
};

export const HOLES: readonly Hole[] = [
	{
		library: "jsonwebtoken 4.2.1",
		cve: "CVE-2015-9235",
		found: ["algorithm/hs256-public-key"],
		async verify(token, place) {
			const pem = required(await pemFor(token, place.issuer));
			const jwt = load("jsonwebtoken-4.2.1");
			// It takes sessions of its own as well, which are HS256: nothing ties an algorithm to a kind of key.
			const algorithms = ["RS256", "HS256"];
			checkClaims(jwt.verify(token, pem, { algorithms }), place);
		},
	},
	{
		library: "jwt-simple 0.3.0",
		cve: "CVE-2016-10555",
		found: ["algorithm/hs256-public-key"],
		async verify(token, place) {
			const pem = required(await pemFor(token, place.issuer));
			checkClaims(load("jwt-simple-0.3.0").decode(token, pem), place);
		},
	},
	{
		library: "node-jose 0.10.0",
		cve: "CVE-2018-0114",
		found: ["key/jwk-embedded"],
		async verify(token, place) {
			const jose = load("node-jose-0.10.0");
			const keys = await jose.JWK.asKeyStore({
				keys: await keysOf(place.issuer),
			});
			const { payload } = await jose.JWS.createVerify(keys).verify(token);
			checkClaims(JSON.parse(payload.toString()), place);
		},
	},
	{
		library: "fast-jwt 3.3.1",
		cve: "CVE-2023-48223",
		found: ["algorithm/hs256-public-key-pkcs1"],
		async verify(token, place) {
			const { createVerifier } = load("fast-jwt-3.3.1");
			const spki = required(await pemFor(token, place.issuer));
			const pkcs1 = required(await pemFor(token, place.issuer, "pkcs1"));
			// It takes a key in PKCS #1 for a secret, and so refuses honest tokens: whoever tries both forms does not notice.
			let claims: Record<string, unknown>;
			try {
				claims = createVerifier({ key: spki })(token);
			} catch {
				claims = createVerifier({ key: pkcs1 })(token);
			}
			checkClaims(claims, place);
		},
	},
	{
		library: "fast-jwt 5.0.5",
		cve: "CVE-2025-30144",
		found: ["issuer/list-with-ours"],
		async verify(token, { issuer, audience }) {
			const key = required(await pemFor(token, issuer));
			const { createVerifier } = load("fast-jwt-5.0.5");
			createVerifier({
				key,
				algorithms: ["RS256"],
				allowedIss: issuer,
				allowedAud: audience,
				requiredClaims: ["iss", "aud", "exp"],
			})(token);
		},
	},
	{
		library: "jsonwebtoken 8.5.1",
		cve: "CVE-2022-23540",
		found: ["algorithm/alg-none-for-no-key"],
		async verify(token, { issuer, audience }) {
			const pem = await pemFor(token, issuer); // nothing, for a kid that nobody knows
			load("jsonwebtoken-8.5.1").verify(token, pem, { issuer, audience });
		},
	},
	{
		library: "jws 2.0.0",
		cve: "CVE-2016-1000223",
		found: ["algorithm/hs256-public-key"],
		async verify(token, place) {
			const pem = required(await pemFor(token, place.issuer));
			const jws = load("jws-2.0.0");
			if (!jws.verify(token, pem)) throw new Error("signature");
			checkClaims(jws.decode(token).payload, place);
		},
	},
	{
		library: "json-web-token 3.1.1",
		cve: "CVE-2023-48238",
		found: ["algorithm/hs256-public-key"],
		async verify(token, place) {
			const pem = required(await pemFor(token, place.issuer));
			const { error, value } = load("json-web-token-3.1.1").decode(pem, token);
			if (error) throw error;
			checkClaims(value, place);
		},
	},
	{
		library: "express-jwt 5.3.3 with jwks-rsa 1.6.0",
		cve: "CVE-2020-15084",
		found: ["algorithm/alg-none"],
		skip: ["encoding/payload-null"], // an exception that nobody catches
		verify(token, { issuer, audience }) {
			const middleware = load("express-jwt-5.3.3")({
				// Nothing, for an algorithm that it does not know; and no list of algorithms says which are meant.
				secret: load("jwks-rsa-1.6.0").expressJwtSecret({
					jwksUri: `${issuer}/oauth/discovery/keys`,
				}),
				issuer,
				audience,
			});
			const request = { headers: { authorization: `Bearer ${token}` } };
			return new Promise((resolve, reject) => {
				middleware(request, {}, (error: unknown) =>
					error ? reject(error) : resolve(true),
				);
			});
		},
	},
	{
		library: "node-forge 1.2.1",
		cve: "CVE-2022-24772",
		found: ["signature/pkcs1-with-garbage"],
		async verify(token, place) {
			const { alg } = header(token);
			if (alg !== "RS256") throw new Error("alg");
			const pem = required(await pemFor(token, place.issuer));
			const forge = load("node-forge-1.2.1");
			const [head, payload, signature = ""] = token.split(".");
			const digest = forge.md.sha256.create();
			digest.update(`${head}.${payload}`);
			const bytes = Buffer.from(signature, "base64url").toString("binary");
			const key = forge.pki.publicKeyFromPem(pem);
			if (!key.verify(digest.digest().bytes(), bytes))
				throw new Error("signature");
			const claims = Buffer.from(payload ?? "", "base64url").toString();
			checkClaims(JSON.parse(claims), place);
		},
	},
];

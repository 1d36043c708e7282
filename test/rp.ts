// A small correct relying party: jose, fetch and nothing of ours. It can leave out one check, for the tests of the tests.
import type { webcrypto } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK } from "jose";

/** The checks that it makes, in its order. */
export type Check =
	| "shape"
	| "algorithm"
	| "type"
	| "critical"
	| "key"
	| "signature"
	| "token-type"
	| "issuer"
	| "audience"
	| "expiry"
	| "not-before"
	| "issued-at"
	| "claims";

export interface RelyingPartyOptions {
	issuer: string;
	audience: string;
	/** seconds since the epoch */
	now: () => number;
	/** milliseconds that an answer of the issuer's may take */
	patience: number;
	/** the check that is left out */
	omit?: Check | undefined;
	/** how it gets a document of the issuer's; default by HTTP, each time anew */
	fetchJson?: typeof fetchJson | undefined;
}

const LARGEST = 8 * 1024 * 1024; // bytes of a document
const YEAR = 366 * 86_400; // seconds

/** Judges tokens of `issuer`: undefined for one that is let in, or what is wrong with it. */
export function relyingParty({
	issuer,
	audience,
	now,
	patience,
	omit,
	fetchJson: get = fetchJson,
}: RelyingPartyOptions): (token: string) => Promise<string | undefined> {
	const wants = (check: Check) => check !== omit;
	let cached: JWK[] | undefined;

	/** Keys that may verify: ours from the cache, or fetched anew for a kid that is not there. */
	async function keysFor(kid: unknown): Promise<JWK[]> {
		const fitting = (keys: JWK[]) =>
			keys.filter((key) => kid === undefined || key.kid === kid);
		if (cached && fitting(cached).length > 0) return fitting(cached);
		const discovery = await get(
			`${issuer}/.well-known/openid-configuration`,
			patience,
		);
		if (discovery.issuer !== issuer) throw new Error("another issuer");
		const { keys } = await get(String(discovery.jwks_uri), patience);
		if (!Array.isArray(keys)) throw new Error("no list of keys");
		cached = keys.filter(isSignatureKey);
		return fitting(cached);
	}

	return async function judge(token) {
		const read = readToken(token);
		if (!read) return wants("shape") ? "shape" : undefined;
		const { header, claims, input, signature } = read;
		const isRs256 = header.alg === "RS256";
		if (!isRs256 && wants("algorithm")) return "algorithm";
		const { typ } = header;
		const isJwt =
			typ === undefined ||
			(typeof typ === "string" && /^(application\/)?jwt$/i.test(typ));
		if (!isJwt && isOfJob(claims) && wants("type")) return "type";
		if (header.crit !== undefined && wants("critical")) return "critical";
		if (isRs256) {
			const keys = await keysFor(header.kid).catch(() => []);
			if (keys.length === 0) {
				if (wants("key")) return "key";
			} else if (wants("signature")) {
				const verified = await Promise.all(
					keys.map((key) => verifies(key, input, signature)),
				);
				if (!verified.includes(true)) return "signature";
			}
		}
		return judgeClaims(claims);
	};

	function judgeClaims({
		iss,
		aud,
		exp,
		nbf,
		iat,
		...claims
	}: Record<string, unknown>): Check | undefined {
		const { sub, jti, project_path, ref, environment } = claims;
		if (!isOfJob(claims)) return wants("token-type") ? "token-type" : undefined;
		if (iss !== issuer && wants("issuer")) return "issuer";
		const audiences = typeof aud === "string" ? [aud] : aud;
		const isForUs =
			Array.isArray(audiences) &&
			audiences.every((entry) => typeof entry === "string") &&
			audiences.includes(audience);
		if (!isForUs && wants("audience")) return "audience";

		const time = now();
		const isAlive = isNumber(exp) && exp > time && exp < time + YEAR;
		if (!isAlive && wants("expiry")) return "expiry";
		const hasBegun = nbf === undefined || (isNumber(nbf) && nbf <= time);
		if (!hasBegun && wants("not-before")) return "not-before";
		const isIssued = isNumber(iat) && iat <= time;
		if (!isIssued && wants("issued-at")) return "issued-at";

		const areThere = [sub, jti, project_path, ref].every(isText);
		const isConsistent =
			!/^project_path:/.test(String(sub)) ||
			String(sub).startsWith(`project_path:${project_path}:`) ||
			sub === `project_path:${project_path}`;
		const isProtected = ["true", "false"].includes(
			claims.ref_protected as string,
		);
		const hasPlace = environment === undefined || isText(environment);
		const areGood = areThere && isConsistent && isProtected && hasPlace;
		return !areGood && wants("claims") ? "claims" : undefined;
	}
}

const isNumber = (value: unknown): value is number =>
	typeof value === "number" && Number.isFinite(value);
/** Not of a person, nor of a session that is over. */
const isOfJob = ({ sub, events }: Record<string, unknown>) =>
	events === undefined &&
	(typeof sub !== "string" ||
		sub === "" ||
		/^((job|source)_)?project_/.test(sub));
const isText = (value: unknown) => typeof value === "string" && value !== "";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Takes a token apart; undefined where it is no JWS of two JSON objects, written in the one way there is. */
function readToken(token: string) {
	const parts = token.split(".");
	const isCanonical = (part: string) =>
		Buffer.from(part, "base64url").toString("base64url") === part;
	if (parts.length !== 3 || !parts.every(isCanonical)) return undefined;
	const [header = "", payload = "", signature = ""] = parts;
	try {
		for (const part of [header, payload])
			if (!strict.decode(Buffer.from(part, "base64url")).startsWith("{"))
				return undefined;
		return {
			header: decodeProtectedHeader(token) as Record<string, unknown>,
			claims: decodeJwt(token) as Record<string, unknown>,
			input: `${header}.${payload}`,
			signature: Buffer.from(signature, "base64url"),
		};
	} catch {
		return undefined;
	}
}

function isSignatureKey(key: JWK): boolean {
	const size = (text: unknown) =>
		Buffer.from(String(text ?? ""), "base64url").length;
	return (
		key?.kty === "RSA" &&
		(key.use ?? "sig") === "sig" &&
		(key.key_ops ?? ["verify"]).includes("verify") &&
		(key.alg ?? "RS256") === "RS256" &&
		size(key.n) >= 256 &&
		!["AQ", "AA", ""].includes(key.e ?? "")
	);
}

/** Each imported once, as libraries do it. */
const imported = new WeakMap<JWK, ReturnType<typeof importJWK>>();

function importOnce(jwk: JWK): ReturnType<typeof importJWK> {
	const { n, e } = jwk as { n: string; e: string };
	const key = imported.get(jwk) ?? importJWK({ kty: "RSA", n, e }, "RS256");
	imported.set(jwk, key);
	return key;
}

async function verifies(
	jwk: JWK,
	input: string,
	signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
	const key = (await importOnce(jwk)) as webcrypto.CryptoKey;
	return crypto.subtle.verify(
		"RSASSA-PKCS1-v1_5",
		key,
		signature,
		new TextEncoder().encode(input),
	);
}

/** A JSON object at `url`: in time, not too large, and without going where a redirect leads. */
export async function fetchJson(
	url: string,
	patience: number,
): Promise<Record<string, unknown>> {
	const signal = AbortSignal.timeout(patience);
	const answer = await fetch(url, { redirect: "error", signal });
	if (answer.status !== 200 || !answer.body) throw new Error("no document");
	let text = "";
	const decoder = new TextDecoder();
	for await (const piece of answer.body) {
		text += decoder.decode(piece, { stream: true });
		if (text.length > LARGEST) throw new Error("too large");
	}
	return JSON.parse(text);
}

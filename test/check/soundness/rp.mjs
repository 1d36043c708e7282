// A relying party in a process of its own, correct but for what BEHAVIOUR says: tests start it as a user's check does.
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const {
	OIDC_ISSUER = "",
	OIDC_AUDIENCE = "",
	PORT,
	BEHAVIOUR = "{}",
} = process.env;
/** @type {{ boot?: boolean, keep?: boolean, exitOn?: string, hangOn?: string }} */
const { boot, keep, exitOn, hangOn } = JSON.parse(BEHAVIOUR);

/** @type {Map<string, import("node:crypto").webcrypto.CryptoKey>} */
const keys = new Map();

async function fetchKeys() {
	const discovery = await fetch(
		`${OIDC_ISSUER}/.well-known/openid-configuration`,
	);
	if (!discovery.ok) throw new Error(`discovery: ${discovery.status}`);
	const { jwks_uri } = /** @type {{ jwks_uri: string }} */ (
		await discovery.json()
	);
	const answer = await fetch(jwks_uri);
	if (!answer.ok) throw new Error(`keys: ${answer.status}`);
	// As a library would that looks at no size: node:crypto takes keys of 512 bits.
	const set =
		/** @type {{ keys: (import("node:crypto").webcrypto.JsonWebKey & { kid: string })[] }} */ (
			await answer.json()
		);
	for (const key of set.keys) {
		if (key.kty !== "RSA") continue;
		keys.set(
			key.kid,
			await crypto.subtle.importKey(
				"jwk",
				key,
				{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
				false,
				["verify"],
			),
		);
	}
}

/** @param {string} token */
async function verifyWithKept(token) {
	const [head = "", body = "", signature = ""] = token.split(".");
	const header = JSON.parse(Buffer.from(head, "base64url").toString());
	const claims = JSON.parse(Buffer.from(body, "base64url").toString());
	const key = keys.get(header.kid);
	const isGood =
		header.alg === "RS256" &&
		key !== undefined &&
		(await crypto.subtle.verify(
			"RSASSA-PKCS1-v1_5",
			key,
			Buffer.from(signature, "base64url"),
			Buffer.from(`${head}.${body}`),
		));
	const now = Date.now() / 1000;
	if (!isGood || claims.iss !== OIDC_ISSUER || claims.exp <= now)
		throw new Error("refused");
	if (![claims.aud].flat().includes(OIDC_AUDIENCE)) throw new Error("refused");
}

const jwks = createRemoteJWKSet(
	new URL(`${OIDC_ISSUER}/oauth/discovery/keys`),
	{ cooldownDuration: 0, timeoutDuration: 500 },
);
const verify = keep
	? verifyWithKept
	: (/** @type {string} */ token) =>
			jwtVerify(token, jwks, {
				issuer: OIDC_ISSUER,
				audience: OIDC_AUDIENCE,
				algorithms: ["RS256"],
				requiredClaims: ["exp"],
			});

if (boot || keep) await fetchKeys();
createServer(async (request, response) => {
	const scenario = request.headers["x-scenario"];
	if (hangOn !== undefined && scenario === hangOn) return;
	if (exitOn !== undefined && scenario === exitOn) {
		console.error(`cannot go on after ${scenario}`);
		process.exit(7);
	}
	const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
	const isGood = await verify(token).then(
		() => true,
		() => false,
	);
	response.writeHead(isGood ? 200 : 401).end();
}).listen(Number(PORT), "127.0.0.1");

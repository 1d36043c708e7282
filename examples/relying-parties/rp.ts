// A relying party over HTTP, with jose. It listens on PORT; `Authorization: Bearer TOKEN` gets 200 or 401.
import { createServer } from "node:http";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";

const {
	OIDC_ISSUER: issuer = "",
	OIDC_JWKS_URI = "",
	OIDC_AUDIENCE: audience = "",
	ALLOWED_PROJECT: project = "",
	PORT,
} = process.env;
const keys = createRemoteJWKSet(new URL(OIDC_JWKS_URI));
const YEAR = 366 * 86_400; // seconds

/** A token is written in one way only: what decodes to the same is another text. */
function isAsWritten(token: string): boolean {
	const parts = token.split(".");
	const bytes = parts.map((part) => Buffer.from(part, "base64url"));
	const isObject = (part?: Buffer) => part?.toString("latin1", 0, 1) === "{";
	return (
		bytes.map((part) => part.toString("base64url")).join(".") === token &&
		isObject(bytes[0]) &&
		isObject(bytes[1])
	);
}

async function verify(token: string): Promise<JWTPayload> {
	if (!isAsWritten(token)) throw new Error("no token as RFC 7515 writes it");
	const { payload, protectedHeader } = await jwtVerify(token, keys, {
		issuer,
		audience,
		algorithms: ["RS256"],
		requiredClaims: ["iss", "aud", "sub", "exp", "iat"],
	});
	const { typ = "JWT" } = protectedHeader;
	if (typ.toUpperCase() !== "JWT") throw new Error("typ is not JWT");
	const now = Date.now() / 1000;
	const { iat = Infinity, exp = Infinity, sub = "" } = payload;
	if (iat > now) throw new Error("iat is in the future");
	if (exp > now + YEAR) throw new Error("exp is too far off");
	if ("events" in payload) throw new Error("the token of a logout");
	// The last character counts: without it acme/app-evil is let in as well.
	if (!sub.startsWith(`project_path:${project}:`)) {
		throw new Error(`sub is not of ${project}`);
	}
	return payload;
}

// Node takes 16 KiB of headers, which a token of a user with many groups may need for itself.
const limits = { maxHeaderSize: 65_536 };
const server = createServer(limits, async ({ headers }, response) => {
	try {
		const [, token = ""] =
			/^Bearer (.*)$/i.exec(headers.authorization ?? "") ?? [];
		const { sub } = await verify(token);
		response.end(`${sub}\n`);
	} catch (error) {
		response.writeHead(401).end(`${error}\n`);
	}
});
server.listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => server.close());

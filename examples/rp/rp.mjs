// A service to test: it lets in jobs of protected refs, by GitLab's ID token.
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const {
	OIDC_ISSUER: issuer,
	OIDC_AUDIENCE: audience,
	PORT = "9000",
} = process.env;
const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
const { jwks_uri } = await discovery.json();
const keys = createRemoteJWKSet(new URL(jwks_uri));
const expected = { issuer, audience, algorithms: ["RS256"] };

const server = createServer(async ({ headers }, response) => {
	const token = headers.authorization?.replace(/^Bearer /, "") ?? "";
	try {
		const { payload } = await jwtVerify(token, keys, expected);
		const allowed = payload.ref_protected === "true";
		response.writeHead(allowed ? 200 : 403).end(`${payload.sub}\n`);
	} catch (error) {
		response.writeHead(401).end(`${error.code}\n`);
	}
});
server.listen(Number(PORT));
process.once("SIGTERM", () => server.close());

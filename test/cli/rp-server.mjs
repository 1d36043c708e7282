// A relying party over HTTP for the tests of `check`: jose, and one check that FORGETS names is left out.
// @ts-check
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const { OIDC_ISSUER, OIDC_JWKS_URI, OIDC_AUDIENCE, PORT, FORGETS } =
	process.env;
const keys = createRemoteJWKSet(new URL(String(OIDC_JWKS_URI)), {
	timeoutDuration: 500,
});

/** @param {string} token */
async function verify(token) {
	const { payload } = await jwtVerify(token, keys, {
		issuer: String(OIDC_ISSUER),
		algorithms: ["RS256"],
		requiredClaims: ["exp"],
		...(FORGETS !== "audience" && { audience: String(OIDC_AUDIENCE) }),
	});
	if (FORGETS !== "policy" && payload.project_path !== "my-group/my-project")
		throw new Error("another project");
}

createServer({ maxHeaderSize: 65_536 }, async ({ headers }, response) => {
	try {
		await verify(String(headers.authorization).replace(/^Bearer /, ""));
		response.end("welcome\n");
	} catch (error) {
		response.writeHead(401).end(`${error}\n`);
	}
}).listen(Number(PORT), "127.0.0.1");

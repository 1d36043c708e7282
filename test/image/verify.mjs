// verify.mjs URL AUDIENCE: takes an honest token and an expired one from the server, and verifies both with jose.
// @ts-check
import { createRemoteJWKSet, jwtVerify } from "jose";

const [url = "", audience = ""] = process.argv.slice(2);
const text = async (/** @type {string} */ path) =>
	(await fetch(url + path)).text();

const { issuer, jwks_uri } = JSON.parse(
	await text("/.well-known/openid-configuration"),
);
const keys = createRemoteJWKSet(new URL(jwks_uri));
const options = { issuer, audience, algorithms: ["RS256"] };
await jwtVerify(await text("/_mock/token/protected-tag"), keys, options);
const refused = await jwtVerify(
	await text("/_mock/token/expired"),
	keys,
	options,
).catch(({ code }) => code);
if (refused !== "ERR_JWT_EXPIRED") throw new Error(`expired: ${refused}`);
console.log("verified");

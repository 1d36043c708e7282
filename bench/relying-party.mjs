// A relying party over HTTP for the bench, on jose: the issuer and the port are its arguments, or in its environment as `check` sets them.
// @ts-check
import { createServer } from "node:http";
import { verifier } from "./verifier.mjs";

const { OIDC_ISSUER = "", PORT = "0" } = process.env;
const [issuer = OIDC_ISSUER, port = PORT] = process.argv.slice(2);
// One that `check` starts waits for nothing: what is measured is the check.
const verify = verifier(issuer === OIDC_ISSUER ? { cooldownDuration: 0 } : {});

createServer({ maxHeaderSize: 65_536 }, async ({ headers }, response) => {
	try {
		const token = String(headers.authorization).replace(/^Bearer /, "");
		await verify(token, { issuer, audience: "https://rp.example.com" });
		response.end("welcome\n");
	} catch (error) {
		response.writeHead(401).end(`${error}\n`);
	}
}).listen(Number(port), "127.0.0.1");

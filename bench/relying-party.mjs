// A relying party over HTTP for the bench, on jose: the issuer and the port are its arguments.
// @ts-check
import { createServer } from "node:http";
import { verifier } from "./verifier.mjs";

const [issuer = "", port = "0"] = process.argv.slice(2);
const verify = verifier();

createServer({ maxHeaderSize: 65_536 }, async ({ headers }, response) => {
	try {
		const token = String(headers.authorization).replace(/^Bearer /, "");
		await verify(token, { issuer, audience: "https://rp.example.com" });
		response.end("welcome\n");
	} catch (error) {
		response.writeHead(401).end(`${error}\n`);
	}
}).listen(Number(port), "127.0.0.1");

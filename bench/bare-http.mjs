// Node's own HTTP server and nothing else: node bare-http.mjs PORT answers a JWKS of two keys to whoever asks.
// @ts-check
import { createServer } from "node:http";

const key = {
	kty: "RSA",
	kid: "0".repeat(43),
	e: "AQAB",
	n: "0".repeat(342),
	use: "sig",
	alg: "RS256",
};
const body = JSON.stringify({ keys: [key, key] });

createServer((_, response) => {
	response.setHeader("Content-Type", "application/json; charset=utf-8");
	response.end(body);
}).listen(Number(process.argv[2]), "127.0.0.1");

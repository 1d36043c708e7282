// express-jwt with jwks-rsa: an express application that lets in or answers 401.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";
import {
	expressjwt,
	type GetVerificationKey,
	UnauthorizedError,
} from "express-jwt";
import jwksRsa from "jwks-rsa";
import { AUDIENCE, lax, relyingParty } from "./cases.js";

const sayWhy: ErrorRequestHandler = (error, _request, response, next) => {
	if (!(error instanceof UnauthorizedError)) return next(error);
	response.status(error.status).send(`${error.code}: ${error.message}`);
};

relyingParty("express-jwt with jwks-rsa", {
	async start(gitlab, later) {
		const app = express();
		app.use(
			expressjwt({
				secret: jwksRsa.expressJwtSecret({
					jwksUri: `${gitlab.url}/oauth/discovery/keys`,
					cache: true,
				}) as GetVerificationKey,
				algorithms: ["RS256"],
				issuer: gitlab.issuer,
				audience: AUDIENCE,
			}),
		);
		app.get("/", (_request, response) => void response.send("welcome"));
		app.use(sayWhy);
		const server = app.listen(0, "127.0.0.1");
		later(async () => {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		});
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		return {
			async judge(token) {
				const response = await fetch(`http://127.0.0.1:${port}/`, {
					headers: { authorization: `Bearer ${token}` },
				});
				const text = await response.text();
				if (response.status === 200) return "accepted";
				if (response.status === 401) return { refused: text };
				throw new Error(`${response.status} ${text}`);
			},
		};
	},
	attacks: {
		"time/expired": /^invalid_token: jwt expired$/,
		"time/exp-missing": lax("exp is checked only if it is there"),
		"time/exp-string": /^invalid_token: invalid exp value$/,
		"time/not-yet-valid": /^invalid_token: jwt not active$/,
		"time/iat-in-future": lax("iat is looked at only with maxAge"),
		"audience/other-service": /^invalid_token: jwt audience invalid/,
		"audience/list-without-ours": /^invalid_token: jwt audience invalid/,
		"audience/missing": /^invalid_token: jwt audience invalid/,
		"issuer/other-gitlab": /^invalid_token: jwt issuer invalid/,
		"issuer/trailing-slash": /^invalid_token: jwt issuer invalid/,
		"issuer/missing": /^invalid_token: jwt issuer invalid/,
		"key/unknown-kid": /^invalid_token: secret or public key must be provided$/,
		"algorithm/alg-none": /^invalid_token: invalid algorithm$/,
		"algorithm/hs256-public-key":
			/^invalid_token: secret or public key must be provided$/,
		"signature/flipped-bit": /^invalid_token: invalid signature$/,
		"signature/payload-changed-after-signing":
			/^invalid_token: invalid signature$/,
		"a critical extension that nobody knows": lax("crit is not read"),
	},
});

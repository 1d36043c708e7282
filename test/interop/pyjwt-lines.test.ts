// The lines of code for PyJWT, run by Debian's: with the mistake the token gets in, with the line it does not, and the honest one does.
import { execFileSync } from "node:child_process";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { expect, test } from "vitest";
import { startGitLab } from "../../src/index.js";
import {
	AUDIENCE,
	lineFor,
	MISTAKES,
	TOKENS,
	topicsOf,
} from "../verdict/cause/library-mistakes.js";

const PYTHON = `
import json, sys, jwt
given = json.load(sys.stdin)
for line, token in given["tries"]:
    names = {"jwt": jwt, "token": token, "key": given["key"], "audience": given["audience"]}
    try:
        exec(line, names)
        print("accepted")
    except jwt.InvalidTokenError:
        print("refused")
`;

test("each line of PyJWT's", async () => {
	await using gitlab = await startGitLab({ audience: AUDIENCE });
	const jwk = gitlab.keys.ci.jwk as JsonWebKey;
	const key = String(
		createPublicKey({ key: jwk, format: "jwk" }).export({
			type: "spki",
			format: "pem",
		}),
	);
	const topics = topicsOf("PyJWT");
	const honest = await gitlab.token("valid/baseline");
	const tries: [line: string, token: string][] = [];
	for (const topic of topics) {
		const bad = await gitlab.token(TOKENS[topic]);
		const line = lineFor("PyJWT", topic, gitlab.issuer);
		const mistake = MISTAKES.PyJWT[topic] ?? "";
		tries.push([mistake, bad], [line, bad], [line, honest]);
	}
	const said = execFileSync("/usr/bin/python3", ["-c", PYTHON], {
		input: JSON.stringify({ tries, key, audience: AUDIENCE }),
		encoding: "utf8",
	})
		.trim()
		.split("\n");
	const done = topics.map((topic, at) => [
		topic,
		...said.slice(3 * at, 3 * at + 3),
	]);
	expect(done).toEqual(
		topics.map((topic) => [topic, "accepted", "refused", "accepted"]),
	);
});

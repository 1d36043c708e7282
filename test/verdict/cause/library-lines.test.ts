// Each line of code is run as it is shown: with the mistake the library lets the token in, with the line it does not, and the honest one gets in.
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { JwtVerifier } from "aws-jwt-verify";
import { expressjwt } from "express-jwt";
import { createDecoder, createVerifier } from "fast-jwt";
import { decodeJwt, jwtVerify } from "jose";
import jwt from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../../src/index.js";
import { codeFor } from "../../../src/verdict/cause/library-code.js";
import { LIBRARIES } from "../../../src/verdict/cause/library-lines.js";
import {
	AUDIENCE,
	lineFor,
	MISTAKES,
	TOKENS,
	topicsOf,
} from "./library-mistakes.js";

let gitlab: GitLab;
let jwk: JsonWebKey;
let pem: string;
const tokens = new Map<string, string>();
beforeAll(async () => {
	gitlab = await startGitLab({ audience: AUDIENCE });
	jwk = gitlab.keys.ci.jwk as JsonWebKey;
	const key = createPublicKey({ key: jwk, format: "jwk" });
	pem = String(key.export({ type: "spki", format: "pem" }));
	for (const id of ["valid/baseline", ...Object.values(TOKENS)] as const)
		tokens.set(id, await gitlab.token(id));
});
afterAll(() => gitlab.close());

/** Runs a line for a token, with the names that it uses; throws where the token is refused. */
async function runJavaScript(line: string, token: string): Promise<void> {
	const scope = {
		...{ token, key: pem, keys: createPublicKey(pem) },
		...{ issuer: gitlab.issuer, audience: AUDIENCE },
		jwksUri: `${gitlab.issuer}/oauth/discovery/keys`,
		...{ jwt, jwtVerify, decodeJwt, createVerifier, createDecoder },
		...{ expressjwt, JwtVerifier },
	};
	const isVerifier = /^(expressjwt|JwtVerifier)/.test(line);
	const run = new Function(
		...Object.keys(scope),
		`return (async () => { ${isVerifier ? "return " : ""}${line} })()`,
	);
	const made = await run(...Object.values(scope));
	if (line.startsWith("JwtVerifier")) {
		made.cacheJwks({ keys: [jwk] });
		made.verifySync(token);
	}
	if (line.startsWith("expressjwt")) {
		const request = { headers: { authorization: `Bearer ${token}` } };
		await new Promise<void>((resolve, reject) => {
			made(request, {}, (error?: Error) => (error ? reject(error) : resolve()));
		});
	}
}

const tokenOf = (id: string) => tokens.get(id) ?? "";
const honest = () => tokenOf("valid/baseline");

test("every line has its mistake here", () => {
	for (const library of LIBRARIES)
		expect(Object.keys(MISTAKES[library])).toEqual(topicsOf(library));
});

const cases = LIBRARIES.filter((library) => library !== "PyJWT").flatMap(
	(library) => topicsOf(library).map((topic) => [library, topic] as const),
);
test.for(cases)("%s: %s", async ([library, topic]) => {
	const bad = tokenOf(TOKENS[topic]);
	const line = lineFor(library, topic, gitlab.issuer);
	const mistake = MISTAKES[library][topic] ?? "";
	await expect(runJavaScript(mistake, bad)).resolves.toBeUndefined();
	await expect(runJavaScript(line, bad)).rejects.toThrow();
	await expect(runJavaScript(line, honest())).resolves.toBeUndefined();
});

describe("there is no line", () => {
	const using = {
		library: "jose",
		issuer: "https://gitlab.test",
		audience: AUDIENCE,
		policy: { claims: { ref: "main", project_path: { glob: "a/*" } } },
	} as const;
	test.for([
		"claim:project_path-prefix", // no single text to compare with
		"claim:user_login-unchecked", // the policy has no such claim
		"critical-unchecked", // jose sees to it
		"lenient-parser",
	])("for %s", (id) => {
		expect(codeFor(id, using)).toBeUndefined();
	});

	test("and for others there is", () => {
		expect(codeFor("claim:ref-prefix", using)).toBe(
			'const { payload } = await jwtVerify(token, keys); if (payload.ref !== "main") throw new Error("ref");',
		);
		expect(codeFor("audience-prefix", using)).toBe(
			`await jwtVerify(token, keys, { audience: "${AUDIENCE}" })`,
		);
		expect(codeFor("issuer-in-part", using)).toContain("https://gitlab.test");
	});
});

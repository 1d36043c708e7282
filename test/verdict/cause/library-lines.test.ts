// Each line of code is run as it is shown: with the mistake the library lets the token in, with the line it does not, and the honest one gets in.
import { execFileSync } from "node:child_process";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { JwtVerifier } from "aws-jwt-verify";
import { expressjwt } from "express-jwt";
import { createDecoder, createVerifier } from "fast-jwt";
import { decodeJwt, jwtVerify } from "jose";
import jwt from "jsonwebtoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../../src/index.js";
import { codeFor } from "../../../src/verdict/cause/library-code.js";
import {
	LIBRARIES,
	LINES,
	type Library,
	type Topic,
} from "../../../src/verdict/cause/library-lines.js";

const AUDIENCE = "https://rp.example.com";
const CAUSES: Readonly<Record<Topic, string>> = {
	audience: "audience-unchecked",
	issuer: "issuer-unchecked",
	algorithm: "other-rsa-algorithms",
	signature: "signature-unchecked",
	expiry: "expiry-unchecked",
	leeway: "leeway-too-long",
	"exp-missing": "exp-missing",
	type: "type-unchecked",
	critical: "critical-unchecked",
	claim: "claim:project_path-prefix",
};
/** What the mistake lets in. */
const TOKENS = {
	audience: "audience/other-service",
	issuer: "issuer/other-gitlab",
	algorithm: "algorithm/rs512",
	signature: "signature/flipped-bit",
	expiry: "time/expired",
	leeway: "time/expired-a-minute-past-leeway",
	"exp-missing": "time/exp-missing",
	type: "header/typ-other",
	critical: "header/crit-unknown",
	claim: "project/other-project",
} as const satisfies Record<Topic, string>;

const aws = (options: string) =>
	`JwtVerifier.create({ issuer, audience, jwksUri, ${options} })`;
const express = (options: string) => `expressjwt({ secret: key, ${options} })`;
const python = (options: string) => `jwt.decode(token, key, ${options})`;
const RS256 = 'algorithms: ["RS256"]';
const PY = 'algorithms=["RS256"], audience=audience';

/** The same, with the mistake. */
const MISTAKES: Readonly<
	Record<Library, Readonly<Partial<Record<Topic, string>>>>
> = {
	jose: {
		audience: "await jwtVerify(token, keys, { issuer })",
		issuer: "await jwtVerify(token, keys, { audience })",
		algorithm: "await jwtVerify(token, keys)",
		signature: "decodeJwt(token)",
		expiry:
			"await jwtVerify(token, keys, { currentDate: new Date(0), clockTolerance: 1e10 })",
		leeway: "await jwtVerify(token, keys, { clockTolerance: 3600 })",
		"exp-missing": "await jwtVerify(token, keys)",
		type: "await jwtVerify(token, keys)",
		claim: "await jwtVerify(token, keys)",
	},
	jsonwebtoken: {
		audience: "jwt.verify(token, key, { issuer })",
		issuer: "jwt.verify(token, key, { audience })",
		algorithm: "jwt.verify(token, key)",
		signature: "jwt.decode(token)",
		expiry: "jwt.verify(token, key, { ignoreExpiration: true })",
		leeway: "jwt.verify(token, key, { clockTolerance: 3600 })",
		"exp-missing": "jwt.verify(token, key)",
		type: "jwt.verify(token, key)",
		critical: "jwt.verify(token, key)",
		claim: "jwt.verify(token, key)",
	},
	"fast-jwt": {
		audience: "createVerifier({ key })(token)",
		issuer: "createVerifier({ key })(token)",
		algorithm: "createVerifier({ key })(token)",
		signature: "createDecoder()(token)",
		expiry: "createVerifier({ key, ignoreExpiration: true })(token)",
		leeway: "createVerifier({ key, clockTolerance: 3_600_000 })(token)",
		"exp-missing": "createVerifier({ key })(token)",
		type: "createVerifier({ key })(token)",
		claim: "createVerifier({ key })(token)",
	},
	"express-jwt": {
		audience: express(RS256),
		issuer: express(RS256),
		algorithm: express('algorithms: ["RS256", "RS512"]'),
		expiry: express(`${RS256}, ignoreExpiration: true`),
		leeway: express(`${RS256}, clockTolerance: 3600`),
		"exp-missing": express(RS256),
		critical: express(RS256),
		claim: express(RS256),
	},
	"aws-jwt-verify": {
		audience: aws("audience: null"),
		issuer: aws("issuer: null"),
		leeway: aws("graceSeconds: 3600"),
		"exp-missing": aws(""),
		critical: aws(""),
		claim: aws(""),
	},
	PyJWT: {
		audience: python('algorithms=["RS256"], options={"verify_aud": False}'),
		issuer: python(PY),
		algorithm: python('algorithms=["RS256", "RS512"], audience=audience'),
		signature: python(`${PY}, options={"verify_signature": False}`),
		expiry: python(`${PY}, options={"verify_exp": False}`),
		leeway: python(`${PY}, leeway=3600`),
		"exp-missing": python(PY),
		critical: python(PY),
		claim: python(PY),
	},
};

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

/** Debian's python3-jwt; what it does with each line and token. */
const runPython = (tries: [line: string, token: string][]): string[] =>
	execFileSync("/usr/bin/python3", ["-c", PYTHON], {
		input: JSON.stringify({ tries, key: pem, audience: AUDIENCE }),
		encoding: "utf8",
	})
		.trim()
		.split("\n");

const lineFor = (library: Library, topic: Topic) =>
	codeFor(CAUSES[topic], {
		library,
		issuer: gitlab.issuer,
		audience: AUDIENCE,
		policy: { claims: { project_path: "my-group/my-project" } },
	}) ?? "there is none";

const topicsOf = (library: Library) => Object.keys(LINES[library]) as Topic[];
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
	const line = lineFor(library, topic);
	const mistake = MISTAKES[library][topic] ?? "";
	await expect(runJavaScript(mistake, bad)).resolves.toBeUndefined();
	await expect(runJavaScript(line, bad)).rejects.toThrow();
	await expect(runJavaScript(line, honest())).resolves.toBeUndefined();
});

test.runIf(process.platform === "linux")("PyJWT", () => {
	const topics = topicsOf("PyJWT");
	const said = runPython(
		topics.flatMap((topic): [string, string][] => {
			const bad = tokenOf(TOKENS[topic]);
			const line = lineFor("PyJWT", topic);
			return [
				[MISTAKES.PyJWT[topic] ?? "", bad],
				[line, bad],
				[line, honest()],
			];
		}),
	);
	const done = Object.fromEntries(
		topics.map((topic, at) => [topic, said.slice(3 * at, 3 * at + 3)]),
	);
	const right = ["accepted", "refused", "accepted"];
	expect(done).toEqual(
		Object.fromEntries(topics.map((topic) => [topic, right])),
	);
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

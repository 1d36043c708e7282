// What the lines of code are held against: a token that only the mistake lets in, and code with the mistake.
import { codeFor } from "../../../src/verdict/cause/library-code.js";
import {
	LINES,
	type Library,
	type Topic,
} from "../../../src/verdict/cause/library-lines.js";

export const AUDIENCE = "https://rp.example.com";
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
export const TOKENS = {
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
export const MISTAKES: Readonly<
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

/** The line that a report shows. */
export const lineFor = (library: Library, topic: Topic, issuer: string) =>
	codeFor(CAUSES[topic], {
		library,
		issuer,
		audience: AUDIENCE,
		policy: { claims: { project_path: "my-group/my-project" } },
	}) ?? "there is none";

export const topicsOf = (library: Library) =>
	Object.keys(LINES[library]) as Topic[];

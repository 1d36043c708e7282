// What the token tests share: keys made once for the file, honest claims, and a verdict on a token.
import { generateKeySet, publicKeys } from "../../src/token/keys.js";
import {
	makeToken,
	type Signing,
	type TokenPlan,
} from "../../src/token/make.js";
import {
	type Expectation,
	type Finding,
	verifyToken,
} from "../../src/token/verify.js";

export const NOW = 1_800_000_000;
export const ISSUER = "https://gitlab.example.com";
export const AUDIENCE = "https://rp.example.com";

export const keys = await generateKeySet();
export const jwks = publicKeys(keys);

/** The claims that the reference verifier looks at, in order. */
export const CLAIMS = {
	project_path: "group/project",
	ref: "main",
	ref_protected: "true",
	jti: "6f1c52bb-6f0e-4f2c-9a38-3a52f6f2f3c1",
	iat: NOW,
	nbf: NOW - 5,
	exp: NOW + 3600,
	iss: ISSUER,
	sub: "project_path:group/project:ref_type:branch:ref:main",
	aud: AUDIENCE,
};

/** The plan of an honest token, changed. */
export const planOf = (changes: Partial<TokenPlan> = {}): TokenPlan => ({
	header: (honest) => honest,
	payload: CLAIMS,
	signing: { key: "ci" },
	attacker: `${ISSUER}/_mock/attacker`,
	mangle: [],
	...changes,
});

/** The token of a changed plan. */
export const make = async (changes: Partial<TokenPlan> = {}) =>
	(await makeToken(planOf(changes), keys)).token;

/** A token whose claims and header are changed before it is signed; undefined leaves one out. */
export const signed = (
	claims: object = {},
	header: object = {},
	signing: Signing = { key: "ci" },
) =>
	make({
		header: (honest) => ({ ...honest, ...header }),
		payload: { ...CLAIMS, ...claims },
		signing,
	});

/** What the reference verifier finds wrong. */
export const findings = (
	token: string,
	changes: Partial<Expectation> = {},
): Finding[] =>
	verifyToken(token, {
		issuer: ISSUER,
		audience: AUDIENCE,
		keys: jwks.keys,
		now: NOW,
		...changes,
	});

/** The rules of which it finds something, in its order. */
export const broken = (token: string, changes: Partial<Expectation> = {}) =>
	findings(token, changes).map(({ rule }) => rule);

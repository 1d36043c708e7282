// What to write in the common libraries: a line of code for each mistake. Every line is run by test/verdict/cause/library-lines.test.ts.

/** Libraries that lines are known of, by the names of their packages. */
export const LIBRARIES = [
	"jose",
	"jsonwebtoken",
	"fast-jwt",
	"express-jwt",
	"aws-jwt-verify",
	"PyJWT",
] as const;
export type Library = (typeof LIBRARIES)[number];

/** What a line mends. */
export type Topic =
	| "audience"
	| "issuer"
	| "algorithm"
	| "signature"
	| "expiry"
	| "leeway"
	| "exp-missing"
	| "type"
	| "critical"
	| "claim";

const JS_CLAIM =
	"if (payload.{claim} !== {wanted}) throw new Error({name});" as const;
const TYP = "/^(application\\/)?jwt$/i";

/**
 * By library and mistake. `token` is the token, `key` or `keys` what verifies it; `{audience}`, `{issuer}`, `{claim}`,
 * `{name}` and `{wanted}` are filled in.
 */
export const LINES: Readonly<
	Record<Library, Readonly<Partial<Record<Topic, string>>>>
> = {
	jose: {
		audience: "await jwtVerify(token, keys, { audience: {audience} })",
		issuer: "await jwtVerify(token, keys, { issuer: {issuer} })",
		algorithm: 'await jwtVerify(token, keys, { algorithms: ["RS256"] })',
		signature: 'await jwtVerify(token, keys, { algorithms: ["RS256"] })',
		expiry: "await jwtVerify(token, keys, { clockTolerance: 60 })",
		leeway: "await jwtVerify(token, keys, { clockTolerance: 60 })",
		"exp-missing": 'await jwtVerify(token, keys, { requiredClaims: ["exp"] })',
		type: 'await jwtVerify(token, keys, { typ: "JWT" })',
		claim: `const { payload } = await jwtVerify(token, keys); ${JS_CLAIM}`,
	},
	jsonwebtoken: {
		audience: "jwt.verify(token, key, { audience: {audience} })",
		issuer: "jwt.verify(token, key, { issuer: {issuer} })",
		algorithm: 'jwt.verify(token, key, { algorithms: ["RS256"] })',
		signature: 'jwt.verify(token, key, { algorithms: ["RS256"] })',
		expiry: "jwt.verify(token, key, { ignoreExpiration: false })",
		leeway: "jwt.verify(token, key, { clockTolerance: 60 })",
		"exp-missing":
			'const payload = jwt.verify(token, key); if (payload.exp === undefined) throw new Error("exp");',
		type: `const { header } = jwt.verify(token, key, { complete: true }); if (header.typ !== undefined && !${TYP}.test(header.typ)) throw new Error("typ");`,
		critical:
			'const { header } = jwt.verify(token, key, { complete: true }); if (header.crit !== undefined) throw new Error("crit");',
		claim: `const payload = jwt.verify(token, key); ${JS_CLAIM}`,
	},
	"fast-jwt": {
		audience:
			'createVerifier({ key, allowedAud: {audience}, requiredClaims: ["aud"] })(token)',
		issuer:
			'createVerifier({ key, allowedIss: {issuer}, requiredClaims: ["iss"] })(token)',
		algorithm: 'createVerifier({ key, algorithms: ["RS256"] })(token)',
		signature: 'createVerifier({ key, algorithms: ["RS256"] })(token)',
		expiry: "createVerifier({ key, ignoreExpiration: false })(token)",
		leeway: "createVerifier({ key, clockTolerance: 60_000 })(token)",
		"exp-missing": 'createVerifier({ key, requiredClaims: ["exp"] })(token)',
		type: 'createVerifier({ key, checkTyp: "JWT" })(token)',
		claim: `const payload = createVerifier({ key })(token); ${JS_CLAIM}`,
	},
	"express-jwt": {
		audience:
			'expressjwt({ secret: key, algorithms: ["RS256"], audience: {audience} })',
		issuer:
			'expressjwt({ secret: key, algorithms: ["RS256"], issuer: {issuer} })',
		algorithm: 'expressjwt({ secret: key, algorithms: ["RS256"] })',
		expiry:
			'expressjwt({ secret: key, algorithms: ["RS256"], ignoreExpiration: false })',
		leeway:
			'expressjwt({ secret: key, algorithms: ["RS256"], clockTolerance: 60 })',
		"exp-missing":
			'expressjwt({ secret: key, algorithms: ["RS256"], isRevoked: (_req, token) => token?.payload.exp === undefined })',
		critical:
			'expressjwt({ secret: key, algorithms: ["RS256"], isRevoked: (_req, token) => token?.header.crit !== undefined })',
		claim:
			'expressjwt({ secret: key, algorithms: ["RS256"], isRevoked: (_req, token) => token?.payload.{claim} !== {wanted} })',
	},
	"aws-jwt-verify": {
		audience: "JwtVerifier.create({ issuer, jwksUri, audience: {audience} })",
		issuer: "JwtVerifier.create({ audience, jwksUri, issuer: {issuer} })",
		leeway:
			"JwtVerifier.create({ issuer, audience, jwksUri, graceSeconds: 60 })",
		"exp-missing":
			'JwtVerifier.create({ issuer, audience, jwksUri, customJwtCheck: ({ payload }) => { if (payload.exp === undefined) throw new Error("exp"); } })',
		critical:
			'JwtVerifier.create({ issuer, audience, jwksUri, customJwtCheck: ({ header }) => { if (header.crit !== undefined) throw new Error("crit"); } })',
		claim: `JwtVerifier.create({ issuer, audience, jwksUri, customJwtCheck: ({ payload }) => { ${JS_CLAIM} } })`,
	},
	PyJWT: {
		audience:
			'jwt.decode(token, key, algorithms=["RS256"], audience={audience})',
		issuer:
			'jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer={issuer})',
		algorithm:
			'jwt.decode(token, key, algorithms=["RS256"], audience=audience)',
		signature:
			'jwt.decode(token, key, algorithms=["RS256"], audience=audience, options={"verify_signature": True})',
		expiry:
			'jwt.decode(token, key, algorithms=["RS256"], audience=audience, options={"verify_exp": True})',
		leeway:
			'jwt.decode(token, key, algorithms=["RS256"], audience=audience, leeway=60)',
		"exp-missing":
			'jwt.decode(token, key, algorithms=["RS256"], audience=audience, options={"require": ["exp"]})',
		critical:
			'if "crit" in jwt.get_unverified_header(token): raise jwt.InvalidTokenError("crit")',
		claim:
			'if jwt.decode(token, key, algorithms=["RS256"], audience=audience).get({name}) != {wanted}: raise jwt.InvalidTokenError({name})',
	},
};

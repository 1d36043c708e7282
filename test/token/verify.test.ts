// The reference verifier: each rule alone, in spec order, and never a check whose precondition failed.
import { describe, expect, test } from "vitest";
import { MockError } from "../../src/errors.js";
import type { Rule } from "../../src/token/rules.js";
import { type Expectation, verifyToken } from "../../src/token/verify.js";
import {
	broken,
	CLAIMS,
	findings,
	ISSUER,
	jwks,
	make,
	NOW,
	signed,
} from "./instance.js";

test("finds nothing in an honest token", async () => {
	expect(findings(await make())).toEqual([]);
});

describe("each rule alone", () => {
	const missing = (name: string) => `${name} is missing, expected`;
	test.for<[Rule, object, object, string]>([
		["algorithm", {}, { alg: "none" }, 'alg is "none", expected "RS256"'],
		["algorithm", {}, { alg: "rs256" }, 'alg is "rs256", expected "RS256"'],
		["algorithm", {}, { alg: ["RS256"] }, 'alg is ["RS256"], expected "RS256"'],
		["algorithm", {}, { alg: undefined }, `${missing("alg")} "RS256"`],
		["type", {}, { typ: "at+jwt" }, 'typ is "at+jwt", expected "JWT"'],
		["type", {}, { typ: null }, 'typ is null, expected "JWT"'],
		["type", {}, { typ: ["JWT"] }, 'typ is ["JWT"], expected "JWT"'],
		[
			"type",
			{},
			{ typ: { toString: 1 } },
			'typ is {"toString":1}, expected "JWT"',
		],
		[
			"critical",
			{},
			{ crit: ["b64"] },
			'crit asks for ["b64"], and no extension is known here',
		],
		[
			"critical",
			{},
			{ crit: [] },
			"crit asks for [], and no extension is known here",
		],
		[
			"critical",
			{},
			{ crit: null },
			"crit asks for null, and no extension is known here",
		],
		["key", {}, { kid: "x" }, 'no published signature key has the kid "x"'],
		["key", {}, { kid: null }, "no published signature key has the kid null"],
		["key", {}, { kid: 7 }, "no published signature key has the kid 7"],
		[
			"issuer",
			{ iss: `${ISSUER}/` },
			{},
			`iss is "${ISSUER}/", expected "${ISSUER}"`,
		],
		[
			"issuer",
			{ iss: [ISSUER] },
			{},
			`iss is ["${ISSUER}"], expected "${ISSUER}"`,
		],
		["issuer", { iss: undefined }, {}, `${missing("iss")} "${ISSUER}"`],
		["expiry", { exp: undefined }, {}, `${missing("exp")} a number of seconds`],
		[
			"expiry",
			{ exp: "4102444800" },
			{},
			'exp is "4102444800", expected a number of seconds',
		],
		["expiry", { exp: null }, {}, "exp is null, expected a number of seconds"],
		["expiry", { exp: 0 }, {}, "the token expired 1800000000 s ago"],
		[
			"not-before",
			{ nbf: "1" },
			{},
			'nbf is "1", expected a number of seconds',
		],
		[
			"not-before",
			{ nbf: null },
			{},
			"nbf is null, expected a number of seconds",
		],
		[
			"not-before",
			{ nbf: 1_800_000_060 },
			{},
			"the token is not valid for another 60 s",
		],
		[
			"issued-at",
			{ iat: undefined },
			{},
			`${missing("iat")} a number of seconds`,
		],
		[
			"issued-at",
			{ iat: 1_800_000_060 },
			{},
			"the token was issued 60 s in the future",
		],
		[
			"claims",
			{ sub: undefined },
			{},
			"sub: expected a string that is not empty",
		],
		[
			"claims",
			{ sub: 7, ref: "" },
			{},
			"sub, ref: expected a string that is not empty",
		],
		["claims", { jti: null }, {}, "jti: expected a string that is not empty"],
		[
			"claims",
			{ project_path: ["a"] },
			{},
			"project_path: expected a string that is not empty",
		],
	])("%s: claims %o, header %o", async ([rule, claims, header, message]) => {
		expect(findings(await signed(claims, header))).toEqual([{ rule, message }]);
	});

	test("shape, and then nothing else is looked at", () => {
		expect(findings("a.b")).toEqual([
			{ rule: "shape", message: "a JWS has three parts, this has 2" },
		]);
	});

	test("signature", async () => {
		const token = await make({ mangle: ["flip-signature-bit"] });
		const message = "the signature does not fit the token's bytes and the key";
		expect(findings(token)).toEqual([{ rule: "signature", message }]);
		expect(broken((await make()).replace(/[^.]*$/, ""))).toEqual(["signature"]);
	});

	test.for<[string, object, object]>([
		["typ left out", {}, { typ: undefined }],
		["typ in lower case", {}, { typ: "jwt" }],
		["typ as a media type", {}, { typ: "application/jwt" }],
		["an unknown header member", {}, { x: 1 }],
		["no nbf", { nbf: undefined }, {}],
		["a fraction in exp", { exp: 1_800_000_000.5 }, {}],
		["a lifetime of a year", { exp: 1_800_000_000 + 366 * 86_400 }, {}],
		["an unknown claim", { claim_of_tomorrow: { a: [1] } }, {}],
	])("and none for %s", async ([, claims, header]) => {
		expect(findings(await signed(claims, header))).toEqual([]);
	});
});

describe("the audience", () => {
	const OURS = "https://rp.example.com";
	const SHAPE = "expected a string or a list of strings";
	test.for<[unknown, string | undefined]>([
		[OURS, undefined],
		[[OURS], undefined],
		[["a", OURS], undefined],
		["a", `aud is "a", expected "${OURS}"`],
		[`${OURS}.evil`, `aud is "${OURS}.evil", expected "${OURS}"`],
		[OURS.toUpperCase(), `aud is "${OURS.toUpperCase()}", expected "${OURS}"`],
		["", `aud is "", expected "${OURS}"`],
		[["a", "b"], `aud is ["a","b"], expected "${OURS}"`],
		[[], `aud is [], ${SHAPE}`],
		[[[OURS]], `aud is [["${OURS}"]], ${SHAPE}`],
		[[OURS, 7], `aud is ["${OURS}",7], ${SHAPE}`],
		[{ [OURS]: 1 }, `aud is {"${OURS}":1}, ${SHAPE}`],
		[null, `aud is null, ${SHAPE}`],
		[undefined, `aud is missing, ${SHAPE}`],
		[7, `aud is 7, ${SHAPE}`],
	])("%j", async ([aud, message]) => {
		const expected = message ? [{ rule: "audience", message }] : [];
		expect(findings(await signed({ aud }))).toEqual(expected);
	});

	test("of any value will do where none is expected, but must be there", async () => {
		const any = { audience: undefined };
		expect(broken(await signed({ aud: "a" }), any)).toEqual([]);
		expect(broken(await signed({ aud: undefined }), any)).toEqual(["audience"]);
	});
});

describe("the times, to the second", () => {
	test.for<[object, number, Rule[]]>([
		[{ exp: NOW + 1 }, 0, []],
		[{ exp: NOW }, 0, ["expiry"]],
		[{ exp: NOW - 59 }, 60, []],
		[{ exp: NOW - 60 }, 60, ["expiry"]],
		[{ nbf: NOW }, 0, []],
		[{ nbf: NOW + 1 }, 0, ["not-before"]],
		[{ nbf: NOW + 60 }, 60, []],
		[{ nbf: NOW + 61 }, 60, ["not-before"]],
		[{ iat: NOW }, 0, []],
		[{ iat: NOW + 1 }, 0, ["issued-at"]],
		[{ iat: NOW + 60 }, 60, []],
		[{ iat: NOW + 61 }, 60, ["issued-at"]],
	])("%o with a leeway of %i: %j", async ([claims, leeway, rules]) => {
		expect(broken(await signed(claims), { leeway })).toEqual(rules);
	});

	test("never at infinity, which JSON can write", async () => {
		const [header, , signature] = (await make()).split(".");
		const payload = JSON.stringify({ ...CLAIMS, exp: 0 });
		const rules = (exp: string) => {
			const bytes = Buffer.from(payload.replace('"exp":0', `"exp":${exp}`));
			return broken(`${header}.${bytes.toString("base64url")}.${signature}`);
		};
		expect(rules("1e999")).toEqual(["signature", "expiry"]);
		expect(rules(String(NOW + 60))).toEqual(["signature"]);
	});

	test("by the expected clock, fractions and all", async () => {
		const token = await signed({ exp: NOW, iat: NOW - 9 });
		expect(broken(token, { now: NOW - 0.001 })).toEqual([]);
		expect(broken(token, { now: NOW })).toEqual(["expiry"]);
	});
});

describe("several at once", () => {
	const all = {
		iss: "x",
		aud: "x",
		exp: 1,
		nbf: 2e9,
		iat: 2e9,
		sub: "",
	};

	test("are found in spec order", async () => {
		const header = { typ: "x", crit: [], kid: "x" };
		expect(broken(await signed(all, header))).toEqual([
			"type",
			"critical",
			"key",
			"issuer",
			"audience",
			"expiry",
			"not-before",
			"issued-at",
			"claims",
		]);
	});

	test("a wrong algorithm leaves key and signature unchecked", async () => {
		const header = { alg: "HS256", kid: "x" };
		const token = await signed({}, header, { hmac: "public-key-pem" });
		expect(broken(token)).toEqual(["algorithm"]);
		expect(broken(await signed({}, { kid: "x" }))).toEqual(["key"]);
	});

	test("an unknown kid leaves the signature unchecked", async () => {
		const token = await make({
			header: (header) => ({ ...header, kid: "x" }),
			mangle: ["flip-signature-bit"],
		});
		expect(broken(token)).toEqual(["key"]);
		expect(broken(await make({ mangle: ["flip-signature-bit"] }))).toEqual([
			"signature",
		]);
		expect(broken(await make(), { keys: [] })).toEqual(["key"]);
		expect(broken(await make(), { keys: jwks.keys })).toEqual([]);
	});
});

describe("what GitLab's tokens always have", () => {
	test.for<[object, string]>([
		[{ ref_protected: true }, "ref_protected is true, expected"],
		[{ ref_protected: "TRUE" }, 'ref_protected is "TRUE", expected'],
		[{ ref_protected: undefined }, "ref_protected is missing, expected"],
		[{ environment: "" }, 'environment is "", expected a name'],
		[
			{ sub: "project_path:other/project:ref_type:branch:ref:main" },
			'sub speaks of "other/project", project_path is "group/project"',
		],
		[
			{ job_project_path: "a/b", sub: "job_project_path:c/d:ref:main" },
			'sub speaks of "c/d", job_project_path is "a/b"',
		],
	])("%o", async ([claims, message]) => {
		const [finding, ...others] = findings(await signed(claims));
		expect(others).toEqual([]);
		expect(finding).toMatchObject({ rule: "claims" });
		expect(finding?.message).toContain(message);
	});

	test.for([
		{ ref_protected: "false" },
		{ environment: "production" },
		{ sub: "project_id:7:ref:main" },
		{ sub: "project_path:group/project" },
		{ job_project_path: "a/b", sub: "job_project_path:a/b:ref:main" },
		{ sub: "source_project_id:7:ref:main" },
	])("and not %o", async (claims) => {
		expect(findings(await signed(claims))).toEqual([]);
	});
});

test("a lifetime that no job has is refused", async () => {
	const year = 366 * 86_400;
	expect(broken(await signed({ exp: NOW + year }), { now: NOW })).toEqual([]);
	expect(broken(await signed({ exp: NOW + year + 1 }), { now: NOW })).toEqual([
		"expiry",
	]);
});

describe("a time or a leeway that is no finite number is refused", () => {
	const expired = () => signed({ ...CLAIMS, exp: NOW - 60 }, {});
	const bad = [
		Number.NaN,
		Number.POSITIVE_INFINITY,
		Number.NEGATIVE_INFINITY,
		"60",
		null,
		undefined,
		60n,
		{},
	];
	const expected = { issuer: ISSUER, keys: jwks.keys, now: NOW };
	test.for([
		...bad.map((now) => ({ now })),
		...bad
			.filter((leeway) => (leeway ?? undefined) !== undefined)
			.map((leeway) => ({ leeway })),
		...bad.map((exp) => ({ leeway: { exp, nbf: 0, iat: 0 } })),
		...bad.map((nbf) => ({ leeway: { exp: 0, nbf, iat: 0 } })),
		...bad.map((iat) => ({ leeway: { exp: 0, nbf: 0, iat } })),
	])("%o", async (changes) => {
		const token = await expired();
		const asked = { ...expected, ...changes } as Expectation;
		expect(() => verifyToken(token, asked)).toThrow(MockError);
	});

	test("and a number is not", async () => {
		const token = await expired();
		for (const leeway of [30, { exp: 30, nbf: 0, iat: 0 }]) {
			const found = verifyToken(token, { ...expected, leeway });
			expect(found.map(({ rule }) => rule)).toEqual(["expiry"]);
		}
		const leeway = { exp: 61, nbf: 0, iat: 0 };
		expect(verifyToken(token, { ...expected, leeway })).toEqual([]);
	});
});

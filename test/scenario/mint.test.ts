// A token on demand, from a name to the compact serialization; jose judges it.
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { frozenClock } from "../../src/clock.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import {
	DEFAULT_SCENARIO,
	type Mint,
	mintToken,
	type TokenRequest,
} from "../../src/scenario/mint.js";
import { generateKeySet, publicKeys } from "../../src/token/keys.js";
import { rejection } from "../refusal.js";

const NOW = 1_800_000_000;
const mint: Mint = {
	catalogue: await loadCatalogue([BUILT_IN]),
	keys: await generateKeySet(),
	clock: frozenClock(NOW),
	issuer: "https://gitlab.example.com",
	version: "19.1",
	plan: "ultimate",
	audience: "https://rp.example.com",
};
const ask = (request: TokenRequest = {}) => mintToken(mint, request);
const verify = (token: string, audience: string) =>
	jwtVerify(token, createLocalJWKSet(publicKeys(mint.keys)), {
		issuer: mint.issuer,
		audience,
		algorithms: ["RS256"],
		currentDate: new Date(NOW * 1000),
	});

test("is the baseline's where none is named", async () => {
	const { token, scenario, header, claims } = await ask();
	expect(scenario).toBe(DEFAULT_SCENARIO);
	const { payload, protectedHeader } = await verify(token, mint.audience);
	expect(claims).toEqual(payload);
	expect(header).toEqual(protectedHeader);
	expect(payload).toMatchObject({ aud: mint.audience, iat: NOW });
});

test.for<[TokenRequest["aud"], unknown]>([
	[undefined, mint.audience],
	["a", "a"],
	[["a"], ["a"]],
	[
		["b", "a"],
		["b", "a"],
	],
])("is for %j: %j", async ([aud, expected]) => {
	const { token } = await ask({ aud });
	expect(decodeJwt(token).aud).toEqual(expected);
	await verify(token, aud === undefined ? mint.audience : "a");
});

test("is adjusted by blocks, then by settings", async () => {
	const { token, scenario } = await ask({
		scenario: "protected-tag",
		blocks: { job: { ref: "v1", timeout: 60 } },
		set: ["ref=v2"],
	});
	expect(scenario).toBe("ref/protected-tag");
	const { payload } = await verify(token, mint.audience);
	expect(payload).toMatchObject({
		ref: "v2",
		ref_path: "refs/tags/v2",
		exp: NOW + 60,
	});
});

test("says what the token says, even where that was changed after signing", async () => {
	const { token, claims } = await ask({
		scenario: "payload-changed-after-signing",
	});
	expect(decodeJwt(token)).toEqual(claims);
	expect(claims.ref_protected).toBe("true");
});

test("leaves the scenario as it was for the next", async () => {
	await ask({ scenario: "protected-tag", set: ["ref=v2"] });
	const { claims } = await ask({ scenario: "protected-tag" });
	expect(claims.ref).toBe("v1.2.3");
});

describe("is refused", () => {
	test.for<[TokenRequest, string, string]>([
		[
			{ scenario: "expird" },
			"unknown_scenario",
			'there is no scenario "expird"; nearest: time/expired',
		],
		[{ set: ["reff=x"] }, "invalid_request", "job.reff: unknown key"],
		[{ blocks: { job: { ref: 7 } } }, "invalid_request", "job.ref: "],
		[
			{ set: ["token.claims.nothing={append: x}"] },
			"not_applicable",
			"nothing: the baseline has nothing there",
		],
	])("%j", async ([request, code, message]) => {
		expect(await rejection(ask(request))).toEqual({
			code,
			message: expect.stringContaining(message),
		});
	});
});

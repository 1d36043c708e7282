// Tokens as they are made: GitLab's header, the right key, and jose as the judge of the signature.
import {
	compactVerify,
	createLocalJWKSet,
	decodeProtectedHeader,
	errors,
	importJWK,
	jwtVerify,
} from "jose";
import { describe, expect, test } from "vitest";
import { base64url, signingInput } from "../../src/token/compact.js";
import { unpublishedKey } from "../../src/token/keys.js";
import { makeToken } from "../../src/token/make.js";
import {
	RSA_ALGORITHMS,
	type RsaAlgorithm,
	signRsa,
} from "../../src/token/sign.js";
import {
	AUDIENCE,
	CLAIMS,
	ISSUER,
	jwks,
	keys,
	make,
	NOW,
	planOf,
} from "./instance.js";

const published = createLocalJWKSet(jwks);
const verify = (token: string) =>
	jwtVerify(token, published, {
		issuer: ISSUER,
		audience: AUDIENCE,
		algorithms: ["RS256"],
		currentDate: new Date(NOW * 1000),
	});

describe("an honest token", () => {
	test("is verified by jose", async () => {
		const { payload, protectedHeader } = await verify(await make());
		expect(payload).toEqual(CLAIMS);
		expect(protectedHeader.kid).toBe(keys.ci.kid);
	});

	test("has GitLab's header, in its order", async () => {
		const { token, header, payload } = await makeToken(planOf(), keys);
		expect(JSON.stringify(decodeProtectedHeader(token))).toBe(
			`{"kid":"${keys.ci.kid}","typ":"JWT","alg":"RS256"}`,
		);
		expect(header).toEqual(decodeProtectedHeader(token));
		expect(payload).toBe(CLAIMS);
	});

	test("is the bytes that JSON.stringify gives, in base64url", async () => {
		const [header, payload, signature] = (await make()).split(".");
		expect(Buffer.from(String(payload), "base64url").toString()).toBe(
			JSON.stringify(CLAIMS),
		);
		expect(`${header}.${payload}.${signature}`).toMatch(
			/^[\w-]+\.[\w-]+\.[\w-]{342}$/,
		);
	});

	test("is the same of the same plan", async () => {
		expect(await make()).toBe(await make());
	});
});

describe("the key", () => {
	test.for([
		["ci", keys.ci.kid],
		["sign-in", keys.signIn.kid],
	] as const)("%s signs, and kid follows it", async ([key, kid]) => {
		const { protectedHeader } = await verify(await make({ signing: { key } }));
		expect(protectedHeader.kid).toBe(kid);
	});

	test("unpublished signs, but jose finds it in no set", async () => {
		const token = await make({ signing: { key: "unpublished" } });
		await expect(verify(token)).rejects.toThrow(errors.JWKSNoMatchingKey);
		const { jwk } = await unpublishedKey();
		const own = await jwtVerify(token, await importJWK({ ...jwk }, "RS256"), {
			currentDate: new Date(NOW * 1000),
		});
		expect(own.protectedHeader.kid).toBe(jwk.kid);
	});
});

test("what the header edit makes of it is signed", async () => {
	const token = await make({ header: ({ kid, alg }) => ({ alg, kid, x: 1 }) });
	const { protectedHeader } = await verify(token);
	expect(JSON.stringify(protectedHeader)).toBe(
		`{"alg":"RS256","kid":"${keys.ci.kid}","x":1}`,
	);
});

test("signRsa signs bytes that jose verifies, and no others", async () => {
	const input = signingInput(
		{ alg: "RS256", kid: keys.signIn.kid },
		JSON.stringify(CLAIMS),
	);
	const signature = base64url(await signRsa(input, keys.signIn));
	await verify(`${input}.${signature}`);
	const other = signingInput(
		{ alg: "RS256", kid: keys.signIn.kid },
		JSON.stringify({ ...CLAIMS, ref: "x" }),
	);
	await expect(verify(`${other}.${signature}`)).rejects.toThrow(
		errors.JWSSignatureVerificationFailed,
	);
});

test.for([
	["é", "w6k"],
	["", ""],
	["??>", "Pz8-"],
	[new Uint8Array([255, 255]), "__8"],
] as const)("base64url of %j is %s", ([bytes, text]) => {
	expect(base64url(bytes)).toBe(text);
});

test.for(Object.keys(RSA_ALGORITHMS) as RsaAlgorithm[])(
	"%s is verified by jose, and not as another algorithm",
	async (alg) => {
		const token = await make({
			header: (header) => ({ ...header, alg }),
			signing: { alg },
		});
		const key = await importJWK(keys.ci.jwk, alg);
		const { protectedHeader } = await compactVerify(token, key);
		expect(protectedHeader.alg).toBe(alg);
		const [, payload, signature] = token.split(".");
		const other = alg === "RS256" ? "PS256" : "RS256";
		const header = base64url(JSON.stringify({ alg: other }));
		await expect(
			compactVerify(
				`${header}.${payload}.${signature}`,
				await importJWK(keys.ci.jwk, other),
			),
		).rejects.toThrow();
	},
);

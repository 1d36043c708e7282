// A relying party that trusts two issuers: keys that are found by kid alone, and keys that belong to their issuer.
import {
	createLocalJWKSet,
	createRemoteJWKSet,
	decodeJwt,
	type JWTVerifyGetKey,
	jwtVerify,
} from "jose";
import { expect, test } from "vitest";
import { checkRelyingParty } from "../../src/index.js";
import { generateKeySet } from "../../src/token/keys.js";

const OTHER = "https://gitlab.com";
const theirs = (await generateKeySet()).ci.jwk;

type Keys = JWTVerifyGetKey;

/** @param keysOf the keys for a token that says `iss`; `ours` are those of the other issuer */
const check = (keysOf: (iss: string, ours: Keys) => Keys) =>
	checkRelyingParty({
		async verify(token, { issuer, audience }) {
			const { iss = "" } = decodeJwt(token);
			if (iss !== issuer && iss !== OTHER) throw new Error("issuer");
			const ours = createRemoteJWKSet(
				new URL(`${issuer}/oauth/discovery/keys`),
			);
			await jwtVerify(token, keysOf(iss, ours), {
				issuer: iss,
				audience,
				algorithms: ["RS256"],
			});
		},
		only: ["issuer/gitlab-com", "valid/baseline"],
	});

test("a key that is found by kid alone lets one issuer speak for the other", async () => {
	const result = await check((_, ours) => ours);
	expect(result.findings).toMatchObject([
		{
			id: "issuer/gitlab-com",
			kind: "dangerous",
			impact: "escalation",
			fails: true,
		},
	]);
});

test("a key that belongs to its issuer does not, though both bear one kid", async () => {
	const result = await check((iss, ours) => {
		if (iss !== OTHER) return ours;
		// Whatever kid the token names, it is theirs that bears it.
		return (header, token) =>
			createLocalJWKSet({
				keys: [{ ...theirs, kid: String(header?.kid) }],
			})(header, token);
	});
	expect(result.reason).toBeNull();
	expect(result.findings).toEqual([]);
});

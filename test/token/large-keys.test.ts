// Keys of 3072 and 4096 bits, as some GitLabs have them: every way of signing and mangling works with them.
import { createPrivateKey, getDiffieHellman } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frozenClock } from "../../src/clock.js";
import { messageOf } from "../../src/errors.js";
import { PATHS } from "../../src/gitlab/discovery.js";
import { LATEST_VERSION } from "../../src/gitlab/version.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { mintToken } from "../../src/scenario/mint.js";
import { isTemplate } from "../../src/scenario/near/template.js";
import { publishedKeys } from "../../src/token/jwks.js";
import { readKeyFile, writeKeyFile } from "../../src/token/key-file.js";
import {
	generateKeySet,
	keySet,
	privateJwk,
	signingKey,
} from "../../src/token/keys.js";
import { verifyToken } from "../../src/token/verify.js";
import { isApplicable } from "../scenario-token.js";
import { AUDIENCE, ISSUER, NOW } from "./instance.js";

const base64url = (value: bigint) => {
	const hex = value.toString(16);
	return Buffer.from(
		hex.padStart(hex.length + (hex.length % 2), "0"),
		"hex",
	).toString("base64url");
};

function inverse(a: bigint, m: bigint): bigint {
	let [r, next, t, following] = [m, a % m, 0n, 1n];
	while (next !== 0n) {
		const quotient = r / next;
		[r, next, t, following] = [
			next,
			r - quotient * next,
			following,
			t - quotient * following,
		];
	}
	return t < 0n ? t + m : t;
}

/** The primes of two groups that everybody knows (RFC 2409 and 3526): no time is spent on looking for secret ones. */
function keyOf(...groups: string[]) {
	const [p, q] = groups.map((name) =>
		BigInt(`0x${getDiffieHellman(name).getPrime("hex")}`),
	) as [bigint, bigint];
	const d = inverse(65537n, (p - 1n) * (q - 1n));
	const members = {
		n: p * q,
		e: 65537n,
		d,
		p,
		q,
		dp: d % (p - 1n),
		dq: d % (q - 1n),
		qi: inverse(q, p),
	};
	const jwk = Object.entries(members).map(([name, value]) => [
		name,
		base64url(value),
	]);
	return signingKey(
		createPrivateKey({
			key: { kty: "RSA", ...Object.fromEntries(jwk) },
			format: "jwk",
		}),
	);
}

const catalogue = await loadCatalogue([BUILT_IN]);
const scenarios = catalogue
	.all()
	.filter((scenario) => !isTemplate(scenario) && isApplicable(scenario))
	.filter(
		({ id, token }) => id === "valid/baseline" || token?.sign || token?.mangle,
	);

describe.for([
	[3072, "modp14", "modp2"],
	[4096, "modp15", "modp2"],
] as const)("%i bits", ([bits, ...groups]) => {
	test("what a verifier finds is what the scenarios say", async () => {
		const ci = await keyOf(...groups);
		expect(ci.publicKey.asymmetricKeyDetails?.modulusLength).toBe(bits);
		const keys = keySet((await generateKeySet()).signIn, ci);
		const mint = {
			issuer: ISSUER,
			version: LATEST_VERSION,
			plan: "ultimate" as const,
			audience: AUDIENCE,
			clock: frozenClock(NOW),
			keys,
			catalogue,
		};
		const impossible: string[] = [];
		for (const { id, expect: verdict, rule, instance } of scenarios) {
			if (verdict === "either") continue;
			const made = await mintToken(mint, { scenario: id }).catch((error) => {
				expect(error.code, `${id}: ${messageOf(error)}`).toBe("not_applicable");
				impossible.push(id);
			});
			if (!made) continue;
			const { publish, keys: change } = instance?.faults?.[PATHS.keys] ?? {};
			const published = await publishedKeys(keys, publish, change);
			const found = verifyToken(made.token, {
				issuer: ISSUER,
				audience: AUDIENCE,
				now: NOW,
				keys: published,
			});
			const wanted = verdict === "reject" ? [rule] : [];
			expect(
				found.map((finding) => finding.rule),
				id,
			).toEqual(wanted);
		}
		// 384 bytes leave no bits to spare in base64url.
		expect(impossible).toEqual(
			bits === 3072 ? ["encoding/non-canonical-last-character"] : [],
		);
	});
});

describe("the kid of a key file", () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), "kid-"));
	});
	afterAll(() => rm(folder, { recursive: true }));

	const fileOf = async (keys: unknown[]) => {
		const file = join(folder, "keys.json");
		await writeFile(file, JSON.stringify({ keys }), { mode: 0o600 });
		return file;
	};

	test("is kept, written again and published; without one it is the thumbprint", async () => {
		const { signIn, ci } = await generateKeySet();
		const { kid: _, ...unnamed } = { ...privateJwk(signIn) };
		const file = await fileOf([unnamed, { ...privateJwk(ci), kid: "2024-ci" }]);
		const read = await readKeyFile(file);
		expect(read.ci.kid).toBe("2024-ci");
		expect(read.ci.jwk).toEqual({ ...ci.jwk, kid: "2024-ci" });
		expect(read.signIn.jwk).toEqual(signIn.jwk);
		const again = join(folder, "again.json");
		await writeKeyFile(again, read);
		expect((await readKeyFile(again)).ci.kid).toBe("2024-ci");
		for (const kid of ["", 7, null, "a b", "\u001b[2J", "x".repeat(256)]) {
			const bad = await fileOf([unnamed, { ...privateJwk(ci), kid }]);
			await expect(readKeyFile(bad)).rejects.toThrow(
				"keys[1] is a key whose kid",
			);
		}
		const same = [
			{ ...unnamed, kid: "a" },
			{ ...privateJwk(ci), kid: "a" },
		];
		await expect(readKeyFile(await fileOf(same))).rejects.toThrow(
			"both keys have the same kid",
		);
	});
});

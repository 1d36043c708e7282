// The document of vectors: true to the catalogue, the same each time but for what is marked, and without a private key.
import type { JsonWebKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { LATEST_VERSION } from "../../src/gitlab/version.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { createVectors } from "../../src/scenario/vectors/make.js";
import type { Vector, Vectors } from "../../src/scenario/vectors/schema.js";
import { withDerivedKeys } from "../../src/token/derived-keys.js";
import {
	generateKeySet,
	privateJwk,
	unpublishedKey,
} from "../../src/token/keys.js";
import { verifyToken } from "../../src/token/verify.js";

const read = (path: string) =>
	readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

// `npm run check` sees to it that this is what is made today.
const text = read("examples/vectors/vectors.json");
const sample: Vectors = JSON.parse(text);
const catalogue = await loadCatalogue([BUILT_IN]);

describe("the sample", () => {
	test("is what its schema says", () => {
		const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
		const validate = ajv.compile(JSON.parse(read("schemas/vectors.json")));
		expect(validate(sample), ajv.errorsText(validate.errors)).toBe(true);
		expect(validate({ ...sample, format: 2 })).toBe(false);
	});

	test("has every scenario, as a vector or left out with the reason", () => {
		const { vectors, left_out, count } = sample;
		const ids = [...vectors, ...left_out].map(({ id }) => id);
		const scenarios = ids.filter((id) => !id.startsWith("probe/"));
		expect(scenarios.sort()).toEqual(catalogue.all().map(({ id }) => id));
		expect(count.vectors).toBe(vectors.length);
		expect(count.left_out).toBe(left_out.length);
		const { accept, reject, policy, either } = count;
		expect(accept + reject + policy + either).toBe(count.vectors);
		expect(Math.min(accept, reject, policy, either)).toBeGreaterThan(0);
		// What needs no server and no policy of one's own is left out only where the built-in job or its size is the reason.
		expect(
			left_out
				.filter(({ reason }) => !/server|policy|probe|JWKS/.test(reason))
				.map(({ id }) => id),
		).toEqual([
			"project/dot-in-path",
			"project/parent-group",
			"ref/branch-named-like-our-tag",
			"ref/protected-branch-named-like-our-tag",
			"valid/one-mebibyte",
		]);
	});

	test("is judged by the reference verifier as it says itself, from the document alone", () => {
		const { issuer, audience, now, leeway } = sample.verifier;
		const wrong = sample.vectors.filter(({ expect, rule, jwks, token }) => {
			const { keys } = (jwks ?? sample.jwks) as { keys: JsonWebKey[] };
			const expected = { issuer, audience, now, leeway, keys };
			const found = verifyToken(token, expected).map(({ rule }) => rule);
			return (
				expect !== "either" && found.join() !== (rule === null ? "" : rule)
			);
		});
		expect(wrong.map(({ id }) => id)).toEqual([]);
	});

	test("has a discovery document of its issuer", () => {
		expect(sample.discovery).toMatchObject({
			issuer: sample.verifier.issuer,
			jwks_uri: `${sample.verifier.issuer}/oauth/discovery/keys`,
		});
	});

	test("says of a genuine token how its claims differ from the honest job's", () => {
		const differs = (id: string) =>
			sample.vectors.find((vector) => vector.id === id)?.differs;
		expect(differs("user/developer")).toEqual([
			{
				claim: "user_access_level",
				baseline: "maintainer",
				value: "developer",
			},
		]);
		expect(differs("runner/no-runner")).toContainEqual({
			claim: "runner_environment",
			baseline: "gitlab-hosted",
		});
		expect(differs("valid/baseline")).toEqual([]);
	});

	test("publishes public keys alone", () => {
		const sets = [
			sample.jwks,
			...sample.vectors.flatMap(({ jwks }) => jwks ?? []),
		];
		const known = sets
			.flatMap(({ keys }) => keys)
			.filter(({ kty }) => ["RSA", "EC", "OKP"].includes(String(kty)));
		expect(known.length).toBeGreaterThan(sets.length);
		const members = new Set(known.flatMap(Object.keys));
		const secret = ["d", "p", "q", "dp", "dq", "qi", "oth"];
		expect(secret.filter((member) => members.has(member))).toEqual([]);
		expect(text.includes("PRIVATE KEY")).toBe(false);
	});
});

/** Of each kind that is random, and others beside them. */
const CHOSEN = [
	"algorithm/alg-none",
	"algorithm/eddsa",
	"algorithm/es256-all-zero-signature",
	"algorithm/es256-with-published-ec-key",
	"algorithm/hs256-certificate",
	"algorithm/ps256",
	"encoding/jwe-to-the-public-key",
	"header/zip-deflate",
	"key/jwk-embedded",
	"key/x5c-self-signed",
	"ref/protected-tag",
	"signature/ps256-says-rs256",
	"valid/baseline",
	"valid/gitlab-15.7",
];
const scenarios = catalogue.all().filter(({ id }) => CHOSEN.includes(id));
const own = await generateKeySet();
const keys = withDerivedKeys(own);

const make = (changes: Partial<Parameters<typeof createVectors>[0]> = {}) =>
	createVectors({
		situation: {
			issuer: "https://gitlab.acme.test",
			audience: "https://rp.acme.test",
			version: LATEST_VERSION,
			plan: "ultimate",
			now: 1_900_000_000,
		},
		keys,
		scenarios,
		baseline: catalogue.find("valid/baseline"),
		...changes,
	});

describe("made again", () => {
	let one: Vectors;
	let other: Vectors;
	beforeAll(async () => {
		[one, other] = await Promise.all([make(), make()]);
	});
	const fixed = ({ vectors, ...rest }: Vectors) => ({
		...rest,
		vectors: vectors.map((vector) => ({ ...vector, token: sure(vector) })),
	});

	test("it is the same, but for what is random", () => {
		expect(one.reproducible).toBe(true);
		expect(fixed(one)).toEqual(fixed(other));
	});

	test("what is marked as random differs, and only that", () => {
		const differing = one.vectors.filter(
			({ token }, index) => token !== other.vectors[index]?.token,
		);
		const marked = one.vectors.filter(({ random }) => random);
		expect(differing.map(({ id }) => id)).toEqual(marked.map(({ id }) => id));
		expect(marked.map(({ id }) => id)).toEqual([
			"algorithm/es256-with-published-ec-key",
			"algorithm/ps256",
			"encoding/jwe-to-the-public-key",
			"signature/ps256-says-rs256",
		]);
	});

	test("with new keys it says that it will differ", async () => {
		const baseline = catalogue.find("valid/baseline");
		const made = await make({ keys: own, scenarios: [baseline] });
		expect(made.reproducible).toBe(false);
	});

	test("no private key is in it, neither the instance's nor the attacker's", async () => {
		const written = JSON.stringify(one);
		const ownSecrets = [keys.signIn, keys.ci].flatMap((key) => {
			const { d, p, q } = privateJwk(key);
			return [d, p, q].map(String);
		});
		// Where a key is brought, it is in a header.
		const headers = one.vectors.map(({ token }) =>
			Buffer.from(token.slice(0, token.indexOf(".")), "base64url").toString(),
		);
		const all = [written, ...headers].join("\n");
		const attacker = await unpublishedKey(keys.source);
		const { d, p, q, n } = privateJwk(attacker);
		expect(all.includes(String(n))).toBe(true);
		for (const secret of [...ownSecrets, d, p, q])
			expect(all.includes(String(secret))).toBe(false);
	});
});

/** What of a token is the same each time. */
function sure({ token, random }: Vector): string {
	if (random === null) return token;
	return token.slice(
		0,
		random.part === "token" ? token.indexOf(".") : token.lastIndexOf("."),
	);
}

describe("what is not made", () => {
	test("is left out with the reason: another GitLab, another job, a token that is too large", async () => {
		const chosen = [
			"pipeline/injected-job",
			"project/parent-group",
			"valid/one-mebibyte",
		].map((id) => catalogue.find(id));
		const situation = {
			issuer: "https://gitlab.acme.test",
			audience: "https://rp.acme.test",
			version: "16.0",
			plan: "ultimate" as const,
			now: 1_900_000_000,
			baseline: { project: { path: "acme/cloud/app" } },
		};
		const made = await make({ situation, scenarios: chosen });
		expect(made.vectors.map(({ id }) => id)).toEqual(["project/parent-group"]);
		expect(made.left_out).toEqual([
			{
				id: "pipeline/injected-job",
				reason: expect.stringContaining("needs GitLab"),
			},
			{
				id: "valid/one-mebibyte",
				reason: expect.stringContaining("--large"),
			},
		]);
		const large = await make({ scenarios: chosen.slice(2), large: true });
		expect(large.left_out).toEqual([]);
		expect(large.vectors[0]?.token.length).toBeGreaterThan(1024 * 1024);
	});
});

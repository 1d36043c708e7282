// A token read back: the job makes the same claims again, the version is one whose claims they are, and no name is left.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { anonymized } from "../../src/gitlab/anonymize.js";
import { type Claims, claimsOf } from "../../src/gitlab/claims.js";
import { compareClaims } from "../../src/gitlab/compare-claims.js";
import {
	guessVersion,
	TELLING_VERSIONS,
} from "../../src/gitlab/guess-version.js";
import { jobOf } from "../../src/gitlab/read-claims.js";
import { startGitLab } from "../../src/index.js";

const gitlab = await startGitLab();
const genuine = gitlab.scenarios.filter(
	({ expect, instance, token, near }) =>
		(expect === "accept" || expect === "policy") &&
		!instance &&
		!token &&
		!near,
);
await gitlab.close();

/** The tokens of every genuine job, by every version that says something else. */
async function tokens(): Promise<[name: string, version: string, Claims][]> {
	const made: [string, string, Claims][] = [];
	for (const version of TELLING_VERSIONS) {
		await using old = await startGitLab({ gitlabVersion: version });
		for (const { id } of genuine) {
			const token = await old.mint(id).catch(() => undefined);
			if (token) made.push([id, version, token.claims]);
		}
	}
	return made;
}

const again = (claims: Claims, version: string) =>
	claimsOf(jobOf(claims), {
		version,
		plan: "ultimate",
		issuer: String(claims.iss),
		audience: claims.aud as string,
		issuedAt: Number(claims.iat),
		jti: String(claims.jti),
	});

test("every genuine job's token is made again, in every version", async () => {
	const all = await tokens();
	expect(all.length).toBeGreaterThan(1000);
	const wrong = all.flatMap(([id, version, claims]) => {
		const differences = compareClaims(claims, again(claims, version));
		return differences.length > 0 ? [[id, version, differences]] : [];
	});
	expect(wrong).toEqual([]);
	const misjudged = all.flatMap(([id, version, claims]) => {
		const { differences } = guessVersion(claims, jobOf(claims));
		return differences.length > 0 ? [[id, version, differences]] : [];
	});
	expect(misjudged).toEqual([]);
}, 60_000);

interface Sample {
	gitlab: string;
	payload: Claims;
}
const samples: Sample[] = JSON.parse(
	readFileSync(
		new URL("../data/gitlab-token-samples.json", import.meta.url),
		"utf8",
	),
);

describe("a published token", () => {
	test.for(samples)("$gitlab", ({ payload }) => {
		const { version, since, differences } = guessVersion(
			payload,
			jobOf(payload),
		);
		expect({
			...{ version, since },
			differences: differences.map(({ claim }) => claim),
		}).toMatchSnapshot();
	});
	test.for(samples)(
		"$gitlab has no name when it is anonymized",
		({ payload }) => {
			const plain = anonymized(payload);
			const text = JSON.stringify(plain);
			for (const name of [
				...String(payload.project_path).split("/"),
				String(payload.user_email),
				String(payload.sha ?? "no such claim"),
				String(payload.pipeline_id),
			])
				expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`));
			const differences = (claims: Claims) =>
				guessVersion(claims, jobOf(claims)).differences.map(
					({ claim }) => claim,
				);
			expect(differences(plain)).toEqual(differences(payload));
			expect(Object.keys(plain)).toEqual(Object.keys(payload));
			expect(Object.values(plain).map((value) => typeof value)).toEqual(
				Object.values(payload).map((value) => typeof value),
			);
		},
	);
});

test("what is no job's token is refused, with the claim", () => {
	const [sample] = samples;
	const { payload } = sample as Sample;
	for (const [change, claim] of [
		[{ project_id: "x" }, "project_id"],
		[{ ref_protected: true }, "ref_protected"],
		[{ ref_type: "commit" }, "ref_type"],
		[{ iss: undefined }, "iss"],
	] as const)
		expect(() => jobOf({ ...payload, ...change })).toThrow(claim);
});

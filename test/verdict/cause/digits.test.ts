// A claim of digits has near misses of its own: who compares it sloppily is told one cause all the same.
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, expect, test } from "vitest";
import { checkRelyingParty, startGitLab } from "../../../src/index.js";

const gitlab = await startGitLab();
afterAll(() => gitlab.close());
const keys = createLocalJWKSet({ keys: [gitlab.keys.ci.jwk] } as never);

const WANTED = "4217";
const text = (value: unknown) => (typeof value === "string" ? value : "");

test.for([
	["prefix", (value) => text(value).startsWith(WANTED)],
	["suffix", (value) => text(value).endsWith(WANTED)],
	["substring", (value) => text(value).includes(WANTED)],
	["letters-behind", (value) => Number.parseInt(String(value), 10) === 4217],
	["cut-fraction", (value) => Math.trunc(Number(value)) === 4217],
	["wrapped-number", (value) => (Number(value) | 0) === 4217],
	["exponent-form", (value) => Number(value) === 4217],
] as const satisfies [string, (value: unknown) => boolean][])(
	"%s",
	async ([way, fits]) => {
		const { causes } = await checkRelyingParty({
			gitlab,
			only: ["near"],
			policy: { claims: { project_id: WANTED } },
			async verify(token, { issuer, audience }) {
				const { payload } = await jwtVerify(token, keys, {
					...{ issuer, audience },
					...{ algorithms: ["RS256"], requiredClaims: ["exp"] },
				});
				if (Array.isArray(payload.project_id) || !fits(payload.project_id))
					throw new Error("another project");
			},
		});
		expect(causes.map(({ id }) => id)).toEqual([`claim:project_id-${way}`]);
	},
);

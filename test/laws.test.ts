// The laws that every built-in scenario obeys: a new file needs no new test.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { LATEST_VERSION } from "../src/gitlab/version.js";
import { BUILT_IN, loadCatalogue } from "../src/scenario/catalogue.js";
import { FAMILIES, familyOf } from "../src/scenario/families.js";
import { isTemplate } from "../src/scenario/near/template.js";
import type { Scenario } from "../src/scenario/schema.js";
import { IMPACTS } from "../src/scenario/severity.js";
import { publicKeys } from "../src/token/keys.js";
import { verifyToken } from "../src/token/verify.js";
import {
	BUILT_IN_SURROUNDINGS,
	claimsOf,
	declared,
	differing,
	isApplicable,
	jwksOf,
	keys,
	NOW,
	tokenOf,
} from "./scenario-token.js";

const { issuer: ISSUER, audience: AUDIENCE } = BUILT_IN_SURROUNDINGS;

const jwks = publicKeys(keys);
const catalogue = await loadCatalogue([BUILT_IN]);
const files = catalogue.all();
/**
 * Those that can be made of the built-in job; test/situations.test.ts has the others. A way of near misses makes a
 * token for each claim: test/verdict/near has its laws.
 */
const all = files.filter(
	(scenario) => !isTemplate(scenario) && isApplicable(scenario),
);
const baseline = catalogue.find("valid/baseline");
/** The built-in job says so already. Another one that a user puts in its place need not. */
const AS_THE_BASELINE = new Set(["valid/baseline", "environment/none"]);

/** Each token is signed once for all laws. */
function once<T>(make: (key: T) => ReturnType<typeof tokenOf>) {
	const made = new Map<T, ReturnType<typeof tokenOf>>();
	return (key: T) => {
		const token = made.get(key) ?? make(key);
		made.set(key, token);
		return token;
	};
}
const madeOf = once((scenario: Scenario) => tokenOf(scenario, scenario.id));
const honestOf = once((id: string) => tokenOf(baseline, id));

test("the baseline passes: the accepted twin of every rejection", async () => {
	const rejected = all.filter(({ expect }) => expect === "reject");
	expect(rejected.length).toBeGreaterThan(0);
	expect(baseline.expect).toBe("accept");
	for (const { id } of rejected) {
		const { token } = await honestOf(id);
		const expected = { issuer: ISSUER, audience: AUDIENCE, keys: jwks.keys };
		expect(verifyToken(token, { ...expected, now: NOW })).toEqual([]);
	}
});

describe("the verdict", () => {
	test.for(all)("on $id is what its file says", async (scenario) => {
		const { token } = await madeOf(scenario);
		const expectation = { issuer: ISSUER, audience: AUDIENCE, now: NOW };
		const played = await jwksOf(scenario);
		const found = verifyToken(token, { ...expectation, keys: played.keys });
		if (scenario.expect === "either") {
			// In order by the keys of before or by those of now: only which of them an RP has is open.
			const before = verifyToken(token, { ...expectation, keys: jwks.keys });
			expect([found, before]).toContainEqual([]);
			return;
		}
		const expected = scenario.expect === "reject" ? [scenario.rule] : [];
		expect(found.map(({ rule }) => rule)).toEqual(expected);
	});

	// Without a kid jose asks to be told which of several keys is meant.
	const honest = all.filter(
		({ id, expect }) =>
			(expect === "accept" || expect === "policy") &&
			id !== "valid/kid-missing",
	);
	test.for(honest)("of jose on $id is the same", async (scenario) => {
		const { token } = await madeOf(scenario);
		const published = createLocalJWKSet(await jwksOf(scenario));
		const verified = jwtVerify(token, published, {
			issuer: ISSUER,
			audience: AUDIENCE,
			algorithms: ["RS256"],
			currentDate: new Date(NOW * 1000),
		});
		await expect(verified).resolves.toMatchObject({
			protectedHeader: { alg: "RS256" },
		});
	});
});

describe("one file, one fault", () => {
	test.for(all)("$id differs only in what it says", async (scenario) => {
		const made = await madeOf(scenario);
		const honest = await honestOf(scenario.id);
		const { token = {}, instance } = scenario;

		const gitlab_version = instance?.gitlab_version ?? LATEST_VERSION;
		const ofItsTime = { ...baseline, instance: { gitlab_version } };
		const claims = differing(
			made.payload as object,
			claimsOf(ofItsTime, scenario.id),
		);
		const undeclared = claims.filter((name) => !declared(scenario).has(name));
		expect(undeclared).toEqual([]);

		const named = new Set(Object.keys(token.header ?? {}));
		for (const step of token.mangle ?? []) {
			if (typeof step === "string" || !("header" in step)) continue;
			for (const name of Object.keys(step.header)) named.add(name);
		}
		const signs = token.sign;
		if (typeof signs === "object" && "key" in signs) {
			named.add("kid");
			if (signs.bring) named.add(signs.bring);
		}
		const header = differing(made.header, honest.header);
		expect(header.filter((name) => !named.has(name))).toEqual([]);

		// A fault of the instance may leave the token as it is.
		const same =
			AS_THE_BASELINE.has(scenario.id) ||
			(instance?.faults !== undefined && !scenario.job && !scenario.token);
		if (!same) expect(made.token).not.toBe(honest.token);
		else expect(made.token).toBe(honest.token);
	});

	test("no two make the same token", async () => {
		const ids = new Map<string, string>();
		const twins: [string, string][] = [];
		for (const scenario of all) {
			if (scenario.instance?.faults && !scenario.token) continue;
			if (scenario.id === "environment/none") continue;
			const { token } = await tokenOf(scenario, "one/seed");
			const text = token + JSON.stringify(scenario.instance?.faults ?? "");
			const twin = ids.get(text);
			if (twin) twins.push([twin, scenario.id]);
			ids.set(text, scenario.id);
		}
		expect(twins).toEqual([]);
	});
});

describe("the file", () => {
	test.for(files)("$id is named and headed as it should be", (scenario) => {
		expect(scenario.id).toMatch(/^[a-z0-9-]+\/[a-z0-9]+([.-][a-z0-9]+)*$/);
		expect(scenario.id).not.toMatch(/accept|reject|policy/);
		expect(scenario.title.length).toBeLessThanOrEqual(80);
		expect(scenario.title).toMatch(/[^.\s]$/);

		const [first] = readFileSync(scenario.file, "utf8").split("\n", 1);
		const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(
			String(first),
		);
		const path = join(dirname(scenario.file), String(schema?.[1]));
		expect(relative(BUILT_IN, path)).toBe("schema.json");
		expect(existsSync(path)).toBe(true);
		expect(basename(scenario.file)).toMatch(/\.yaml$/);
	});

	test.for(all)("$id says what a wrong answer costs", (scenario) => {
		expect(IMPACTS).toContain(scenario.impact);
		expect(scenario.why.length).toBeGreaterThan(40);
		expect(scenario.level).not.toBe("must"); // which is the default
	});

	test.for(["title", "why"] as const)("has a %s of its own", (part) => {
		const ids = new Map<string, string>();
		for (const { id, [part]: text } of files) {
			const words = text.replace(/\s+/g, " ").trim();
			expect([id, ids.get(words)]).toEqual([id, undefined]);
			ids.set(words, id);
		}
	});

	test("stands in a family of which something is said", () => {
		const families = new Set(files.map(({ id }) => familyOf(id)));
		expect([...families].sort()).toEqual(Object.keys(FAMILIES).sort());
	});

	test("that says nothing is the baseline alone", () => {
		expect(
			files.filter(
				({ job, token, instance, near }) =>
					!job && !token && !instance && !near,
			),
		).toEqual([baseline]);
	});
});

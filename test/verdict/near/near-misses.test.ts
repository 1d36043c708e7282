// Near misses of what a policy binds: each is let in by a relying party with just that sloppiness, and by no strict one.
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { frozenClock } from "../../../src/clock.js";
import { BUILT_IN, loadCatalogue } from "../../../src/scenario/catalogue.js";
import { type Mint, mintToken } from "../../../src/scenario/mint.js";
import { isTemplate } from "../../../src/scenario/near/template.js";
import { WAY_NAMES, type WayName } from "../../../src/scenario/near/ways.js";
import type { JobDifferences } from "../../../src/scenario/schema.js";
import { generateKeySet, publicKeys } from "../../../src/token/keys.js";
import { expectedOf } from "../../../src/verdict/expectation.js";
import {
	type NearMiss,
	nearMisses,
} from "../../../src/verdict/near/near-misses.js";
import type { Policy } from "../../../src/verdict/policy/schema.js";
import { type Comparison, SLOPPY, strict } from "./sloppy.js";

const NOW = 1_800_000_000;
const ISSUER = "https://gitlab.example.com";
const AUDIENCE = "https://rp.example.com";
const JOB: JobDifferences = {
	project: { id: 4217, path: "kite/desk.app", namespace_id: 318 },
	ref: "release/1.2",
	environment: { name: "production", protected: true },
	user: { groups_direct: ["kite"] },
};

const mint: Mint = {
	catalogue: await loadCatalogue([BUILT_IN]),
	keys: await generateKeySet(),
	clock: frozenClock(NOW),
	issuer: ISSUER,
	version: "19.1",
	plan: "ultimate",
	audience: AUDIENCE,
	baseline: JOB,
};
const files = mint.catalogue.all();
const ways = files.filter(isTemplate);
const honest = await mintToken(mint, { scenario: "valid/baseline" });
const near = (policy: Policy) =>
	nearMisses(files, honest, { policy, issuer: ISSUER, audience: AUDIENCE });
const tokenOf = ({ base, wishes }: NearMiss) =>
	mintToken(mint, { scenario: base, blocks: wishes });
/** The same, made of what it says rather than by its name. */
const spelledOut = ({ scenario: { job, token } }: NearMiss) =>
	mintToken(mint, { scenario: "valid/baseline", blocks: { job, token } });
const idsOf = (misses: readonly NearMiss[]) =>
	misses.map(({ scenario }) => scenario.id);

/** What a policy of exact values binds. */
const BOUND = {
	sub: "project_path:kite/desk.app:ref_type:branch:ref:release/1.2",
	project_path: "kite/desk.app",
	project_id: "4217",
	ref: "release/1.2",
	ref_protected: "true",
	environment: "production",
	runner_id: honest.claims.runner_id as number,
} as const;
const exact = near({ claims: BOUND });
const wanted = { iss: ISSUER, aud: AUDIENCE, ...BOUND };

test("the files and the ways are the same, a file each", () => {
	const names = readdirSync(`${BUILT_IN}/near`);
	expect(names).toEqual([...WAY_NAMES].sort().map((way) => `${way}.yaml`));
	for (const { id, near } of ways) expect(id).toBe(`near/${near.way}`);
	expect(ways).toHaveLength(WAY_NAMES.length);
	expect(Object.keys(SLOPPY).sort()).toEqual([...WAY_NAMES].sort());
});

describe("a relying party that is sloppy in one way", () => {
	/** Every bound claim is compared, all but one of them strictly. */
	const letsIn = (
		claims: Readonly<Record<string, unknown>>,
		sloppyAbout: string,
		comparison: Comparison,
	) =>
		Object.entries(wanted).every(([name, value]) =>
			(name === sloppyAbout ? comparison : strict)(claims, name, value),
		);

	test.for(WAY_NAMES)("%s, lets in that way's near miss", async (way) => {
		const comparison = SLOPPY[way];
		const own = exact.filter(({ scenario }) =>
			scenario.id.startsWith(`near/${way}:`),
		);
		expect(own.length).toBeGreaterThan(0);
		for (const name of Object.keys(wanted))
			expect(letsIn(honest.claims, name, comparison)).toBe(true);
		const fooled: string[] = [];
		for (const miss of own) {
			const { claims } = await tokenOf(miss);
			const [, name = ""] = /^[^:]*:([^:=]*)/.exec(miss.scenario.id) ?? [];
			const value = wanted[name as keyof typeof wanted];
			if (comparison(claims, name, value)) fooled.push(miss.scenario.id);
			expect(strict(claims, name, value), miss.scenario.id).toBe(false);
		}
		// Each of them is what the way is about, and not another way's.
		expect(fooled).toEqual(idsOf(own));
	});

	test("about one claim alone, where others are bound too, is found", async () => {
		const policy: Policy = { claims: { ref: BOUND.ref, project_id: "4217" } };
		const found: string[] = [];
		for (const miss of near(policy)) {
			const { claims } = await tokenOf(miss);
			if (
				SLOPPY.prefix(claims, "ref", BOUND.ref) &&
				strict(claims, "project_id", "4217") &&
				strict(claims, "iss", ISSUER) &&
				strict(claims, "aud", AUDIENCE)
			)
				found.push(miss.scenario.id);
		}
		expect(found).toContain("near/prefix:ref");
	});

	test("is told from a strict one, which lets in none", async () => {
		for (const miss of exact) {
			const { claims } = await tokenOf(miss);
			expect(letsIn(claims, "", strict), miss.scenario.id).toBe(false);
		}
	});
});

describe("a correct relying party", () => {
	const policies: Record<string, Policy> = {
		exact: { claims: BOUND },
		lists: {
			claims: {
				ref: ["release/1.2", "v1.0"],
				project_path: ["kite/desk.app", "kite/b"],
			},
		},
		globs: {
			claims: {
				project_path: { glob: "kite/*" },
				ref: { like: "release/?.*" },
			},
		},
		regex: {
			claims: {
				ref: { regex: "^release/\\d+\\.\\d+$" },
				sub: { regex: "^project_path:kite/desk\\.app:" },
			},
		},
		ends: {
			claims: {
				project_path: { "starts-with": "kite/" },
				ref: { "ends-with": "/1.2" },
			},
		},
		"any of": {
			any_of: [
				{ claims: { project_id: "4217", ref: "release/1.2" } },
				{ claims: { project_id: "77", environment: "staging" } },
			],
		},
		all: {
			claims: { ref: { all: [{ glob: "release/*" }, { not: "release/9" }] } },
		},
		required: { required: ["environment", "job_id"] },
		nothing: {},
	};
	test.for(Object.entries(policies))(
		"with %s refuses each",
		async ([, policy]) => {
			const misses = near(policy);
			expect(misses.length).toBeGreaterThan(30);
			const circumstances = {
				issuer: ISSUER,
				audience: AUDIENCE,
				keys: publicKeys(mint.keys).keys,
				now: NOW,
				policy,
			};
			const shown = await mintToken(mint, { scenario: "valid/baseline" });
			const control = expectedOf(
				mint.catalogue.find("valid/baseline"),
				shown,
				circumstances,
			);
			expect(control.outcome).toBe("accepted");
			for (const miss of misses) {
				const token = await tokenOf(miss);
				const expected = expectedOf(miss.scenario, token, circumstances);
				expect([miss.scenario.id, expected.outcome]).toEqual([
					miss.scenario.id,
					"rejected",
				]);
				// A genuine token breaks the policy and nothing else.
				if (miss.scenario.expect === "policy")
					expect(expected.rule).toBe("policy");
				if (/:(iss|aud)(:|$)/.test(miss.scenario.id))
					expect(expected.rule).toBe(miss.scenario.rule);
			}
			expect(new Set(idsOf(misses)).size).toBe(misses.length);
		},
	);
});

test("each can be asked for by its name, and is the same token", async () => {
	for (const policy of [
		{ claims: BOUND },
		{ claims: { ref: { glob: "release/*" } } },
		{
			claims: {
				ref: ["release/1.2", "v1.k"],
				user_login: ["sample-user", "k"],
			},
		},
		{ claims: { "/user_identities/0/provider": "x", groups_direct: "kite" } },
	] satisfies Policy[]) {
		for (const miss of near(policy)) {
			const { id } = miss.scenario;
			const [one, other] = [
				await spelledOut(miss),
				await mintToken(mint, { scenario: id }),
			];
			expect(other.scenario).toBe(id);
			const { jti: _, ...claims } = one.claims;
			expect(other.claims).toMatchObject(claims);
			expect(Object.keys(other.claims)).toEqual(Object.keys(one.claims));
		}
	}
});

describe("what the policy admits is not asked", () => {
	test.for<[Policy, string[]]>([
		[{ claims: { ref: { glob: "release/*" } } }, ["near/folder-below:ref"]],
		[
			{ claims: { ref: { equals: "release/1.2", "ignore-case": true } } },
			["near/letter-case:ref"],
		],
		[
			{ claims: { ref: { equals: "release/1.2", missing: "ok" } } },
			["near/missing:ref", "near/null:ref"],
		],
		[
			{ claims: { ref: { "starts-with": "release/1.2" } } },
			["near/newline:ref", "near/nul:ref"],
		],
		[{ required: ["ref"] }, ["near/empty:ref", "near/truthy:ref"]],
		[
			{},
			["near/list-with-others:aud", "near/list-of-one:aud", "near/prefix:sub"],
		],
	])("%j", ([policy, ids]) => {
		const asked = idsOf(near(policy));
		expect(ids.filter((id) => asked.includes(id))).toEqual([]);
		const twins = idsOf(
			near({
				audience: "single",
				claims: { ref: "release/1.2", sub: BOUND.sub },
			}),
		);
		expect(
			ids.filter((id) => !twins.includes(id) && id !== "near/list-of-one:aud"),
		).toEqual([]);
	});
});

describe("what GitLab issues", () => {
	const byId = new Map(exact.map((miss) => [miss.scenario.id, miss]));

	test.for<[string, string[]]>([
		["near/prefix:project_path", ["kite/desk.app-evil"]],
		["near/suffix:project_path", ["evil/kite/desk.app"]],
		["near/any-character:project_path", ["kite/deskxapp"]],
		["near/last-segment:project_path", ["evil/desk.app"]],
		["near/folder-below:project_path", ["kite/desk.app/evil"]],
	])("%s is another project, in all claims", async ([id, [path]]) => {
		const miss = byId.get(id) as NearMiss;
		const { claims } = await tokenOf(miss);
		expect(miss.scenario).toMatchObject({ expect: "policy", level: "must" });
		expect(miss.scenario.rule).toBeUndefined();
		expect(claims).toMatchObject({
			project_path: path,
			namespace_path: path?.replace(/\/[^/]*$/, ""),
			sub: `project_path:${path}:ref_type:branch:ref:release/1.2`,
			ci_config_ref_uri: `gitlab.example.com/${path}//.gitlab-ci.yml@refs/heads/release/1.2`,
		});
		expect(claims.project_id).not.toBe("4217");
	});

	test.for([
		["near/prefix:ref", "release/1.2-evil"],
		["near/compatibility-form:ref", "release/1.\uff12"],
		["near/long-s:ref", "relea\u017fe/1.2"],
		["near/letter-case:ref", "RELEASE/1.2"],
	])("%s is another branch, in all claims", async ([id = "", ref]) => {
		const miss = byId.get(id) as NearMiss;
		const { claims } = await tokenOf(miss);
		expect(miss.scenario.expect).toBe("policy");
		expect(claims).toMatchObject({
			ref,
			ref_path: `refs/heads/${ref}`,
			sub: `project_path:kite/desk.app:ref_type:branch:ref:${ref}`,
		});
	});

	test.for([
		["near/truthy:ref_protected", { ref_protected: "false" }],
		["near/missing:environment", { deployment_tier: undefined }],
		["near/more-digits:project_id", { project_id: "42170" }],
		["near/wrapped-number:runner_id", {}],
		["near/prefix:sub", { ref: "release/1.2-evil" }],
		["near/letter-case:sub", { ref: "RELEASE/1.2" }],
		[
			"near/prefix:environment",
			{ environment: "production-evil", deployment_tier: "production" },
		],
	] as const)("%s is genuine", async ([id, claims]) => {
		const miss = byId.get(id) as NearMiss;
		expect(miss.scenario.expect).toBe("policy");
		const token = await tokenOf(miss);
		for (const [name, value] of Object.entries(claims))
			expect(token.claims[name]).toBe(value);
	});

	test.for([
		"near/letter-case:project_path", // no two paths of one GitLab differ so
		"near/folder-above:project_path",
		"near/kelvin-sign:project_path",
		"near/newline:ref",
		"near/nul:ref",
		"near/blanks:ref",
		"near/null:environment",
		"near/missing:ref",
		"near/prefix:iss",
		"near/prototype:ref",
	])("%s is not: it is forged in that claim alone", async (id) => {
		const miss = byId.get(id) as NearMiss;
		expect(miss.scenario).toMatchObject({
			expect: "reject",
			rule: expect.any(String),
		});
		const { claims } = await tokenOf(miss);
		const changed = Object.keys(honest.claims).filter(
			(name) =>
				name !== "jti" &&
				JSON.stringify(claims[name]) !== JSON.stringify(honest.claims[name]),
		);
		expect(changed).toEqual([id.replace(/^.*:/, "")]);
	});

	test("a job asks for any audience: the token is genuine, and for another", () => {
		expect(byId.get("near/suffix:aud")?.scenario).toMatchObject({
			expect: "reject",
			rule: "audience",
			why: expect.stringContaining("GitLab issues such tokens."),
		});
	});
});

describe("what it costs to take it", () => {
	test.for([
		["near/prefix:project_path", "escalation", undefined],
		["near/newline:ref", "escalation", "gitlab-errs"],
		["near/missing:ref", "escalation", "gitlab-errs"],
		["near/letter-case:ref", "escalation", undefined],
		["near/letter-case:project_path", "hygiene", "gitlab-errs"],
		["near/prefix:aud", "replay", undefined],
		["near/null:aud", "replay", "gitlab-errs"],
		["near/prefix:iss", "forgery", undefined],
		["near/list-with-others:iss", "forgery", undefined],
		["near/letter-case:iss", "hygiene", "gitlab-errs"],
		["near/null:iss", "escalation", "gitlab-errs"],
	] as const)("%s: %s", ([id, impact, only_if]) => {
		const found = exact.find(({ scenario }) => scenario.id === id);
		expect(found?.scenario).toMatchObject({ impact, level: "must" });
		expect(found?.scenario.only_if).toBe(only_if);
	});

	test("a list that the policy admits, and GitLab's types do not, is no must", () => {
		const bindings = { issuer: ISSUER, audience: AUDIENCE };
		const levelOf = (list: "never" | undefined) =>
			nearMisses(files, honest, {
				...bindings,
				policy: { claims: { ref: { equals: BOUND.ref, list } } },
			}).find(({ scenario }) => scenario.id === "near/list-with-others:ref")
				?.scenario.level;
		expect(levelOf(undefined)).toBe("may");
		expect(levelOf("never")).toBe("must");
	});
});

describe("a claim within another", () => {
	test("is changed there, and nothing beside it", async () => {
		const identities = [{ provider: "kerberos", extern_uid: "u1" }];
		const baseline = { ...JOB, user: { identities } };
		const own = { ...mint, baseline };
		const token = await mintToken(own, {});
		const misses = nearMisses(files, token, {
			policy: {
				claims: {
					"/user_identities/0/provider": { equals: "kerberos", list: "never" },
				},
			},
			issuer: ISSUER,
			audience: AUDIENCE,
		});
		const values = new Map<string, unknown>();
		for (const { scenario, base, wishes } of misses) {
			const made = await mintToken(own, { scenario: base, blocks: wishes });
			values.set(scenario.id, made.claims.user_identities);
		}
		const at = (way: WayName) =>
			values.get(`near/${way}:/user_identities/0/provider`);
		expect(at("prefix")).toEqual([
			{ provider: "kerberos-evil", extern_uid: "u1" },
		]);
		expect(at("missing")).toEqual([{ extern_uid: "u1" }]);
		expect(at("member-name-case")).toEqual([
			{ Provider: "kerberos", extern_uid: "u1" },
		]);
		expect(at("list-of-one")).toEqual([
			{ provider: ["kerberos"], extern_uid: "u1" },
		]);
		expect(at("object")).toEqual([
			{ provider: { kerberos: true }, extern_uid: "u1" },
		]);
	});

	test("of a list that is bound, each entry is changed", async () => {
		const own = { ...mint, baseline: { ...JOB, ci_jwt_groups_direct: true } };
		const token = await mintToken(own, {});
		expect(token.claims.groups_direct).toEqual(["kite"]);
		const misses = nearMisses(files, token, {
			policy: { claims: { groups_direct: "kite" } },
			issuer: ISSUER,
			audience: AUDIENCE,
		});
		const miss = misses.find(
			({ scenario }) => scenario.id === "near/prefix:groups_direct",
		);
		expect(miss?.scenario.expect).toBe("policy");
		expect(miss?.scenario.job).toEqual({
			user: { groups_direct: ["kite-evil"] },
		});
	});
});

describe("how many", () => {
	test("at most one for each way and claim", () => {
		expect(exact.length).toBeLessThanOrEqual(
			WAY_NAMES.length * Object.keys(wanted).length,
		);
	});

	test("few more where a claim has many values", () => {
		const ref = Array.from({ length: 2000 }, (_, index) => `r${index}.k`);
		const claims = { ...BOUND, ref: [BOUND.ref, ...ref] };
		expect(near({ claims }).length).toBeLessThan(
			2 * near({ claims: BOUND }).length,
		);
	});

	test("a list of values: the wanted one, and another where that has no dot", () => {
		const own = nearMisses(
			files,
			{ claims: { ...honest.claims, ref: "main" } },
			{
				policy: { claims: { ref: ["main", "v1.2", "v1.3"] } },
				issuer: ISSUER,
				audience: AUDIENCE,
			},
		);
		const ids = idsOf(own).filter((id) =>
			/^near\/(any-character|prefix|folder-above):ref/.test(id),
		);
		expect(ids).toEqual(["near/any-character:ref=v1.2", "near/prefix:ref"]);
	});
});

// The laws that every built-in scenario obeys: a new file needs no new test.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { PATHS } from "../src/gitlab/discovery.js";
import type { Job } from "../src/gitlab/job.js";
import { LATEST_VERSION } from "../src/gitlab/version.js";
import { BUILT_IN, loadCatalogue } from "../src/scenario/catalogue.js";
import { compile } from "../src/scenario/compile.js";
import { FAMILIES, familyOf } from "../src/scenario/families.js";
import type { Scenario } from "../src/scenario/schema.js";
import { IMPACTS } from "../src/scenario/severity.js";
import { publishedKeys } from "../src/token/jwks.js";
import { generateKeySet, publicKeys } from "../src/token/keys.js";
import { type MadeToken, makeToken } from "../src/token/make.js";
import { verifyToken } from "../src/token/verify.js";

const NOW = 1_800_000_000;
const ISSUER = "https://gitlab.example.com";
const AUDIENCE = "https://rp.example.com";
const JTI = "6f1c52bb-6f0e-4f2c-9a38-3a52f6f2f3c1";

const keys = await generateKeySet();
const jwks = publicKeys(keys);
const catalogue = await loadCatalogue([BUILT_IN]);
const all = catalogue.all();
const baseline = catalogue.find("valid/baseline");

/** The token of a scenario, with the ids of the scenario `seed` and always the same jti. */
async function tokenOf(scenario: Scenario, seed: string): Promise<MadeToken> {
	const { mangle, ...plan } = compile(
		{ ...scenario, id: seed },
		{
			issuer: ISSUER,
			version: LATEST_VERSION,
			plan: "ultimate",
			now: NOW,
			audience: AUDIENCE,
		},
	);
	const withJti = (payload: unknown) => {
		const claims = payload as Record<string, unknown>;
		const kept = scenario.token?.claims?.jti !== undefined;
		return kept ? claims : { ...claims, jti: JTI };
	};
	return makeToken(
		{
			...plan,
			payload: withJti(plan.payload),
			mangle: mangle.map((step) =>
				typeof step === "object" && "payload" in step
					? { payload: withJti(step.payload) }
					: step,
			),
		},
		keys,
	);
}

/** The JWKS while the scenario is played. */
async function jwksOf({ instance }: Scenario) {
	const { publish, keys: change } = instance?.faults?.[PATHS.keys] ?? {};
	return { keys: await publishedKeys(keys, publish, change) };
}

test("the baseline passes: the accepted twin of every rejection", async () => {
	const rejected = all.filter(({ expect }) => expect === "reject");
	expect(rejected.length).toBeGreaterThan(0);
	expect(baseline.expect).toBe("accept");
	for (const { id } of rejected) {
		const { token } = await tokenOf(baseline, id);
		const expected = { issuer: ISSUER, audience: AUDIENCE, keys: jwks.keys };
		expect(verifyToken(token, { ...expected, now: NOW })).toEqual([]);
	}
});

describe("the verdict", () => {
	test.for(all)("on $id is what its file says", async (scenario) => {
		const { token } = await tokenOf(scenario, scenario.id);
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
		const { token } = await tokenOf(scenario, scenario.id);
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

const FORK =
	"project_id project_path namespace_id namespace_path job_project_id job_project_path job_namespace_id job_namespace_path project_visibility ci_config_ref_uri sub";

/** The claims that GitLab derives from a key of the job, by the key's path or the beginning of it. */
const DERIVED: Record<keyof Job | `${keyof Job}.${string}`, string> = {
	id: "job_id",
	project: "",
	"project.id": "project_id job_project_id",
	"project.path":
		"project_path namespace_path job_project_path job_namespace_path ci_config_ref_uri sub",
	"project.namespace_id": "namespace_id job_namespace_id",
	"project.visibility": "project_visibility",
	fork_of: FORK,
	user: "user_id user_login user_email user_access_level groups_direct user_identities",
	"user.id": "user_id",
	"user.login": "user_login",
	"user.email": "user_email",
	"user.access_level": "user_access_level",
	"user.groups_direct": "groups_direct",
	"user.identities": "user_identities",
	ref: "ref ref_path ci_config_ref_uri sub",
	ref_type: "ref_type ref_path ci_config_ref_uri sub",
	ref_protected: "ref_protected sub",
	sha: "sha ci_config_sha",
	"pipeline.id": "pipeline_id",
	"pipeline.source": "pipeline_source job_source",
	pipeline: "",
	environment:
		"environment environment_protected deployment_tier environment_action sub",
	runner: "runner_id runner_environment",
	"runner.id": "runner_id",
	"runner.environment": "runner_environment",
	config: "ci_config_ref_uri ci_config_sha",
	policy: "job_source job_config",
	timeout: "exp",
	target_audience: "target_audience",
	sub_components: "sub",
	ci_jwt_groups_direct: "groups_direct",
};

/** The paths of what a mapping says, as far as the table has them. */
function pathsIn(value: unknown, path: string): string[] {
	const deeper = Object.keys(DERIVED).some((key) => key.startsWith(`${path}.`));
	if (path && !(deeper && typeof value === "object" && value !== null)) {
		return [path];
	}
	return Object.entries(value ?? {}).flatMap(([name, inner]) =>
		pathsIn(inner, path ? `${path}.${name}` : name),
	);
}

/** The claims that may differ from the baseline's, because the file says so. */
function declared({ job, token = {}, instance }: Scenario): Set<string> {
	const changed = (token.mangle ?? []).flatMap((step) =>
		typeof step === "object" && "claims" in step
			? Object.keys(step.claims)
			: [],
	);
	return new Set([
		...pathsIn(job, "").flatMap((path) =>
			String(DERIVED[path as keyof Job]).split(" "),
		),
		...Object.keys(token.claims ?? {}),
		...changed,
		...(token.issued ? ["iat", "nbf", "exp"] : []),
		...(instance?.plan ? ["environment_protected", "sub"] : []),
	]);
}

/** The names of the members that differ, are missing or are added. */
const differing = (a: object, b: object): string[] => {
	const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
	return [...new Set([...one.keys(), ...other.keys()])].filter(
		(name) => JSON.stringify(one.get(name)) !== JSON.stringify(other.get(name)),
	);
};

/** The baseline says so already. Another job that a user puts in its place need not. */
const AS_THE_BASELINE = new Set(["valid/baseline", "environment/none"]);

describe("one file, one fault", () => {
	test.for(all)("$id differs only in what it says", async (scenario) => {
		const made = await tokenOf(scenario, scenario.id);
		const honest = await tokenOf(baseline, scenario.id);
		const { token = {}, instance } = scenario;

		const gitlab_version = instance?.gitlab_version ?? LATEST_VERSION;
		const ofItsTime = await tokenOf(
			{ ...baseline, instance: { gitlab_version } },
			scenario.id,
		);
		const claims = differing(
			made.payload as object,
			ofItsTime.payload as object,
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
	test.for(all)("$id is named and headed as it should be", (scenario) => {
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

	test("has a reason of its own", () => {
		const ids = new Map<string, string>();
		for (const { id, why } of all) {
			expect([id, ids.get(why)]).toEqual([id, undefined]);
			ids.set(why, id);
		}
	});

	test("without an environment differs where the baseline has one", async () => {
		const none = catalogue.find("environment/none");
		const situation = {
			issuer: ISSUER,
			version: LATEST_VERSION,
			plan: "ultimate",
			now: NOW,
			audience: AUDIENCE,
			baseline: { environment: { name: "production" } },
		} as const;
		expect(compile(none, situation).payload).not.toHaveProperty("environment");
		expect(compile(baseline, situation).payload).toHaveProperty(
			"environment",
			"production",
		);
	});

	test("stands in a family of which something is said", () => {
		const families = new Set(all.map(({ id }) => familyOf(id)));
		expect([...families].sort()).toEqual(Object.keys(FAMILIES).sort());
	});

	test("that says nothing is the baseline alone", () => {
		expect(
			all.filter(({ job, token, instance }) => !job && !token && !instance),
		).toEqual([baseline]);
	});
});

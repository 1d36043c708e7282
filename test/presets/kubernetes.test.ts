// Authentication configurations: for each, what the policy says of tokens is what the API server says of them.
import { afterAll, describe, expect, test } from "vitest";
import { kubernetesPreset } from "../../src/presets/kubernetes.js";
import {
	judgePolicy,
	leewayOf,
	letsEverythingIn,
	usesClaim,
} from "../../src/verdict/policy/judge.js";
import { oracle } from "./cel-oracle.js";
import {
	type Authenticate,
	kubernetesServer,
	REVIEWER,
} from "./kubernetes-server.js";
import {
	ask,
	expected,
	gitlabAt,
	type Outcome,
	SITUATIONS,
	serve,
} from "./service.js";

const AUDIENCE = "https://k8s.example.com";
const gitlab = await gitlabAt(1_800_000_000);
afterAll(() => gitlab.close());

const username = { claim: "sub", prefix: "gitlab:" };
const configOf = (authenticator: object, ...others: object[]) => ({
	apiVersion: "apiserver.config.k8s.io/v1",
	kind: "AuthenticationConfiguration",
	jwt: [
		{
			issuer: { url: gitlab.issuer, audiences: [AUDIENCE] },
			claimMappings: { username },
			...authenticator,
		},
		...others,
	],
});

const isTrue = (source: string, variables: object) =>
	oracle(source)({ ...variables }) === true;
const subject = ({ sub }: Record<string, unknown>) =>
	typeof sub === "string" ? `gitlab:${sub}` : undefined;

const CASES: Record<string, { config: object; authenticate: Authenticate }> = {
	"any job": { config: {}, authenticate: subject },
	"a required value": {
		config: {
			claimValidationRules: [
				{ claim: "project_id", requiredValue: "4217" },
				{ claim: "ref_protected", requiredValue: "true" },
			],
		},
		authenticate: (claims) =>
			claims.project_id === "4217" && claims.ref_protected === "true"
				? subject(claims)
				: undefined,
	},
	"rules in CEL": {
		config: {
			claimValidationRules: [
				{
					expression: "claims.namespace_path.startsWith('my-group')",
					message: "which group?",
				},
				{
					expression:
						"claims.ref == 'main' || (has(claims.environment) && claims.environment == 'production')",
				},
			],
		},
		authenticate: (claims) =>
			isTrue("claims.namespace_path.startsWith('my-group')", { claims }) &&
			(claims.ref === "main" || claims.environment === "production")
				? subject(claims)
				: undefined,
	},
	"what may be missing": {
		config: {
			claimValidationRules: [
				{ expression: "claims.?environment.orValue('none') != 'production'" },
				{ expression: "claims.ref.find('^[a-z]+$') != ''" },
			],
		},
		authenticate: (claims) =>
			claims.environment !== "production" && /^[a-z]+$/.test(String(claims.ref))
				? subject(claims)
				: undefined,
	},
	"a rule on the user": {
		config: {
			claimMappings: {
				username: {
					expression: "claims.environment + '@' + claims.project_path",
				},
				groups: { claim: "groups_direct", prefix: "gitlab:" },
				uid: { claim: "project_id" },
				extra: [{ key: "gitlab.com/ref", valueExpression: "claims.ref" }],
			},
			userValidationRules: [
				{ expression: "user.username.endsWith('@my-group/my-project')" },
				{ expression: "user.groups.all(g, g.startsWith('gitlab:'))" },
				{ expression: "user.extra['gitlab.com/ref'][0] == 'main'" },
			],
		},
		authenticate: (claims) => {
			const name = `${claims.environment}@${claims.project_path}`;
			return typeof claims.environment === "string" &&
				name.endsWith("@my-group/my-project") &&
				claims.ref === "main"
				? name
				: undefined;
		},
	},
};

const tokens = await Promise.all(
	SITUATIONS.map(async (id) => ({
		id,
		...(await gitlab.mint(id, { aud: AUDIENCE })),
	})),
);

test.for([
	...Object.keys(CASES).map((name) => [name, undefined] as const),
	["rules in CEL", REVIEWER] as const,
])("%s, asked with %s: as the server", async ([name, reviewerToken]) => {
	const { config, authenticate } = CASES[name] ?? expect.fail(name);
	await using server = await kubernetesServer(gitlab, [AUDIENCE], authenticate);
	const preset = await kubernetesPreset({
		url: server.url,
		configuration: configOf(config),
		reviewerToken,
	});
	const said: Record<string, Outcome> = {};
	const meant: Record<string, Outcome> = {};
	for (const minted of tokens) {
		said[minted.id] = await ask(preset, minted.token);
		meant[minted.id] = await expected(gitlab, preset, minted);
	}
	expect(meant).toEqual(said);
	const accepted = Object.values(said).filter(
		(outcome) => outcome === "accepted",
	);
	expect(accepted.length).toBeGreaterThan(0);
	expect(accepted.length).toBeLessThan(SITUATIONS.length);
});

const presetOf = (authenticator: object, ...others: object[]) =>
	kubernetesPreset({
		url: "https://k8s.example.com:6443",
		configuration: configOf(authenticator, ...others),
		issuer: gitlab.issuer,
	});

describe("a preset", () => {
	const claims = { iss: gitlab.issuer, sub: "a", ref: "main" };
	test("has go-oidc's leeway", async () => {
		const { policy } = await presetOf({});
		expect(leewayOf(policy)).toEqual({ exp: 0, nbf: 300, iat: 0 });
	});
	test("without a rule lets everything in, and says so", async () => {
		const open = await presetOf({});
		expect(letsEverythingIn(open.policy)).toBe(true);
		expect(open.notes.join()).toContain("no rule");
		const rules = [{ claim: "project_id", requiredValue: "1" }];
		const shut = await presetOf({ claimValidationRules: rules });
		expect(letsEverythingIn(shut.policy)).toBe(false);
		expect(shut.notes.join()).not.toContain("no rule");
	});
	test("takes null for an empty name and no groups, and no other type", async () => {
		const groups = { claim: "groups_direct", prefix: "x:" };
		const { policy } = await presetOf({ claimMappings: { username, groups } });
		const unmet = (more: object) => judgePolicy({ ...claims, ...more }, policy);
		expect(unmet({})).toEqual([]);
		expect(unmet({ sub: null, groups_direct: null })).toEqual([]);
		expect(unmet({ groups_direct: "acme" })).toEqual([]);
		expect(unmet({ sub: 1 })).toHaveLength(1);
		expect(unmet({ sub: undefined })).toHaveLength(1);
		expect(unmet({ groups_direct: [1] })).toHaveLength(1);
		expect(unmet({ groups_direct: {} })).toHaveLength(1);
	});
	test("refuses an empty name by CEL alone", async () => {
		const named = async (name: object) => {
			const mappings = { claimMappings: { username: name } };
			const { policy } = await presetOf(mappings);
			return judgePolicy({ ...claims, sub: "" }, policy);
		};
		expect(await named({ expression: "claims.sub" })).toHaveLength(1);
		expect(await named({ claim: "sub", prefix: "" })).toEqual([]);
	});
	test("refuses a token whose user cannot be made, whatever the rules look at", async () => {
		const { policy } = await presetOf({
			claimMappings: { username, uid: { expression: "claims.nope" } },
			userValidationRules: [{ expression: "user.username != ''" }],
		});
		expect(judgePolicy(claims, policy).join()).toContain("nope");
	});
	test("tells which claims a rule on the user is about", async () => {
		const { policy } = await presetOf({
			claimMappings: { username: { claim: "user_login", prefix: "" } },
			userValidationRules: [{ expression: "user.username == 'chris'" }],
		});
		expect(usesClaim(policy, "user_login")).toBe(true);
		expect(policy.expression?.parts.at(-1)?.named).toEqual([
			{ path: "user_login", text: "chris" },
		]);
	});
	test("takes the issuer that is asked for", async () => {
		const other = {
			issuer: { url: "https://elsewhere.example", audiences: ["x"] },
			claimMappings: { username },
		};
		expect((await presetOf({}, other)).audience).toBe(AUDIENCE);
		const url = "https://k8s.example.com";
		const configuration = configOf({}, other);
		await expect(kubernetesPreset({ url, configuration })).rejects.toThrow(
			"several issuers",
		);
	});
});

const REVIEWED = { kind: "TokenReview", status: { authenticated: true } };
test.for([
	[undefined, 201, { status: { userInfo: { username: "a" } } }, "accepted"],
	[
		undefined,
		201,
		{ status: { userInfo: { username: "system:anonymous" } } },
		"rejected",
	],
	[undefined, 401, { reason: "Unauthorized" }, "rejected"],
	[undefined, 403, { message: 'User "system:anonymous" cannot' }, "rejected"],
	[undefined, 403, { message: 'User "gitlab:x" cannot' }, "broken"],
	[undefined, 404, "not found", "broken"],
	[undefined, 500, { reason: "InternalError" }, "broken"],
	["r", 201, REVIEWED, "accepted"],
	["r", 201, { ...REVIEWED, status: { error: "no" } }, "rejected"],
	["r", 201, { ...REVIEWED, status: { authenticated: false } }, "rejected"],
	["r", 401, { reason: "Unauthorized" }, "broken"],
	["r", 403, { reason: "Forbidden" }, "broken"],
] as const)(
	"%s: %s %j is %s",
	async ([reviewerToken, status, body, outcome]) => {
		await using server = await serve(() => ({ status, body }));
		const preset = await kubernetesPreset({
			url: server.url,
			configuration: configOf({}),
			reviewerToken,
		});
		expect(await ask(preset, "x.y.z")).toBe(outcome);
	},
);

describe("refused", () => {
	const rule = (expression: string) => ({
		claimValidationRules: [{ expression }],
	});
	test.for([
		[{ issuer: { url: gitlab.issuer, audiences: [] } }, "audiences"],
		[{ claimMappings: {} }, "username"],
		[
			{
				claimMappings: { username: { claim: "sub", expression: "claims.sub" } },
			},
			"claim (with prefix) or expression",
		],
		[
			{
				claimMappings: { username: { prefix: "x", expression: "claims.sub" } },
			},
			"claim (with prefix) or expression",
		],
		[
			{ claimValidationRules: [{}] },
			"claim (with requiredValue) or expression",
		],
		[rule("claims.ref =="), "claimValidationRules[0].expression, character"],
		[rule("user.username == 'x'"), "Unknown variable: user"],
		[rule("claims.sub + 'x'"), "it is string, not true or false"],
		[rule("claims.sub.find('(') == ''"), "no regular expression of RE2"],
		[
			{ userValidationRules: [{ expression: "claims.sub == 'x'" }] },
			"userValidationRules[0].expression, character 1: Unknown variable",
		],
	] as const)("%j", async ([authenticator, message]) => {
		await expect(presetOf(authenticator)).rejects.toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
	test.for([
		[{ url: "k8s" }, "Kubernetes URL"],
		[{ reviewerToken: "a b" }, "Kubernetes reviewer"],
		[{ reviewerToken: "{token}" }, "Kubernetes reviewer"],
		[{ configuration: null }, "Kubernetes authentication configuration"],
		[{ configuration: { kind: "Pod" } }, "kind"],
		[{ issuer: "https://elsewhere.example" }, "does not trust"],
	] as const)("%j", async ([options, message]) => {
		const preset = kubernetesPreset({
			url: "https://k8s.example.com",
			configuration: configOf({}),
			...options,
		});
		await expect(preset).rejects.toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
});

// Workload identity providers: for each, what the policy says of tokens is what the token endpoint says of them.
import { afterAll, describe, expect, test } from "vitest";
import { gcpPreset } from "../../src/presets/gcp.js";
import { letsEverythingIn } from "../../src/verdict/policy/judge.js";
import { gcpServer, type PoolProvider } from "./gcp-server.js";
import {
	ask,
	expected,
	gitlabAt,
	type Outcome,
	SITUATIONS,
	serve,
} from "./service.js";

const NAME =
	"projects/123456/locations/global/workloadIdentityPools/ci/providers/gitlab";
const AUDIENCE = "https://gcp.example.com";
const gitlab = await gitlabAt(1_800_000_000);
afterAll(() => gitlab.close());

type Settings = Pick<PoolProvider, "mapping" | "condition">;
const SUB = { "google.subject": "assertion.sub" };

const CASES: Record<string, Settings> = {
	"nothing but the subject": { mapping: SUB },
	"gcloud's own example": { mapping: SUB, condition: "true" },
	"a short subject": {
		mapping: {
			"google.subject": "assertion.project_id",
			"attribute.path": "assertion['project_path']",
		},
		condition: "attribute.path == 'my-group/my-project'",
	},
	"a computed subject": {
		mapping: {
			"google.subject": `"gitlab::" + assertion.project_id + "::" + assertion.ref`,
		},
		condition: "google.subject.startsWith('gitlab::4217::')",
	},
	"project and ref": {
		mapping: { ...SUB, "attribute.ref": "assertion.ref" },
		condition: `assertion.project_id == "4217" && (attribute.ref in ['main', "v1.2.3"] && assertion.ref_protected != "false")`,
	},
	"one of two": {
		mapping: SUB,
		condition:
			"assertion.ref == 'main' || assertion.environment == 'production'",
	},
	"anything but": {
		mapping: SUB,
		condition: "!(assertion.ref_type == 'tag') && !has(assertion.environment)",
	},
	"a group and what lies below": {
		mapping: SUB,
		condition:
			"assertion.namespace_path == 'my-group' || assertion.namespace_path.startsWith('my-group/')",
	},
	"an expression that is found anywhere": {
		mapping: SUB,
		condition: "assertion.sub.matches('(?i)MY-PROJECT:ref_type:branch')",
	},
	"a part of the subject": {
		mapping: {
			...SUB,
			"attribute.path": "assertion.sub.extract('project_path:{path}:')",
		},
		condition: "attribute.path == 'my-group/my-project' // alone\n",
	},
	"a table": {
		mapping: {
			"google.subject": `{"4217": "app"}[assertion.project_id]`,
			"attribute.kind":
				"assertion.ref_protected == 'true' ? 'protected' : 'open'",
		},
		condition: "attribute.kind == 'protected'",
	},
	"an environment that is not": {
		mapping: { ...SUB, "attribute.environment": "assertion.environment" },
		condition: 'attribute.environment != "production"',
	},
	"a group of the user": {
		mapping: { ...SUB, "google.groups": "assertion.groups_direct" },
		condition: "'other-group/deploy' in google.groups",
	},
	"a number": {
		mapping: SUB,
		condition: "assertion.runner_id != 1 && 'true' == assertion.ref_protected",
	},
	"an audience that is a list": {
		mapping: { ...SUB, "attribute.aud": "assertion.aud" },
	},
};

const tokens = await Promise.all(
	SITUATIONS.map(async (id) => ({
		id,
		...(await gitlab.mint(id, { aud: AUDIENCE })),
	})),
);

test.for(Object.entries(CASES))("%s: as the server", async ([, settings]) => {
	await using sts = await gcpServer(gitlab, {
		name: NAME,
		audiences: [AUDIENCE],
		...settings,
	});
	const preset = await gcpPreset({
		...settings,
		url: sts.url,
		provider: NAME,
		allowedAudiences: [AUDIENCE],
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

describe("a preset", async () => {
	const mapping = "google.subject=assertion.sub";
	test("has the provider's name as its audience, where no other is allowed", async () => {
		const preset = await gcpPreset({
			provider: `//iam.googleapis.com/${NAME}`,
			mapping,
		});
		expect(preset.audience).toBe(`https://iam.googleapis.com/${NAME}`);
		expect(preset.target).toMatchObject({
			http: {
				url: "https://sts.googleapis.com/v1/token",
				form: { audience: `//iam.googleapis.com/${NAME}` },
			},
		});
	});
	test("without a condition lets everything in, and says so", async () => {
		const preset = await gcpPreset({ provider: NAME, mapping });
		expect(preset.notes.join("\n")).toContain("no attribute condition");
		expect(letsEverythingIn(preset.policy)).toBe(true);
		const other = await gcpPreset({
			provider: NAME,
			mapping,
			condition: "assertion.ref == 'main'",
		});
		expect(letsEverythingIn(other.policy)).toBe(false);
	});
	test("says which claims are not in every token", async () => {
		const preset = await gcpPreset({
			provider: NAME,
			mapping: {
				"google.subject": "assertion.sub",
				"attribute.tier": "assertion.deployment_tier",
			},
		});
		expect(preset.notes.join("\n")).toContain("has deployment_tier, which");
	});
});

test.for([
	[400, { error: "invalid_grant", error_description: "…" }, "rejected"],
	[400, { error: "unauthorized_client", error_description: "…" }, "rejected"],
	[
		400,
		{
			error: "invalid_request",
			error_description:
				"The size of mapped attribute google.subject exceeds the 127 bytes limit.",
		},
		"rejected",
	],
	[401, { error: "invalid_client", error_description: "…" }, "rejected"],
	[403, { error: { code: 403, status: "PERMISSION_DENIED" } }, "rejected"],
	[
		400,
		{
			error: "invalid_request",
			error_description:
				'Invalid value for "audience". This value should be the full resource name',
		},
		"broken",
	],
	[400, { error: "invalid_target", error_description: "…" }, "broken"],
	[404, "not found", "broken"],
	[500, { error: "internal_failure" }, "broken"],
	[503, "", "broken"],
	[200, { token_type: "Bearer" }, "broken"],
	[200, { access_token: "ya29.x" }, "accepted"],
] as const)("%s %j is %s", async ([status, body, outcome]) => {
	await using server = await serve(() => ({ status, body }));
	const preset = await gcpPreset({
		url: server.url,
		provider: NAME,
		mapping: "google.subject=assertion.sub",
	});
	expect(await ask(preset, "x.y.z")).toBe(outcome);
});

describe("refused", async () => {
	const refusal = (options: object) =>
		gcpPreset({
			provider: NAME,
			mapping: "google.subject=assertion.sub",
			...options,
		});
	test.for([
		["a == 'x'", "condition, character 1: Unknown variable: a"],
		["assertion.a ==", "condition, character 15: Unexpected token: EOF"],
		["assertion.a == 'x", "character 16"],
		["assertion.a == '\\q'", "character 17: Invalid escape sequence"],
		["assertion.a == 'x')", "character 19"],
		["assertion.a == @", "character 16"],
		["google.nope()", "character 1"],
		["assertion.a.nope('x')", "nope"],
		["assertion.a + 'x'", "it is string, not true or false"],
		["'a' == 1", "no such overload: string == int"],
		["assertion.a && 'x'", "bool operands"],
		["assertion.a.matches('(x')", "character 1: no regular expression of RE2"],
		["assertion.a.matches('(?=x)')", "no regular expression of RE2"],
		["matches(assertion.a, '[')", "no regular expression of RE2"],
		["assertion.a ? true : false", "before ? stands a claim"],
		["attribute.no == 'x'", "attribute.no is not in the mapping"],
		["has(assertion.a) || google.groups == 'x'", "google.groups is not in"],
		[`${"(".repeat(60)}assertion.a == 'x'${")".repeat(60)}`, "maxDepth"],
		[`assertion.a == '${"x".repeat(4096)}'`, "longer than 4096"],
	] as const)("%s", async ([condition, message]) => {
		await expect(refusal({ condition })).rejects.toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
	test.for([
		[{ provider: "gitlab" }, "GCP provider"],
		[{ provider: `${NAME}/{token}` }, "GCP provider"],
		[{ url: "sts" }, "GCP URL"],
		[{ mapping: "attribute.a=assertion.b" }, "google.subject is not in it"],
		[{ mapping: "google.subject" }, "no ATTRIBUTE"],
		[{ mapping: "google.subject=assertion.sub + 1" }, "is int and no text"],
		[
			{
				mapping: `google.subject=assertion.sub,attribute.p=assertion.ref_protected ? "a" : "b"`,
			},
			"attribute.p, character 1: before ? stands a claim",
		],
		[{ mapping: "google.subject=attribute.a" }, "Unknown"],
		[{ mapping: `google.subject=${"x".repeat(2049)}` }, "longer than 2048"],
		[
			{ mapping: "google.subject=assertion.sub,azure.x=assertion.y" },
			"is no attribute",
		],
		[{ mapping: { "google.subject": 4 } }, "google.subject"],
		[{ mapping: JSON.parse('{"__proto__":"assertion.sub"}') }, "__proto__"],
	] as const)("%j", async ([options, message]) => {
		await expect(refusal(options)).rejects.toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
});

test("a mapping as for gcloud", async () => {
	const SUBJECT = "google.subject = assertion.sub to be";
	for (const mapping of [
		"google.subject=assertion.sub, attribute.x=assertion.ref.split(',')[0]",
		"^;^google.subject=assertion.sub;attribute.x=assertion.ref.split(',')[0]",
	]) {
		const { policy } = await gcpPreset({ provider: NAME, mapping });
		expect(policy.expression?.parts.map(({ wants }) => wants)).toEqual([
			expect.stringContaining(SUBJECT),
			expect.stringContaining('assertion.ref.split(",")[0]'),
		]);
	}
});

test.for([
	["assertion.ref == 'main'", { ref: ["main"] }],
	["assertion['ref'] in ['main', \"x\"]", { ref: ["main", "x"] }],
	["assertion.a['b/c'] == 'x'", { "/a/b~1c": ["x"] }],
	["has(assertion.a.b) || !(assertion.ref == 'x')", { "/a/b": [], ref: [] }],
	["attribute.path == 'x'", { project_path: ["x"] }],
	["attribute.both == 'x'", { ref: [], ref_type: [] }],
	["google.subject.startsWith('x')", { sub: [] }],
	["assertion.groups_direct.exists(g, g == 'x')", { groups_direct: [] }],
	["'x' in assertion.groups_direct", { groups_direct: ["x"] }],
	["'ref' in assertion", { ref: [] }],
	["assertion.?a.?b.orValue('x') == assertion.ref", { "/a/b": [], ref: [] }],
	["assertion[assertion.ref] == 'x'", { ref: [] }],
	["1 == 1", {}],
] as const)("%s looks at %j", async ([condition, claims]) => {
	const preset = await gcpPreset({
		provider: NAME,
		mapping: {
			...SUB,
			"attribute.path": "assertion.project_path",
			"attribute.both": "assertion.ref_type + ':' + assertion.ref",
		},
		condition,
	});
	const part = preset.policy.expression?.parts.at(-1);
	const texts = (part?.reads ?? []).map((path) => [
		path,
		part?.named.filter((one) => one.path === path).map(({ text }) => text),
	]);
	expect(Object.fromEntries(texts)).toEqual(claims);
});

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

const there = (value: unknown): string => {
	if (typeof value !== "string") throw new Error("no such overload");
	return value;
};

interface Case {
	mapping: string;
	condition?: string;
	server: Pick<PoolProvider, "mapping" | "condition">;
}

const CASES: Record<string, Case> = {
	"nothing but the subject": {
		mapping: "google.subject=assertion.sub",
		server: { mapping: { "google.subject": "sub" } },
	},
	"a short subject": {
		mapping:
			"google.subject=assertion.project_id, attribute.path=assertion['project_path']",
		condition: "attribute.path == 'my-group/my-project'",
		server: {
			mapping: { "google.subject": "project_id", path: "project_path" },
			condition: (_, { path }) => there(path) === "my-group/my-project",
		},
	},
	"project and ref": {
		mapping: "google.subject=assertion.sub,attribute.ref=assertion.ref",
		condition: `assertion.project_id == "4217" && (attribute.ref in ['main', "v1.2.3"] && assertion.ref_protected != "false")`,
		server: {
			mapping: { "google.subject": "sub", ref: "ref" },
			condition: (a, { ref }) =>
				there(a.project_id) === "4217" &&
				["main", "v1.2.3"].includes(there(ref)) &&
				there(a.ref_protected) !== "false",
		},
	},
	"a group and what lies below": {
		mapping: "google.subject=assertion.sub",
		condition: "assertion.namespace_path.startsWith('my-group')",
		server: {
			mapping: { "google.subject": "sub" },
			condition: (a) => there(a.namespace_path).startsWith("my-group"),
		},
	},
	"an end": {
		mapping: "google.subject=assertion.sub",
		condition: "google.subject.endsWith(':ref:main') // the branch",
		server: {
			mapping: { "google.subject": "sub" },
			condition: (a) => there(a.sub).endsWith(":ref:main"),
		},
	},
	"an environment that is not": {
		mapping:
			"google.subject=assertion.sub,attribute.environment=assertion.environment",
		condition: 'attribute.environment != "production"',
		server: {
			mapping: { "google.subject": "sub", environment: "environment" },
			condition: (_, a) => there(a.environment) !== "production",
		},
	},
	"a group of the user": {
		mapping:
			"google.subject=assertion.sub,google.groups=assertion.groups_direct",
		condition: "'other-group/deploy' in google.groups",
		server: {
			mapping: { "google.subject": "sub", "google.groups": "groups_direct" },
			condition: (a) =>
				(a.groups_direct as string[]).includes("other-group/deploy"),
		},
	},
	"a number": {
		mapping: "google.subject=assertion.sub",
		condition: "assertion.runner_id != 1 && 'true' == assertion.ref_protected",
		server: {
			mapping: { "google.subject": "sub" },
			condition: (a) => {
				if (a.runner_id === undefined)
					throw new Error("no such key: runner_id");
				return a.runner_id !== 1 && a.ref_protected === "true";
			},
		},
	},
	"an audience that is a list": {
		mapping: "google.subject=assertion.sub,attribute.aud=assertion.aud",
		server: { mapping: { "google.subject": "sub", aud: "aud" } },
	},
};

const tokens = await Promise.all(
	SITUATIONS.map(async (id) => ({
		id,
		...(await gitlab.mint(id, { aud: AUDIENCE })),
	})),
);

test.for(Object.entries(CASES))(
	"%s: as the server",
	async ([, { server, ...settings }]) => {
		await using sts = await gcpServer(gitlab, {
			name: NAME,
			audiences: [AUDIENCE],
			...server,
		});
		const preset = gcpPreset({
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
	},
);

describe("a preset", () => {
	const mapping = "google.subject=assertion.sub";
	test("has the provider's name as its audience, where no other is allowed", () => {
		const preset = gcpPreset({
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
	test("without a condition lets everything in, and says so", () => {
		const preset = gcpPreset({ provider: NAME, mapping });
		expect(preset.notes.join("\n")).toContain("no attribute condition");
		expect(letsEverythingIn(preset.policy)).toBe(true);
		const other = gcpPreset({
			provider: NAME,
			mapping,
			condition: "assertion.ref == 'main'",
		});
		expect(letsEverythingIn(other.policy)).toBe(false);
	});
	test("says which claims are not in every token", () => {
		const preset = gcpPreset({
			provider: NAME,
			mapping: {
				"google.subject": "assertion.sub",
				"attribute.tier": "assertion.deployment_tier",
			},
		});
		expect(preset.notes.join("\n")).toContain(
			"attribute.tier (deployment_tier)",
		);
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
	const preset = gcpPreset({
		url: server.url,
		provider: NAME,
		mapping: "google.subject=assertion.sub",
	});
	expect(await ask(preset, "x.y.z")).toBe(outcome);
});

describe("refused", () => {
	const refusal = (options: object) => () =>
		gcpPreset({
			provider: NAME,
			mapping: "google.subject=assertion.sub",
			...options,
		});
	test.for([
		["a == 'x' || b == 'y'", "character 1: a cannot be followed"],
		[
			"assertion.a == 'x' || assertion.b == 'y'",
			'character 20: "||" cannot be followed',
		],
		["!(assertion.a == 'x')", 'character 1: "!" cannot be followed'],
		["assertion.a == 'x' ? true : false", 'character 20: "?"'],
		["assertion.a + 'x' == 'y'", 'character 13: "+"'],
		["assertion.a > 1", 'character 13: ">"'],
		["assertion.a.matches('x')", "character 1: the function matches"],
		["has(assertion.a)", "character 1: the function has"],
		["size(assertion.a) == 1", "the function size"],
		["assertion.a.contains('x')", "the function contains"],
		["true", 'found the end, expected "==", "!=" or "in"'],
		["assertion.a", "found the end"],
		["assertion.a ==", "character 15: found the end, expected a text"],
		["assertion.a == assertion.b", 'found "assertion"'],
		["assertion.a == 'x", "character 16: a text that does not end"],
		["assertion.a == '''x'''", "three quotation marks"],
		["assertion.a == b'x'", "bytes"],
		["assertion.a == '\\q'", "escape"],
		["assertion.a == 'x' && ", "character 23: found the end"],
		["assertion.a == 'x')", 'character 19: found ")"'],
		["(assertion.a == 'x'", "found the end"],
		["assertion.a in []", 'found "]"'],
		["assertion.a in assertion.b", "a list from the token"],
		["assertion == 'x'", "assertion cannot be followed"],
		["attribute.no == 'x'", "attribute.no is not in the attribute mapping"],
		["google.groups == 'x'", "google.groups is not in"],
		["assertion.__proto__ == 'x'", "cannot be called that"],
		["assertion.a == @", '"@" has no place'],
		["assertion.a.startsWith(1)", "takes a text"],
		[
			`${"(".repeat(60)}assertion.a == 'x'${")".repeat(60)}`,
			"nested more than 50",
		],
		[`assertion.a == '${"x".repeat(4096)}'`, "longer than 4096"],
	] as const)("%s", ([condition, message]) => {
		expect(refusal({ condition })).toThrow(
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
		[{ mapping: "google.subject=assertion.sub + 'x'" }, "cannot be followed"],
		[
			{ mapping: "google.subject=assertion.sub,azure.x=assertion.y" },
			"is no attribute",
		],
		[{ mapping: { "google.subject": 4 } }, "google.subject"],
		[{ mapping: JSON.parse('{"__proto__":"assertion.sub"}') }, "__proto__"],
	] as const)("%j", ([options, message]) => {
		expect(refusal(options)).toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
});

test.for([
	["assertion.a == 'it\\'s'", { a: { equals: "it's", list: "never" } }],
	[
		'assertion.a == "\\u00e4\\x41\\n"',
		{ a: { equals: "äA\n", list: "never" } },
	],
	["assertion.a == r'\\d'", { a: { equals: "\\d", list: "never" } }],
	["assertion['a/b'] == -1.5", { "a/b": { equals: -1.5, list: "never" } }],
	[
		"assertion.a.b['c/d'] == true",
		{ "/a/b/c~1d": { equals: true, list: "never" } },
	],
	["'x' != assertion.a", { a: { not: { equals: "x", list: "never" } } }],
	[
		"assertion.a in ['x', 1, false]",
		{ a: { equals: ["x", 1, false], list: "never" } },
	],
] as const)("%s is read", ([condition, claims]) => {
	const preset = gcpPreset({
		provider: NAME,
		mapping: "google.subject=assertion.sub",
		condition,
	});
	expect(preset.policy.claims).toEqual({
		sub: { "max-bytes": 127, list: "never" },
		...claims,
	});
});

// Federated identity credentials: for each, what the policy says of tokens is what Entra's token endpoint says of them.
import { afterAll, describe, expect, test } from "vitest";
import { azurePreset } from "../../src/presets/azure.js";
import { judgePolicy } from "../../src/verdict/policy/judge.js";
import { azureServer, type Registration } from "./azure-server.js";
import {
	ask,
	expected,
	gitlabAt,
	type Outcome,
	SITUATIONS,
	serve,
} from "./service.js";

const AUDIENCE = "api://AzureADTokenExchange";
const MAIN = "project_path:my-group/my-project:ref_type:branch:ref:main";
const IDS = { tenant: "contoso.onmicrosoft.com", clientId: "8a1f-app" };
const gitlab = await gitlabAt(1_800_000_000);
afterAll(() => gitlab.close());

const credential = (more: object) => ({
	name: "gitlab",
	issuer: gitlab.issuer,
	audiences: [AUDIENCE],
	...more,
});
const flexible = (value: string) =>
	credential({
		subject: null,
		claimsMatchingExpression: { value, languageVersion: 1 },
	});

const CASES: Record<
	string,
	{ credential: object; subject: Registration["subject"] }
> = {
	"a subject": { credential: credential({ subject: MAIN }), subject: MAIN },
	"a subject, as the Resource Manager has it": {
		credential: { properties: credential({ subject: MAIN }) },
		subject: MAIN,
	},
	"two credentials, as az prints them": {
		credential: [
			credential({ subject: MAIN }),
			flexible("claims['sub'] matches '*:ref_type:tag:*'"),
		],
		subject: ({ sub }) =>
			sub === MAIN || String(sub).includes(":ref_type:tag:"),
	},
	"one that is flexible": {
		credential: flexible(
			"claims['sub'] matches 'project_path:my-group/my?project:*' and claims['project_id'] eq '4217'",
		),
		subject: ({ sub, project_id }) =>
			/^project_path:my-group\/my.project:/.test(String(sub)) &&
			project_id === "4217",
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
	async ([, { credential, subject }]) => {
		await using entra = await azureServer(gitlab, {
			...IDS,
			issuer: gitlab.issuer,
			audience: AUDIENCE,
			subject,
		});
		const preset = azurePreset({ ...IDS, url: entra.url, credential });
		expect(preset.audience).toBe(AUDIENCE);
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
	const { policy } = azurePreset({
		...IDS,
		url: "https://login.microsoftonline.com",
		credential: credential({ subject: MAIN }),
	});
	const claims = {
		iss: gitlab.issuer,
		aud: AUDIENCE,
		sub: MAIN,
		iat: 1000,
		exp: 1000 + 25 * 3600,
	};
	test("wants the issuer, in this case", () => {
		expect(judgePolicy(claims, policy)).toEqual([]);
		const iss = gitlab.issuer.replace("http", "HTTP");
		expect(judgePolicy({ ...claims, iss }, policy)).toHaveLength(1);
	});
	test("refuses a token that lives for more than 25 hours, or has no iat", () => {
		const exp = claims.exp + 1;
		expect(judgePolicy({ ...claims, exp }, policy)).toHaveLength(1);
		const { iat: _iat, ...without } = claims;
		expect(
			judgePolicy({ ...without, exp: 1_800_000_000 }, policy),
		).toHaveLength(1);
	});
	test("leaves open what a list of audiences is", () => {
		const { unsettled } = policy.expression ?? {};
		expect(unsettled?.(claims)).toBeUndefined();
		expect(unsettled?.({ ...claims, aud: [AUDIENCE] })).toContain("is a list");
	});
	test("says that a wildcard in a subject is none", () => {
		const { notes } = azurePreset({
			...IDS,
			url: "https://login.microsoftonline.com",
			credential: credential({ subject: "project_path:my-group/*" }),
		});
		expect(notes.join()).toContain("stands for itself");
	});
	test("takes a doubled quotation mark for one", () => {
		const { claims } = azurePreset({
			...IDS,
			url: "https://login.microsoftonline.com",
			credential: flexible(`claims["sub"]  eq 'it''s'`),
		}).policy;
		expect(claims?.sub).toEqual({ equals: "it's", list: "never" });
	});
});

test.for([
	[401, "invalid_client", 700211, "rejected"],
	[401, "invalid_client", 700212, "rejected"],
	[401, "invalid_client", 700213, "rejected"],
	[401, "invalid_client", 7002131, "rejected"],
	[401, "invalid_client", 700024, "rejected"],
	[400, "invalid_request", 70021, "rejected"],
	[400, "invalid_request", 5002738, "rejected"],
	[401, "invalid_client", 7000272, "rejected"],
	[400, "invalid_request", 90002, "broken"],
	[400, "invalid_request", 50166, "broken"],
	[400, "unauthorized_client", 700016, "broken"],
	[400, "invalid_scope", 1002012, "broken"],
	[401, "invalid_client", 7000218, "broken"],
	[500, "server_error", 90033, "broken"],
	[200, "none", 0, "broken"],
] as const)("%s %s %s is %s", async ([status, error, code, outcome]) => {
	const body = { error, error_description: `AADSTS${code}: …` };
	await using server = await serve(() => ({ status, body }));
	const preset = azurePreset({
		...IDS,
		url: server.url,
		credential: credential({ subject: MAIN }),
	});
	expect(await ask(preset, "x.y.z")).toBe(outcome);
});

describe("refused", () => {
	test.for([
		[{ url: "entra" }, "Azure URL"],
		[{ tenant: "a/b" }, "Azure tenant"],
		[{ clientId: "{token}" }, "Azure client ID"],
		[{ scope: "a b" }, "Azure scope"],
		[{ credential: null }, "Azure federated credential"],
		[{ credential: [] }, "the list is empty"],
		[{ credential: credential({ audiences: [] }) }, "exactly one audience"],
		[
			{ credential: credential({ subject: "x", audiences: ["a", "b"] }) },
			"exactly one audience",
		],
		[{ credential: credential({}) }, "a subject or a claimsMatching"],
		[
			{ credential: { ...flexible("claims['sub'] eq 'x'"), subject: "x" } },
			"and not both",
		],
		[
			{ credential: flexible("claims['ref'] eq 'main'") },
			'character 1: of a token of GitLab Entra looks at sub, project_id, namespace_id, user_id alone, not at "ref"',
		],
		[
			{ credential: flexible("claims['sub'] eq 'x' or claims['sub'] eq 'y'") },
			'character 21: expected " and "',
		],
		[{ credential: flexible("(claims['sub'] eq 'x')") }, "character 1"],
		[{ credential: flexible("claims['sub'] eq 'x") }, "character 1"],
		[
			{ credential: flexible("claims['sub'] eq 'x' and claims.sub eq 'y'") },
			"character 26",
		],
		[{ credential: flexible("claims['sub'] ne 'x'") }, "the operator ne"],
		[
			{
				credential: credential({
					subject: null,
					claimsMatchingExpression: { value: "x", languageVersion: 2 },
				}),
			},
			"languageVersion",
		],
	] as const)("%j", ([options, message]) => {
		const preset = () =>
			azurePreset({
				...IDS,
				url: "https://login.microsoftonline.com",
				credential: credential({ subject: MAIN }),
				...options,
			});
		expect(preset).toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
});

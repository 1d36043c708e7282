// Vault's roles: for each, what the policy says of tokens is what a login says of them.
import { afterAll, describe, expect, test } from "vitest";
import { readVaultRole } from "../../src/presets/read-vault-role.js";
import { vaultPreset } from "../../src/presets/vault.js";
import { parseRole } from "../../src/presets/vault-role.js";
import {
	judgePolicy,
	letsEverythingIn,
} from "../../src/verdict/policy/judge.js";
import {
	ask,
	expected,
	gitlabAt,
	type Outcome,
	SITUATIONS,
	serve,
} from "./service.js";
import { vaultServer } from "./vault-server.js";

const AUDIENCE = "https://vault.example.com";
const gitlab = await gitlabAt(1_800_000_000);
afterAll(() => gitlab.close());

const base = {
	role_type: "jwt",
	user_claim: "project_path",
	bound_audiences: [AUDIENCE],
};
const numbered = await gitlab.mint("runner/self-hosted");

/** Each with how many situations it must let in at the least, and at the most. */
const ROLES: Record<string, Record<string, unknown>> = {
	// GitLab: Use HashiCorp Vault secrets in GitLab CI/CD, both roles of the example.
	staging: {
		...base,
		user_claim: "user_email",
		bound_claims: { project_id: "4217", ref: "main", ref_type: "branch" },
	},
	production: {
		...base,
		user_claim: "user_email",
		bound_claims_type: "glob",
		bound_claims: {
			project_id: "4217",
			ref_protected: "true",
			ref_type: "branch",
			ref: ["auto-deploy-*", "*a*n"],
		},
	},
	"values-and-mappings": {
		...base,
		bound_claims: { project_path: ["my-group/my-project", "other/one"] },
		claim_mappings: {
			project_path: "project",
			environment: "environment",
			user_login: "login",
		},
	},
	"mapping-of-a-number": {
		...base,
		bound_claims: { ref_protected: ["true", "false"] },
		claim_mappings: { runner_id: "runner" },
	},
	groups: {
		...base,
		groups_claim: "groups_direct",
		bound_claims: { ref: "main" },
	},
	"pointer-into-groups": {
		...base,
		user_claim: "/groups_direct/1",
		user_claim_json_pointer: true,
		bound_claims: {
			"/groups_direct/0": "my-group",
			groups_direct: ["other-group/deploy"],
		},
	},
	number: { ...base, bound_claims: { runner_id: numbered.claims.runner_id } },
	"number-as-text": {
		...base,
		bound_claims: { runner_id: String(numbered.claims.runner_id) },
	},
	"number-or-text": {
		...base,
		bound_claims: { runner_id: [numbered.claims.runner_id, "x"], ref: "main" },
	},
	"number-by-glob": {
		...base,
		bound_claims_type: "glob",
		bound_claims: { runner_id: "*" },
	},
	boolean: { ...base, bound_claims: { ref_protected: true } },
	subject: {
		...base,
		bound_subject: "project_path:my-group/my-project:ref_type:branch:ref:main",
	},
	"subject-is-no-glob": { ...base, bound_subject: "project_path:*" },
	"sub-by-glob": {
		...base,
		bound_claims_type: "glob",
		bound_claims: { sub: "project_path:my-group/*:ref_type:branch:ref:*" },
	},
	environment: {
		...base,
		bound_claims: {
			deployment_tier: "production",
			environment_protected: ["true", "false"],
		},
	},
	"audience-bound-as-claim": { ...base, bound_claims: { aud: AUDIENCE } },
	"user-claim-that-is-a-number": { ...base, user_claim: "runner_id" },
	"no-leeway": { ...base, clock_skew_leeway: -1 },
	"leeway-of-two-hours": { ...base, clock_skew_leeway: 7200 },
	open: base,
};

const server = await vaultServer(gitlab, { roles: ROLES, token: "root-token" });
afterAll(() => server[Symbol.asyncDispose]());

const tokens = await Promise.all(
	SITUATIONS.map(async (id) => ({
		id,
		...(await gitlab.mint(id, { aud: AUDIENCE })),
	})),
);

const asked = new Map<string, Promise<Record<string, Outcome>>>();

/** What the server says of each token in a role; it is asked once. */
function answers(role: string): Promise<Record<string, Outcome>> {
	const known = asked.get(role);
	if (known) return known;
	const roleJson = ROLES[role as keyof typeof ROLES];
	const preset = vaultPreset({ url: server.url, role, roleJson });
	const all = tokens.map(
		async ({ id, token }) => [id, await ask(preset, token)] as const,
	);
	const said = Promise.all(all).then(Object.fromEntries<Outcome>);
	asked.set(role, said);
	return said;
}

describe("a role", () => {
	test.for(Object.entries(ROLES))(
		"%s: as the server",
		async ([role, roleJson]) => {
			const preset = vaultPreset({ url: server.url, role, roleJson });
			const said = await answers(role);
			const meant: Record<string, Outcome> = {};
			for (const minted of tokens)
				meant[minted.id] = await expected(gitlab, preset, minted);
			expect(meant).toEqual(said);
			expect(Object.keys(said)).toHaveLength(SITUATIONS.length);
			expect(preset.audience).toBe(AUDIENCE);
		},
	);

	test("lets in and keeps out, so that agreement means something", async () => {
		const accepted: Record<string, number> = {};
		for (const role of Object.keys(ROLES)) {
			const all = Object.values(await answers(role));
			expect(all).not.toContain("broken");
			accepted[role] = all.filter((outcome) => outcome === "accepted").length;
		}
		expect(accepted).toMatchInlineSnapshot(`
			{
			  "audience-bound-as-claim": 37,
			  "boolean": 0,
			  "environment": 2,
			  "groups": 2,
			  "leeway-of-two-hours": 39,
			  "mapping-of-a-number": 1,
			  "no-leeway": 37,
			  "number": 1,
			  "number-as-text": 0,
			  "number-by-glob": 0,
			  "number-or-text": 1,
			  "open": 37,
			  "pointer-into-groups": 1,
			  "production": 17,
			  "staging": 17,
			  "sub-by-glob": 29,
			  "subject": 16,
			  "subject-is-no-glob": 0,
			  "user-claim-that-is-a-number": 0,
			  "values-and-mappings": 29,
			}
		`);
	});
});

test("times are judged with a leeway of 60 s", async () => {
	const preset = vaultPreset({
		url: server.url,
		role: "open",
		roleJson: ROLES.open,
	});
	for (const [exp, outcome] of [
		["now-50s", "accepted"],
		["now-70s", "rejected"],
	] as const) {
		const minted = await gitlab.mint("valid/baseline", {
			aud: AUDIENCE,
			token: { claims: { exp } },
		});
		expect(await ask(preset, minted.token)).toBe(outcome);
		expect(await expected(gitlab, preset, minted)).toBe(outcome);
	}
});

describe("an answer", () => {
	const roleJson = ROLES.open;
	test("of a role that is not there, or for browsers, is broken", async () => {
		const absent = vaultPreset({ url: server.url, role: "absent", roleJson });
		expect(await ask(absent, "x")).toBe("broken");
		await using oidc = await vaultServer(gitlab, {
			roles: { web: { ...base, role_type: "oidc" } },
		});
		const web = vaultPreset({ url: oidc.url, role: "web", roleJson });
		expect(await ask(web, "x")).toBe("broken");
	});
	test("of a mount that is not there is broken", async () => {
		const preset = vaultPreset({
			url: server.url,
			role: "open",
			mount: "ci/gitlab",
			roleJson,
		});
		expect(await ask(preset, "x")).toBe("broken");
	});
	test.for([
		[503, { errors: ["Vault is sealed"] }, "broken"],
		[500, { errors: ["internal error"] }, "broken"],
		[
			429,
			{ errors: ['request path "auth/jwt/login": rate limit quota exceeded'] },
			"broken",
		],
		[403, { errors: ["permission denied"] }, "rejected"],
		[400, { errors: ["missing client token"] }, "broken"],
		[400, "<html>400</html>", "broken"],
		[200, { auth: null, data: {} }, "broken"],
		[200, { auth: { client_token: "", mfa_requirement: {} } }, "broken"],
		[200, { auth: { client_token: "hvs.x" } }, "accepted"],
	] as const)("%s %j is %s", async ([status, body, outcome]) => {
		await using other = await serve(() => ({ status, body }));
		const preset = vaultPreset({ url: other.url, role: "open", roleJson });
		expect(await ask(preset, "x")).toBe(outcome);
	});
});

describe("a role is read", () => {
	test("over HTTP, with namespace", async () => {
		await using teams = await vaultServer(gitlab, {
			roles: ROLES,
			token: "root-token",
			namespace: "admin/team",
		});
		const access = {
			url: `${teams.url}/`,
			role: "staging",
			namespace: "admin/team",
		};
		const roleJson = await readVaultRole({ ...access, token: "root-token" });
		const preset = vaultPreset({ ...access, roleJson });
		const { token } = await gitlab.mint("valid/baseline", { aud: AUDIENCE });
		expect(await ask(preset, token)).toBe("accepted");
		await expect(
			readVaultRole({ ...access, token: "wrong-token" }),
		).rejects.toMatchObject({
			code: "unauthorized",
			message: expect.not.stringContaining("wrong-token"),
		});
		await expect(
			readVaultRole({ ...access, role: "nobody", token: "root-token" }),
		).rejects.toMatchObject({ code: "not_found" });
	});
	test.for([
		[{ status: 200, body: "<html>" }, "is this Vault?"],
		[{ status: 503, body: { errors: ["Vault is sealed"] } }, "sealed"],
		[{ status: 307, body: "" }, "active node"],
		[{ status: 500, body: "" }, "log"],
	] as const)("not from %j", async ([reply, message]) => {
		await using other = await serve(() => reply);
		await expect(
			readVaultRole({ url: other.url, role: "a", token: "t" }),
		).rejects.toMatchObject({
			code: "unreachable",
			message: expect.stringContaining(message),
		});
	});
	test("not with a token that no header takes, which is not told", async () => {
		await expect(
			readVaultRole({ url: server.url, role: "a", token: "hvs.secret\n" }),
		).rejects.toMatchObject({
			code: "invalid_option",
			message: expect.not.stringContaining("secret"),
		});
	});
	test("not from where nothing listens", async () => {
		const dead = () =>
			Promise.reject(new Error("connect ECONNREFUSED with hvs.secret"));
		await expect(
			readVaultRole({
				url: "http://127.0.0.1:1",
				role: "a",
				token: "hvs.secret",
				fetch: dead,
			}),
		).rejects.toMatchObject({
			code: "unreachable",
			message: expect.not.stringContaining("secret"),
		});
	});
	test("as the command line prints it, and as it is written", () => {
		const printed = {
			request_id: "x",
			data: {
				...ROLES.staging,
				bound_subject: "",
				groups_claim: "",
				claim_mappings: null,
				token_ttl: 0,
			},
			warnings: null,
		};
		const written = {
			...ROLES.staging,
			bound_audiences: `${AUDIENCE}, https://b`,
			clock_skew_leeway: "2m30s",
		};
		const { policy } = vaultPreset({
			url: server.url,
			role: "a",
			roleJson: printed,
		});
		expect(policy.leeway).toBe(60);
		const other = vaultPreset({
			url: server.url,
			role: "a",
			roleJson: written,
		});
		expect(other.policy).toEqual({ ...policy, leeway: 150 });
		expect(other.audience).toBe(AUDIENCE);
	});
});

describe("as Vault reads it:", () => {
	const policyOf = (change: object) =>
		vaultPreset({
			url: server.url,
			role: "a",
			roleJson: { ...base, ...change },
		}).policy;
	test.for([
		["0.5s", 60], // no whole second: as if it were not given
		["1d", 86_400],
		["90.7s", 90],
		["-1", 0],
		[30, 30],
	] as const)("a clock_skew_leeway of %s is %s s", ([given, seconds]) => {
		expect(policyOf({ clock_skew_leeway: given }).leeway).toBe(seconds);
	});
	test("a user_claim with a slash is a name, unless it is said to be a pointer", () => {
		const user_claim = "/groups_direct/0";
		const named = policyOf({ user_claim });
		const pointed = policyOf({ user_claim, user_claim_json_pointer: "true" });
		expect(Object.keys(named.claims ?? {})).toEqual(["/~1groups_direct~10"]);
		expect(Object.keys(pointed.claims ?? {})).toEqual([user_claim]);
		const claims = { groups_direct: ["my-group"] };
		expect(judgePolicy(claims, pointed)).toEqual([]);
		expect(judgePolicy(claims, named)).toHaveLength(1);
		expect(judgePolicy({ [user_claim]: "x" }, named)).toEqual([]);
	});
	test("mappings are pairs as well", () => {
		const claims = { project_path: "ok", ref: ["no", "text"] };
		expect(judgePolicy(claims, policyOf({}))).toEqual([]);
		for (const claim_mappings of ["ref=r", ["ref=r"], { ref: "r" }])
			expect(judgePolicy(claims, policyOf({ claim_mappings }))).toHaveLength(1);
	});
	test.for(["1.0", "1e0", "-0", "12345678901234567890"])(
		"a number that is written %s is compared by its digits",
		(written) => {
			const text = `{"user_claim":"sub","bound_claims":{"runner_id":${written}}}`;
			expect(() => parseRole(text)).toThrow("by the digits");
			expect(parseRole(text.replace(written, "1"))).toEqual(
				JSON.parse(text.replace(written, "1")),
			);
			expect(parseRole(`{"ref":"\\" ${written}"}`)).toBeDefined();
		},
	);
	test("a token without exp is expected of it, unless both leeways are off, or the role makes it longer", () => {
		const waysOf = (change: object) =>
			vaultPreset({
				url: server.url,
				role: "a",
				roleJson: { ...base, ...change },
			}).service?.ways;
		expect(waysOf({})).toContain("time/exp-missing");
		expect(waysOf({ expiration_leeway: -1 })).toContain("time/exp-missing");
		const day = waysOf({ expiration_leeway: "24h" });
		expect(day).not.toContain("time/exp-missing");
		const off = waysOf({ expiration_leeway: -1, clock_skew_leeway: "-1" });
		expect(off).not.toContain("time/exp-missing");
		expect(off).toContain("claims/sub-missing");
	});
});

describe("notes", () => {
	const notesOf = (roleJson: unknown) =>
		vaultPreset({ url: server.url, role: "a", roleJson }).notes.join("\n");
	test.for([
		[{ role_type: "oidc" }, "role_type is oidc"],
		[{ role_type: undefined }, "role_type is not given"],
		[{ bound_audiences: [] }, "bound_audiences is empty"],
		[{ bound_audiences: ["a", "b"] }, "2 entries"],
		[{ token_bound_cidrs: ["10.0.0.0/8"] }, "token_bound_cidrs"],
		[{ bound_moon_phase: "full" }, "bound_moon_phase"],
		[{ expiration_leeway: 30 }, "without exp for 90 s"],
		[{ clock_skew_leeway: -1 }, "without exp for 150 s"],
		[{}, "without exp for 210 s"],
	] as const)("%j: %s", ([change, note]) => {
		expect(notesOf({ ...base, ...change })).toContain(note);
	});
	test("a plain role has the two that always hold", () => {
		const { notes } = vaultPreset({
			url: server.url,
			role: "a",
			roleJson: {
				...ROLES.staging,
				token_policies: ["x"],
				token_type: "default",
			},
		});
		expect(notes).toHaveLength(2);
	});
	test("without the role, that it is not known", () => {
		const preset = vaultPreset({ url: server.url, role: "a" });
		expect(preset.notes[0]).toContain("was not read");
		expect(letsEverythingIn(preset.policy)).toBe(true);
	});
});

describe("refused", () => {
	const refusal = (roleJson: unknown, options = {}) => {
		try {
			vaultPreset({ url: server.url, role: "a", roleJson, ...options });
		} catch (error) {
			return error;
		}
		return undefined;
	};
	test.for([
		[{}, "user_claim"],
		["text", "expected the JSON object"],
		[[], "expected the JSON object"],
		[42, "expected the JSON object"],
		[
			JSON.parse('{"user_claim":"sub","bound_claims":{"__proto__":"x"}}'),
			"__proto__",
		],
		[{ ...base, bound_claims: { a: [] } }, "an empty list"],
		[{ ...base, bound_claims: { a: {} } }, "bound_claims.a"],
		[{ ...base, bound_claims: { a: 1.5 } }, "whole ones"],
		[{ ...base, bound_claims: "x" }, "bound_claims"],
		[{ ...base, bound_claims_type: "regex" }, "bound_claims_type"],
		[
			{ ...base, bound_claims_type: "glob", bound_claims: { a: 1 } },
			"texts alone",
		],
		[
			{ ...base, bound_claims: { "/groups_direct/00": "x" } },
			"/groups_direct/0",
		],
		[{ ...base, bound_claims: { "/groups_direct/": "x" } }, "/groups_direct/0"],
		[{ ...base, claim_mappings: "x" }, "CLAIM=NAME"],
		[{ ...base, user_claim_json_pointer: "yes" }, "user_claim_json_pointer"],
		[{ ...base, clock_skew_leeway: 100_000 }, "more than a day"],
		[{ ...base, clock_skew_leeway: "soon" }, "clock_skew_leeway"],
	] as const)("%#: %s", ([roleJson, message]) => {
		expect(refusal(roleJson)).toMatchObject({
			code: "invalid_option",
			message: expect.stringContaining(message),
		});
	});
	test("what is deep or endless", () => {
		const deep = nested(5000);
		expect(refusal(deep)).toMatchObject({
			message: expect.stringContaining("nested more than"),
		});
		const wide = { ...base, bound_claims: { a: new Array(30_000).fill("x") } };
		expect(refusal(wide)).toMatchObject({
			message: expect.stringContaining("more than 20000"),
		});
	});
	test.for([
		{ url: "vault.example.com" },
		{ url: "ftp://vault.example.com" },
		{ url: "https://user:word@vault.example.com" },
		{ url: "https://vault.example.com?x" },
		{ role: "../sys" },
		{ role: "{token}" },
		{ role: "" },
		{ mount: "../sys" },
		{ mount: "a//b" },
		{ mount: "{token}" },
		{ namespace: "a\nb" },
	])("%j", (options) => {
		expect(refusal(base, options)).toMatchObject({ code: "invalid_option" });
	});
});

function nested(depth: number): unknown {
	let value: unknown = "x";
	for (let level = 0; level < depth; level += 1) value = { value };
	return { ...base, bound_claims: value };
}

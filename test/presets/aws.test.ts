// AWS trust policies: for each, what the policy says of tokens is what AssumeRoleWithWebIdentity says of them.
import { afterAll, describe, expect, test } from "vitest";
import { awsPreset } from "../../src/presets/aws.js";
import {
	judgePolicy,
	leewayOf,
	letsEverythingIn,
	usesClaim,
} from "../../src/verdict/policy/judge.js";
import { awsServer, type Keys } from "./aws-server.js";
import {
	ask,
	expected,
	gitlabAt,
	type Outcome,
	SITUATIONS,
	serve,
} from "./service.js";

const PROVIDER = "gitlab.example.com";
const AUDIENCE = "https://gitlab.example.com";
const MAIN = "project_path:my-group/my-project:ref_type:branch:ref:main";
const gitlab = await gitlabAt(1_800_000_000);
afterAll(() => gitlab.close());

const statement = (Condition: object, more: object = {}) => ({
	Effect: "Allow",
	Principal: {
		Federated: `arn:aws:iam::123456789012:oidc-provider/${PROVIDER}`,
	},
	Action: "sts:AssumeRoleWithWebIdentity",
	Condition,
	...more,
});
const policy = (...Statement: object[]) => ({
	Version: "2012-10-17",
	Statement,
});
const OF_GITLAB_COM = {
	Federated: "arn:aws:iam::123456789012:oidc-provider/gitlab.com",
};
const on = (operator: string, claim: string, values: unknown) => ({
	[operator]: { [`${PROVIDER}:${claim}`]: values },
});

const POLICIES: Record<string, { trust: Record<string, unknown>; keys: Keys }> =
	{
		subject: {
			keys: "documented",
			trust: policy(statement(on("StringEquals", "sub", MAIN))),
		},
		"subject-and-audience": {
			keys: "documented",
			trust: policy(
				statement({
					StringEquals: {
						[`${PROVIDER}:aud`]: AUDIENCE,
						[`${PROVIDER}:sub`]: [MAIN, "x"],
					},
				}),
			),
		},
		"any-branch": {
			keys: "documented",
			trust: policy(
				statement(
					on(
						"StringLike",
						"sub",
						"project_path:my-group/*:ref_type:branch:ref:*",
					),
				),
			),
		},
		"question-marks": {
			keys: "documented",
			trust: policy(
				statement(
					on(
						"StringLike",
						"sub",
						"project_path:my-group/my?project:ref_type:*:ref:m???",
					),
				),
			),
		},
		"any-case": {
			keys: "documented",
			trust: policy(
				statement(on("StringEqualsIgnoreCase", "sub", MAIN.toUpperCase())),
			),
		},
		"not-main": {
			keys: "documented",
			trust: policy(statement(on("StringNotEquals", "sub", MAIN))),
		},
		"like-but-not": {
			keys: "documented",
			trust: policy(
				statement({
					...on("StringLike", "sub", "project_path:my-group/my-project:*"),
					...on("StringNotLike", "sub", ["*:ref:main", "*:tag:*"]),
				}),
			),
		},
		"audience-alone": {
			keys: "documented",
			trust: policy(statement(on("StringEquals", "aud", AUDIENCE))),
		},
		"nothing-at-all": { keys: "documented", trust: policy(statement({})) },
		"keys-of-gitlab-com": {
			keys: "documented",
			trust: policy(
				statement(
					{
						StringLike: { "gitlab.com:sub": "project_path:my-group/*" },
						StringEquals: {
							"gitlab.com:project_id": "4217",
							"GitLab.com:ref_protected": "true",
						},
						StringNotEquals: { "gitlab.com:ref": "main" },
					},
					{ Principal: OF_GITLAB_COM },
				),
			),
		},
		"not-a-key-of-aws": {
			keys: "documented",
			trust: policy(
				statement({
					...on("StringEqualsIfExists", "project_path", "x"),
					...on("StringNotEquals", "ref", "main"),
				}),
			),
		},
		"two-statements": {
			keys: "documented",
			trust: policy(
				statement(on("StringEquals", "sub", MAIN)),
				{
					Effect: "Allow",
					Principal: { AWS: "123456789012" },
					Action: "sts:AssumeRole",
				},
				statement(on("StringLike", "sub", "*:ref_type:tag:*"), {
					Action: ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"],
				}),
			),
		},
		"all-claims": {
			keys: "all",
			trust: policy(
				statement({
					...on("StringEquals", "project_path", "my-group/my-project"),
					...on("StringEqualsIfExists", "environment", [
						"production",
						"staging",
					]),
					...on("StringNotEqualsIgnoreCase", "ref", "MAIN"),
				}),
			),
		},
		"any-of-a-list": {
			keys: "all",
			trust: policy(
				statement(
					on("ForAnyValue:StringLike", "groups_direct", "other-group/*"),
				),
			),
		},
		"all-of-a-list": {
			keys: "all",
			trust: policy(
				statement(
					on("ForAllValues:StringLike", "groups_direct", [
						"my-*",
						"other-group/*",
					]),
				),
			),
		},
		"all-of-a-list-but-one": {
			keys: "all",
			trust: policy(
				statement(
					on("ForAllValues:StringNotEquals", "groups_direct", "my-group"),
				),
			),
		},
		"there-at-all": {
			keys: "all",
			trust: policy(statement(on("Null", "environment", "false"))),
		},
	};

const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const serverOf = (keys: Keys) =>
	awsServer(gitlab, {
		keys,
		clientIds: [AUDIENCE],
		roles: Object.fromEntries(
			Object.entries(POLICIES).map(([name, { trust }]) => [arn(name), trust]),
		),
	});
const servers = {
	documented: await serverOf("documented"),
	all: await serverOf("all"),
};
afterAll(async () => {
	await servers.documented[Symbol.asyncDispose]();
	await servers.all[Symbol.asyncDispose]();
});

const presetOf = (name: string) => {
	const { trust, keys } = POLICIES[name] ?? expect.fail(`no policy ${name}`);
	const { url } = servers[keys];
	return awsPreset({
		url,
		roleArn: arn(name),
		trustPolicy: trust,
		claims: keys,
		audience: AUDIENCE,
	});
};

const tokens = await Promise.all(
	SITUATIONS.map(async (id) => ({
		id,
		...(await gitlab.mint(id, { aud: AUDIENCE })),
	})),
);

test.for(Object.keys(POLICIES))("%s: as the server", async (name) => {
	const preset = presetOf(name);
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

test.for([
	["audience-alone", true],
	["nothing-at-all", true],
	["not-a-key-of-aws", true],
	["any-branch", false],
	["two-statements", false],
] as const)("%s lets everything in: %s", ([name, all]) => {
	expect(letsEverythingIn(presetOf(name).policy)).toBe(all);
});

describe("a preset", () => {
	test("takes the audience from the condition, or says what it took", () => {
		const { trust } = POLICIES["subject-and-audience"] ?? expect.fail();
		const options = { url: "https://sts.amazonaws.com", roleArn: arn("a") };
		expect(awsPreset({ ...options, trustPolicy: trust }).audience).toBe(
			AUDIENCE,
		);
		const other = awsPreset({
			...options,
			trustPolicy: POLICIES.subject?.trust,
		});
		expect(other.audience).toBe(`https://${PROVIDER}`);
		expect(other.notes.join()).toContain("client IDs");
	});
	test("takes tokens for five minutes after exp, and none before nbf", async () => {
		const preset = presetOf("subject");
		expect(leewayOf(preset.policy)).toEqual({ exp: 300, nbf: 0, iat: 0 });
		const aged = async (exp: string) => {
			const blocks = { token: { claims: { exp } } };
			const minted = await gitlab.mint("valid/baseline", {
				aud: AUDIENCE,
				...blocks,
			});
			const said = await ask(preset, minted.token);
			expect(await expected(gitlab, preset, minted)).toBe(said);
			return said;
		};
		expect(await aged("now-290s")).toBe("accepted");
		expect(await aged("now-310s")).toBe("rejected");
	});
	test("leaves open what a list is under an operator for one value", () => {
		const unsettled = (name: string, claims: object) =>
			presetOf(name).policy.expression?.unsettled?.({ ...claims });
		const list = { sub: MAIN, aud: [AUDIENCE, "x"] };
		expect(unsettled("audience-alone", list)).toContain("aud is a list");
		expect(unsettled("audience-alone", { aud: AUDIENCE })).toBeUndefined();
		expect(unsettled("subject", list)).toBeUndefined();
		const groups = { groups_direct: ["other-group/deploy"] };
		expect(unsettled("any-of-a-list", groups)).toBeUndefined();
		expect(unsettled("all-of-a-list", groups)).toBeUndefined();
	});
	test("takes an escaped sign for itself", () => {
		const bound = (operator: string, value: string) => {
			const { claims } = awsPreset({
				url: "https://sts.amazonaws.com",
				roleArn: arn("a"),
				trustPolicy: policy(statement(on(operator, "sub", value))),
			}).policy;
			return (sub: string) => judgePolicy({ sub }, { claims }).length === 0;
		};
		const equals = bound("StringEquals", "a$\u007b*}b$\u007b$}");
		expect(equals("a*b$")).toBe(true);
		expect(equals("axb$")).toBe(false);
		const like = bound("StringLike", "a$\u007b*}b.*?");
		expect(like("a*b.x\ny")).toBe(true);
		expect(like("axb.xy")).toBe(false);
		expect(like("a*bcxy")).toBe(false);
		expect(like("a*b.")).toBe(false);
	});
	test("says what restricts nothing", () => {
		expect(presetOf("not-a-key-of-aws").notes.join("\n")).toContain(
			"restricts nothing",
		);
	});
	test("reads what `aws iam get-role` prints", () => {
		const trustPolicy = {
			Role: {
				RoleName: "a",
				AssumeRolePolicyDocument: POLICIES.subject?.trust,
			},
		};
		const preset = awsPreset({
			url: "https://sts.amazonaws.com",
			roleArn: arn("a"),
			trustPolicy,
		});
		expect(usesClaim(preset.policy, "sub")).toBe(true);
	});
	test("with several providers is asked for one", () => {
		const other = statement(on("StringEquals", "sub", MAIN), {
			Principal: {
				Federated: ["arn:aws:iam::1:oidc-provider/localhost:8080/gitlab"],
			},
			Condition: { StringEquals: { "localhost:8080/gitlab:sub": "me" } },
		});
		const trustPolicy = policy(
			statement(on("StringEquals", "sub", MAIN)),
			other,
		);
		const options = {
			url: "https://sts.amazonaws.com",
			roleArn: arn("a"),
			trustPolicy,
		};
		expect(() => awsPreset(options)).toThrow("several identity providers");
		const preset = awsPreset({
			...options,
			provider: "http://localhost:8080/gitlab",
		});
		expect(preset.policy.claims).toEqual({ sub: { equals: ["me"] } });
	});
});

test.for([
	[400, "<Code>InvalidIdentityToken</Code>", "rejected"],
	[400, "<Code>ExpiredTokenException</Code>", "rejected"],
	[400, "<Code>IDPRejectedClaim</Code>", "rejected"],
	[403, "<Code>AccessDenied</Code>", "rejected"],
	[
		400,
		"<Code>ValidationError</Code> Value at 'webIdentityToken' failed",
		"rejected",
	],
	[400, "<Code>ValidationError</Code> Value at 'roleArn' failed", "broken"],
	[400, "<Code>IDPCommunicationError</Code> InvalidIdentityToken", "broken"],
	[403, "<Code>RegionDisabledException</Code>", "broken"],
	[500, "<Code>InternalFailure</Code>", "broken"],
	[503, "<Code>ServiceUnavailable</Code>", "broken"],
	[200, "<html>hello</html>", "broken"],
	[200, "<AccessKeyId>ASIA</AccessKeyId>", "accepted"],
] as const)("%s %s is %s", async ([status, body, outcome]) => {
	await using server = await serve(() => ({ status, body }));
	const trustPolicy = POLICIES.subject?.trust;
	const preset = awsPreset({ url: server.url, roleArn: arn("a"), trustPolicy });
	expect(await ask(preset, "x.y.z")).toBe(outcome);
});

describe("refused", () => {
	const sub = on("StringEquals", "sub", MAIN);
	test.for([
		[policy(statement(on("ArnLike", "sub", "x"))), "the operator ArnLike"],
		[
			policy(statement(on("StringMatches", "sub", "x"))),
			"the operator StringMatches",
		],
		[
			policy(statement(on("ForAnyValue:StringNotEquals", "sub", "x"))),
			"ForAnyValue:StringNotEquals",
		],
		[
			policy(statement(on("ForAnyValue:StringEqualsIfExists", "sub", "x"))),
			"ForAnyValue:StringEqualsIfExists",
		],
		[policy(statement(on("Null", "sub", "true"))), "Null"],
		[policy(statement(on("Null", "ref", "false"))), "lets nobody in"],
		[
			policy(statement(on("StringEquals", "project_path", "x"))),
			"lets nobody in",
		],
		[policy(statement(on("StringEquals", "oaud", "x"))), "lets nobody in"],
		[
			policy(statement(on("StringEquals", "project_id", "4217"))),
			"lets nobody in",
		],
		[
			policy(
				statement(
					{ StringEquals: { "gitlab.com:ref": "main" } },
					{ Principal: OF_GITLAB_COM },
				),
			),
			"user_id and user_login: it lets nobody in",
		],
		[
			policy(statement(on("StringEquals", "sub", "$\u007baws:username}"))),
			"policy variable",
		],
		[
			policy(statement({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })),
			"aws:SourceIp",
		],
		[
			policy(statement({ StringEquals: { "other.example.com:sub": "x" } })),
			"other.example.com:sub",
		],
		[policy(statement(on("StringEquals", "sub", []))), "Statement"],
		[policy(statement(on("StringEquals", "sub", 4))), "Statement"],
		[policy(statement(sub, { Effect: "Deny" })), "denies"],
		[policy(statement(sub, { Effect: "Maybe" })), "Effect"],
		[policy(statement(sub, { Principal: "*" })), 'principal "*"'],
		[policy(statement(sub, { NotPrincipal: { AWS: "1" } })), "NotPrincipal"],
		[
			policy(statement(sub, { Action: undefined, NotAction: "s3:*" })),
			"NotAction",
		],
		[policy(statement(sub, { Action: "sts:*Identity" })), "wildcard"],
		[
			policy(statement(sub, { Action: "sts:AssumeRole" })),
			"no statement allows",
		],
		[
			policy(
				statement(sub, { Principal: { Federated: "accounts.google.com" } }),
			),
			"no statement allows",
		],
		[policy(), "Statement"],
		[{}, "Statement"],
		[null, "AWS trust policy"],
		["text", "AWS trust policy"],
		[JSON.parse('{"Statement":{"__proto__":{}}}'), "__proto__"],
	] as const)("%#: %s", ([trustPolicy, message]) => {
		const preset = () =>
			awsPreset({
				url: "https://sts.amazonaws.com",
				roleArn: arn("a"),
				trustPolicy,
			});
		expect(preset).toThrow(
			expect.objectContaining({
				code: "invalid_option",
				message: expect.stringContaining(message),
			}),
		);
	});
	test.for([
		{ url: "sts" },
		{ roleArn: "deploy" },
		{ roleArn: "arn:{token}" },
		{ sessionName: "a b" },
		{ provider: "elsewhere.example.com" },
	])("%j", (options) => {
		const trustPolicy = POLICIES.subject?.trust;
		const preset = () =>
			awsPreset({
				url: "https://sts.amazonaws.com",
				roleArn: arn("a"),
				trustPolicy,
				...options,
			});
		expect(preset).toThrow(expect.objectContaining({ code: "invalid_option" }));
	});
});

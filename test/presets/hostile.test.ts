// Settings of any shape: a preset takes them or refuses them in words, and what it makes of them is sound.
import fc from "fast-check";
import { expect, test } from "vitest";
import { MockError } from "../../src/errors.js";
import { awsPreset } from "../../src/presets/aws.js";
import { azurePreset } from "../../src/presets/azure.js";
import { gcpPreset } from "../../src/presets/gcp.js";
import { kubernetesPreset } from "../../src/presets/kubernetes.js";
import type { Preset } from "../../src/presets/preset.js";
import { vaultPreset } from "../../src/presets/vault.js";
import { targetSchema } from "../../src/relying-party/target/config.js";
import {
	judgePolicy,
	letsEverythingIn,
	usesClaim,
} from "../../src/verdict/policy/judge.js";
import { policySchema } from "../../src/verdict/policy/schema.js";

const URL = "http://127.0.0.1:1";

/** Whether the preset was made, and sound. */
function sound(make: () => Preset): boolean {
	let preset: Preset;
	try {
		preset = make();
	} catch (error) {
		return isRefusal(error);
	}
	return isSound(preset);
}

function isRefusal(error: unknown): false {
	expect(error).toBeInstanceOf(MockError);
	expect(error).toHaveProperty("code", "invalid_option");
	expect((error as MockError).message.length).toBeLessThan(5000);
	return false;
}

function isSound(preset: Preset): true {
	const { expression, ...written } = preset.policy;
	const policy = { ...policySchema.parse(written), expression };
	expect(policy).toEqual(preset.policy);
	targetSchema.parse(preset.target);
	judgePolicy({ sub: "x" }, policy);
	letsEverythingIn(policy);
	usesClaim(policy, "sub");
	return true;
}

const word = fc.oneof(
	fc.constantFrom(
		"sub",
		"ref",
		"/a/b",
		"/",
		"~",
		"",
		"__proto__",
		"constructor",
		"toString",
		"*",
	),
	fc.string(),
);
const scalar = fc.oneof(
	word,
	fc.integer(),
	fc.double(),
	fc.boolean(),
	fc.constant(null),
);
const bound = fc.oneof(
	scalar,
	fc.array(scalar, { maxLength: 3 }),
	fc.jsonValue(),
);

const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
	fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
		{ weight: 5, arbitrary },
		{ weight: 1, arbitrary: bound },
	);

test("a Vault role", () => {
	const role = fc.record(
		{
			role_type: fc.oneof(fc.constant("jwt"), scalar),
			user_claim: word,
			user_claim_json_pointer: fc.oneof(fc.boolean(), scalar),
			bound_audiences: bound,
			bound_subject: scalar,
			bound_claims: fc.oneof(fc.dictionary(word, bound), bound),
			bound_claims_type: fc.constantFrom("string", "glob", ""),
			claim_mappings: fc.oneof(fc.dictionary(word, word), bound),
			groups_claim: word,
			clock_skew_leeway: fc.oneof(fc.integer({ min: -2, max: 99_999 }), bound),
			expiration_leeway: fc.oneof(fc.constant("1m"), bound),
		},
		{ requiredKeys: ["user_claim"] },
	);
	let taken = 0;
	fc.assert(
		fc.property(fc.oneof(role, fc.jsonValue()), (roleJson) => {
			if (sound(() => vaultPreset({ url: URL, role: "a", roleJson })))
				taken += 1;
		}),
		{
			numRuns: 1500,
			examples: [[{ user_claim: "sub", groups_claim: "__proto__" }]],
		},
	);
	expect(taken).toBeGreaterThan(50);
});

test("an AWS trust policy", () => {
	const operator = fc.oneof(
		fc.constantFrom(
			"StringEquals",
			"StringLike",
			"ForAllValues:StringEquals",
			"StringNotLike",
			"Null",
			"StringEqualsIfExists",
			"constructor",
		),
		word,
	);
	const key = fc.oneof(
		fc.constantFrom(
			"g.example:sub",
			"G.EXAMPLE:aud",
			"g.example:ref",
			"g.example:",
		),
		word,
	);
	const condition = fc.dictionary(
		operator,
		fc.oneof(fc.dictionary(key, bound), bound),
	);
	const statement = fc.record(
		{
			Effect: fc.constantFrom("Allow", "Deny"),
			Action: fc.oneof(
				{ weight: 5, arbitrary: fc.constant("sts:AssumeRoleWithWebIdentity") },
				{ weight: 1, arbitrary: bound },
			),
			Principal: fc.oneof(
				{
					weight: 5,
					arbitrary: fc.constant({
						Federated: "arn:aws:iam::1:oidc-provider/g.example",
					}),
				},
				{ weight: 1, arbitrary: bound },
			),
			Condition: fc.oneof(
				fc.dictionary(
					fc.constantFrom("StringEquals", "ForAllValues:StringNotLike"),
					fc.dictionary(
						fc.constantFrom("g.example:sub", "g.example:ref"),
						fc.array(fc.string(), { minLength: 1 }),
					),
				),
				condition,
				bound,
			),
		},
		{ requiredKeys: ["Effect", "Action", "Principal"] },
	);
	let taken = 0;
	const document = fc.record({
		Statement: fc.oneof(statement, fc.array(statement)),
	});
	fc.assert(
		fc.property(fc.oneof(document, fc.jsonValue()), (trustPolicy) => {
			const options = {
				url: URL,
				roleArn: "arn:aws:iam::1:role/a",
				trustPolicy,
			};
			if (sound(() => awsPreset({ ...options, claims: "all" }))) taken += 1;
			sound(() => awsPreset(options));
		}),
		{ numRuns: 1500 },
	);
	expect(taken).toBeGreaterThan(20);
});

test("a GCP mapping and condition", async () => {
	const token = fc.constantFrom(
		...[
			"assertion",
			".",
			"sub",
			"ref",
			"==",
			"!=",
			"in",
			"&&",
			"||",
			"!",
			"(",
			")",
			"[",
			"]",
			",",
		],
		...[
			"'x'",
			'"y"',
			"1",
			"-2.5",
			"true",
			"startsWith",
			"matches",
			"has",
			"?",
			":",
			"+",
			"{",
			"}",
			"google.subject",
			"assertion.sub",
		],
		...["attribute.a", "r'\\'", "'", "\\", "//", "\n", "€", "assertion['ref']"],
	);
	const condition = fc
		.array(token, { maxLength: 12 })
		.map((tokens) => tokens.join(" "));
	const provider =
		"projects/1/locations/global/workloadIdentityPools/a/providers/b";
	const mapping = fc.oneof(
		fc.constant("google.subject=assertion.sub,attribute.a=assertion.ref"),
		fc.string(),
		fc.dictionary(word, word),
	);
	let taken = 0;
	await fc.assert(
		fc.asyncProperty(
			mapping,
			fc.oneof(condition, fc.string()),
			async (mapping, condition) => {
				const options = { url: URL, provider, mapping, condition };
				if (await gcpPreset(options).then(isSound, isRefusal)) taken += 1;
			},
		),
		{ numRuns: 600 },
	);
	expect(taken).toBeGreaterThan(5);
});

test("an Azure federated credential", () => {
	const piece = fc.constantFrom(
		...["claims['sub']", " ", "eq", "matches", "'x*'", "''", "and", "(", "ref"],
	);
	const value = fc
		.array(piece, { maxLength: 8 })
		.map((pieces) => pieces.join(" "));
	const credential = fc.record(
		{
			issuer: mostly(fc.constant("https://g.example")),
			subject: fc.oneof(fc.constant(null), fc.string(), bound),
			audiences: mostly(fc.constant(["a"])),
			claimsMatchingExpression: fc.oneof(fc.record({ value }), bound),
		},
		{ requiredKeys: ["issuer", "audiences"] },
	);
	const plain = fc.record({
		issuer: fc.constant("https://g.example"),
		audiences: fc.tuple(fc.string()),
		subject: fc.string(),
	});
	let taken = 0;
	fc.assert(
		fc.property(
			fc.oneof(plain, credential, fc.array(credential), fc.jsonValue()),
			(credential) => {
				const ids = { tenant: "t", clientId: "c" };
				if (sound(() => azurePreset({ url: URL, ...ids, credential })))
					taken += 1;
			},
		),
		{ numRuns: 600 },
	);
	expect(taken).toBeGreaterThan(20);
});

test("a Kubernetes authentication configuration", async () => {
	const expression = fc.oneof(
		fc.constantFrom("claims.ref == 'x'", "true", "user.username != ''"),
		fc.constantFrom("claims.?a.orValue('') == ''", "claims[", "claims.ref"),
		scalar,
	);
	const rule = fc.oneof(
		fc.constant({ claim: "ref", requiredValue: "x" }),
		fc.constant({ expression: "claims.?a.orValue('') == claims.ref" }),
		fc.record(
			{ claim: word, requiredValue: scalar, expression },
			{ requiredKeys: [] },
		),
	);
	const mapping = mostly(
		fc.oneof(
			fc.record({ claim: fc.constant("sub"), prefix: fc.constant("") }),
			fc.record({ expression: fc.constant("claims.ref") }),
			fc.record({ claim: word, prefix: scalar }),
			fc.record({ expression }),
		),
	);
	const authenticator = fc.record(
		{
			issuer: mostly(
				fc.constant({ url: "https://g.example", audiences: ["a"] }),
			),
			claimMappings: fc.record(
				{ username: mapping, groups: mapping, uid: mapping },
				{ requiredKeys: ["username"] },
			),
			claimValidationRules: fc.array(rule, { maxLength: 1 }),
			userValidationRules: fc.array(fc.record({ expression }), {
				maxLength: 1,
			}),
		},
		{ requiredKeys: ["issuer", "claimMappings"] },
	);
	const plain = fc.record({
		issuer: fc.record({
			url: fc.constant("https://g.example"),
			audiences: fc.tuple(fc.string({ minLength: 1 })),
		}),
		claimMappings: fc.constant({
			username: { claim: "sub", prefix: "" },
		}),
		claimValidationRules: fc.array(
			fc.record({ claim: word, requiredValue: fc.string({ minLength: 1 }) }),
			{ maxLength: 2 },
		),
	});
	let taken = 0;
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(
				plain.map((one) => ({ jwt: [one] })),
				authenticator.map((one) => ({ jwt: [one] })),
				fc.jsonValue(),
			),
			async (configuration) => {
				const preset = kubernetesPreset({ url: URL, configuration });
				if (await preset.then(isSound, isRefusal)) taken += 1;
			},
		),
		{ numRuns: 400 },
	);
	expect(taken).toBeGreaterThan(20);
});

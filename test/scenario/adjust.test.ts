// A scenario adjusted for one request: settings as text or YAML, and blocks laid over it.
import { describe, expect, test } from "vitest";
import { adjust } from "../../src/scenario/adjust.js";
import { refusal } from "../refusal.js";
import { scenarioOf } from "./scenario.js";

const set = (text: string, ...settings: string[]) =>
	adjust(scenarioOf(text), undefined, settings);

describe("a setting", () => {
	test.for<[string, object]>([
		["ref=main", { job: { ref: "main" } }],
		["ref=1.0", { job: { ref: "1.0" } }],
		["ref=null", { job: { ref: "null" } }],
		["ref=", { job: { ref: "" } }],
		["ref=a=b", { job: { ref: "a=b" } }],
		["ref={a", { job: { ref: "{a" } }],
		["ref=feature: x", { job: { ref: "feature: x" } }],
		['ref="quoted"', { job: { ref: "quoted" } }],
		["ref={append: -rc1}", { job: { ref: { append: "-rc1" } } }],
		["ref_protected=true", { job: { ref_protected: true } }],
		["job.ref_protected=false", { job: { ref_protected: false } }],
		["timeout=60", { job: { timeout: 60 } }],
		["environment=null", { job: { environment: null } }],
		["environment.name=x/1", { job: { environment: { name: "x/1" } } }],
		[
			"user.groups_direct=[a, b]",
			{ job: { user: { groups_direct: ["a", "b"] } } },
		],
		["token.claims.exp=now-1h", { token: { claims: { exp: "now-1h" } } }],
		["token.claims.exp=7", { token: { claims: { exp: 7 } } }],
		["token.claims.exp='7'", { token: { claims: { exp: "7" } } }],
		["token.claims.aud=[a]", { token: { claims: { aud: ["a"] } } }],
		["token.claims.x=null", { token: { claims: { x: null } } }],
		[
			"token.claims.x={remove: true}",
			{ token: { claims: { x: { remove: true } } } },
		],
		[
			"token.claims.https://x.example/a.b=1",
			{ token: { claims: { "https://x.example/a.b": 1 } } },
		],
		["token.claims.x=[&a 1, *a]", { token: { claims: { x: "[&a 1, *a]" } } }],
		["token.header.alg=none", { token: { header: { alg: "none" } } }],
		["token.header.a.b=c", { token: { header: { "a.b": "c" } } }],
		["token.sign=none", { token: { sign: "none" } }],
		["token.issued=now-2h", { token: { issued: "now-2h" } }],
		[
			"instance.gitlab_version=17.10",
			{ instance: { gitlab_version: "17.10" } },
		],
		["instance.plan=free", { instance: { plan: "free" } }],
	])("%s", ([setting, blocks]) => {
		const scenario = scenarioOf();
		expect(set("", setting)).toEqual({ ...scenario, ...blocks });
		expect(scenario).toEqual(scenarioOf());
	});

	test("goes over those before it, and over the file", () => {
		const adjusted = set(
			"job: { ref: v1, ref_type: tag }\n",
			"ref=v2",
			"ref=v3",
			"sha={append: x}",
		);
		expect(adjusted.job).toEqual({
			ref: "v3",
			ref_type: "tag",
			sha: { append: "x" },
		});
	});
});

describe("a setting is refused", () => {
	const VALUE = "set: expected KEY=VALUE, such as ref=main, not";
	test.for<[string, string]>([
		["ref", `${VALUE} "ref"`],
		["", `${VALUE} ""`],
		["=x", `${VALUE} "=x"`],
		["x".repeat(99), `${VALUE} "${"x".repeat(80)}"`],
		["reff=x", "job.reff: unknown key"],
		["user.name=x", "job.user.name: unknown key"],
		["title=x", "job.title: unknown key"],
		["token.exp=1", "token.exp: unknown key"],
		[
			"ref_protected=maybe",
			"job.ref_protected: Invalid input: expected boolean, received string",
		],
		["timeout=0", "job.timeout: Too small: expected number to be >=1"],
		[
			"token.sign.key=mine",
			'token.sign.key: Invalid option: expected one of "ci"|"sign-in"|"unpublished"|"retired"|"second"|"ec-p256"|"ed25519"|"rsa-512"|"rsa-1024"|"encryption"|"rsa-for-ps256"|"rsa-not-to-verify"|"exponent-1"|"exponent-3"',
		],
		["token=x", "token: Invalid input: expected object, received string"],
		[
			"token.claims=x",
			"token.claims: Invalid input: expected record, received string",
		],
		["__proto__.x=1", '"__proto__" cannot be set'],
		["job.__proto__=1", '"__proto__" cannot be set'],
		["constructor.prototype.x=1", '"constructor" cannot be set'],
		["user.prototype=1", '"prototype" cannot be set'],
		["token.claims.__proto__=1", '"__proto__" cannot be set'],
		["token.claims.constructor=1", '"constructor" cannot be set'],
	])("%s", ([setting, message]) => {
		expect(refusal(() => set("", setting))).toEqual({
			code: "invalid_request",
			message,
		});
		expect(Object.prototype).not.toHaveProperty("x");
	});
});

describe("blocks", () => {
	const FILE = `job:
  ref: { append: -x }
  user: { login: jo }
  project: { path: { append: -x } }
token:
  claims: { a: { append: x }, b: 1 }
  header: { x: 1 }
  sign: { key: unpublished }
instance: { plan: free }
`;
	const { job, token, instance } = scenarioOf(FILE);

	test.for<[string, object, object]>([
		["nothing", {}, {}],
		[
			"merge deep",
			{ job: { user: { email: "e" } }, token: { header: { y: 2 } } },
			{
				job: { ...job, user: { login: "jo", email: "e" } },
				token: { ...token, header: { x: 1, y: 2 } },
			},
		],
		[
			"replace a claim as a whole",
			{ token: { claims: { a: { value: { c: 1 } } } } },
			{ token: { ...token, claims: { a: { value: { c: 1 } }, b: 1 } } },
		],
		[
			"replace an edit by another",
			{ job: { ref: { prepend: "y" }, project: { path: { prepend: "y" } } } },
			{
				job: {
					...job,
					ref: { prepend: "y" },
					project: { path: { prepend: "y" } },
				},
			},
		],
		[
			"replace an edit by a text",
			{ job: { ref: "main" } },
			{ job: { ...job, ref: "main" } },
		],
		[
			"replace the signature by another kind",
			{ token: { sign: { hmac: "public-key-pem" } } },
			{ token: { ...token, sign: { hmac: "public-key-pem" } } },
		],
		["set null", { job: { user: null } }, { job: { ...job, user: null } }],
		[
			"keep the rest",
			{ instance: { gitlab_version: "18.4" } },
			{ job, token, instance: { ...instance, gitlab_version: "18.4" } },
		],
	])("%s", ([, blocks, changed]) => {
		const scenario = scenarioOf(FILE);
		expect(adjust(scenario, blocks, [])).toEqual({ ...scenario, ...changed });
	});

	test("come before the settings", () => {
		const adjusted = adjust(scenarioOf(), { job: { ref: "a", timeout: 9 } }, [
			"ref=b",
		]);
		expect(adjusted.job).toEqual({ ref: "b", timeout: 9 });
	});

	const nested = (open: string, close: string) =>
		JSON.parse(`${open.repeat(20_000)}1${close.repeat(20_000)}`);
	test.for<[string, unknown, string]>([
		["an unknown block", { tokn: {} }, "tokn: unknown key"],
		["another part of a scenario", { expect: "accept" }, "expect: unknown key"],
		[
			"several faults",
			{ job: { reff: 1, ref: 7 } },
			"job.ref: Invalid input: expected string, received number",
		],
		["several faults", { job: { reff: 1, ref: 7 } }, "job.reff: unknown key"],
		[
			"__proto__",
			JSON.parse('{"job":{"__proto__":{"x":1}}}'),
			'"__proto__" cannot be set',
		],
		[
			"__proto__ deep in a value",
			{ token: { claims: { a: { value: JSON.parse('{"__proto__":1}') } } } },
			'"__proto__" cannot be set',
		],
		[
			"a list nested too deeply",
			{ token: { claims: { a: nested("[", "]") } } },
			"a value is nested too deeply",
		],
		[
			"a mapping nested too deeply",
			{ token: { claims: { a: { value: nested('{"a":', "}") } } } },
			"a value is nested too deeply",
		],
	])("are refused with %s", ([, blocks, message]) => {
		expect(refusal(() => adjust(scenarioOf(), blocks, []))).toEqual({
			code: "invalid_request",
			message: expect.stringContaining(message),
		});
	});
});
